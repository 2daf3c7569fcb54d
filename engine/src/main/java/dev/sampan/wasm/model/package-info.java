/**
 * Structure: types, the table of instructions, and modules as data.
 *
 * <p>Entry types: {@link dev.sampan.wasm.model.Opcode}, {@link
 * dev.sampan.wasm.model.ModuleDefinition}, {@link dev.sampan.wasm.model.TypeSpace}. This package
 * does not know bytes, text, validation or execution. It is exported for tools and may change
 * between versions.
 */
@NullMarked
package dev.sampan.wasm.model;

import org.jspecify.annotations.NullMarked;
