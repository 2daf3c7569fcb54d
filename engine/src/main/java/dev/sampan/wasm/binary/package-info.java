/**
 * Binary Format: bytes to {@link dev.sampan.wasm.model.ModuleDefinition} and back.
 *
 * <p>Entry types: {@link dev.sampan.wasm.binary.ModuleReader}, {@link
 * dev.sampan.wasm.binary.ModuleWriter}. This package does not know whether a module is valid, and
 * nothing of text or execution.
 */
@NullMarked
package dev.sampan.wasm.binary;

import org.jspecify.annotations.NullMarked;
