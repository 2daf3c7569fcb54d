/**
 * What a guest can hold: directories, files, sockets and standard streams, each reached only
 * through an object that was given to it. {@link dev.sampan.wasi.capability.Lookup} is the only way
 * from a path to a file, and never leaves the directory it starts from.
 *
 * <p>Knows nothing of WebAssembly, nor of any version of WASI beyond the numbers in {@link
 * dev.sampan.wasi.capability.Errno} and {@link dev.sampan.wasi.capability.FileType}. There is no
 * ambient access: no current directory, no absolute path.
 */
@NullMarked
package dev.sampan.wasi.capability;

import org.jspecify.annotations.NullMarked;
