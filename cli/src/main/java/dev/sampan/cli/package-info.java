/**
 * The {@code sampan} command: parses options, calls the libraries, prints. It has no logic of its
 * own and uses nothing but their public API.
 *
 * <p>Entry type: {@link dev.sampan.cli.Sampan}. Each verb is a class that implements {@link
 * dev.sampan.cli.Verb} and tells its {@link dev.sampan.cli.Syntax}; help and completion follow from
 * that.
 */
@NullMarked
package dev.sampan.cli;

import org.jspecify.annotations.NullMarked;
