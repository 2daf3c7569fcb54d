/**
 * The functions of {@code wasi_snapshot_preview1}. {@link dev.sampan.wasi.preview1.Syscall} lists
 * them all, {@link dev.sampan.wasi.preview1.Preview1} sends each to its chapter, and the chapters
 * are one class each: arguments, clocks, descriptors, reading and writing, directories, paths,
 * polling, sockets and their options, threads. What a guest may do outside of itself is decided in
 * {@link dev.sampan.wasi.preview1.Gate} and {@link dev.sampan.wasi.preview1.Network} alone.
 *
 * <p>A method here takes the {@link dev.sampan.wasm.Call} and throws what the guest gets as errno.
 * An address outside of the guest's memory is a trap, and is found out before anything is changed.
 */
@NullMarked
package dev.sampan.wasi.preview1;

import org.jspecify.annotations.NullMarked;
