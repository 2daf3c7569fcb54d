/**
 * The {@code sampan} command: parses options, calls the libraries, prints. It has no logic of its
 * own and uses nothing but their public API.
 *
 * <p>Entry type: {@link dev.sampan.cli.Sampan}. Each verb is a class that implements {@link
 * dev.sampan.cli.Verb}. Verbs describe themselves to picocli by its programming interface and not
 * by annotations: reading those by reflection takes longer than the rest of the start.
 */
@NullMarked
package dev.sampan.cli;

import org.jspecify.annotations.NullMarked;
