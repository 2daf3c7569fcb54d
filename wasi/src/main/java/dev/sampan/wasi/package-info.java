/**
 * WASI for guests: {@link dev.sampan.wasi.Wasi} is the configuration and the source of imports.
 * {@link dev.sampan.wasi.Libc} is the same for guests that were built without WASI.
 *
 * <p>A guest gets what was granted and nothing else. The packages below are not exported: {@code
 * capability} holds what a guest can hold, {@code preview1} and {@code libc} the functions that
 * guests call.
 */
@NullMarked
package dev.sampan.wasi;

import org.jspecify.annotations.NullMarked;
