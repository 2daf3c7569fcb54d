/**
 * Text Format: text to {@link dev.sampan.wasm.model.ModuleDefinition} and back.
 *
 * <p>Entry types: {@link dev.sampan.wasm.text.TextReader}, {@link
 * dev.sampan.wasm.text.TextPrinter}. Code is assembled into bytes and printed from bytes, so that
 * there is one form of it. This package does not know whether a module is valid, and nothing of
 * execution.
 */
@NullMarked
package dev.sampan.wasm.text;

import org.jspecify.annotations.NullMarked;
