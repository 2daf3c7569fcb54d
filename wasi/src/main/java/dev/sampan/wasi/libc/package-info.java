/**
 * The C library that guests without WASI find in their host: the functions of module {@code env}
 * that the WebAssembly Micro Runtime has built in. {@link dev.sampan.wasi.libc.LibraryFunction}
 * lists them all with their checks, {@link dev.sampan.wasi.libc.Library} sends each to its chapter,
 * and the chapters are one class each: printing, memory, strings, numbers, characters, allocation.
 *
 * <p>A bad address is a trap here, as it is for the guest's own instructions. Whatever a guest
 * passes ends in a result, a {@link dev.sampan.wasm.Trap} or an {@link
 * dev.sampan.wasm.ExhaustedException}; ranges of any length are worked through in pieces, between
 * which the thread can be interrupted.
 *
 * <p>Knows nothing of WASI: no descriptors, no files, no errno. Of the package {@code capability}
 * it uses the standard output alone. A guest reaches that and one clock.
 */
@NullMarked
package dev.sampan.wasi.libc;

import org.jspecify.annotations.NullMarked;
