/**
 * The container host: apps that are installed, run, limited, upgraded and removed while everything
 * else runs. {@link dev.sampan.apps.AppHost} is the way in.
 *
 * <p>An app has revisions, which never change, and of each the host makes instances. This package
 * knows no HTTP, no format of files and no command line; those who do are {@code http}, {@code
 * store} and the command.
 */
@NullMarked
package dev.sampan.apps;

import org.jspecify.annotations.NullMarked;
