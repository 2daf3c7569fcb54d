/**
 * The public API: load a module, link it, run it.
 *
 * <p>Three lifetimes, three nouns: {@link dev.sampan.wasm.Engine} for the process, {@link
 * dev.sampan.wasm.WasmModule} for the immutable module that many threads may share, {@link
 * dev.sampan.wasm.Instance} for one running copy with one owner.
 *
 * <p>The interfaces, records and exceptions here lie at the bottom of the engine and know nothing
 * of its packages; only {@code Engine} reaches up and puts the parts together.
 */
@NullMarked
package dev.sampan.wasm;

import org.jspecify.annotations.NullMarked;
