package dev.sampan.wasm;

import dev.sampan.wasm.model.ExternType;

/**
 * Something that a module exports.
 *
 * @param name the name
 * @param type what it is; types in it are closed
 */
public record ExportType(String name, ExternType type) {}
