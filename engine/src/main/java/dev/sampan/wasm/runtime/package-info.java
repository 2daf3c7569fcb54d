/**
 * Runtime structure: what exists while guests run, how modules are linked, and what regular
 * instructions mean.
 *
 * <p>Entry types: {@link dev.sampan.wasm.runtime.LoadedModule}, {@link
 * dev.sampan.wasm.runtime.ModuleInstance}, {@link dev.sampan.wasm.runtime.Executor}, {@link
 * dev.sampan.wasm.runtime.Numerics}. This package does not know how code is run, nor the validator
 * or the text format.
 */
@NullMarked
package dev.sampan.wasm.runtime;

import org.jspecify.annotations.NullMarked;
