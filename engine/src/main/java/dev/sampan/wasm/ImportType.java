package dev.sampan.wasm;

import dev.sampan.wasm.model.ExternType;

/**
 * Something that a module imports.
 *
 * @param module the first name
 * @param name the second name
 * @param type what is needed; types in it are closed
 */
public record ImportType(String module, String name, ExternType type) {}
