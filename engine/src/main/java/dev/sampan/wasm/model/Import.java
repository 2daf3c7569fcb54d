package dev.sampan.wasm.model;

/**
 * Something a module needs from outside.
 *
 * @param module the first name
 * @param name the second name
 * @param type what is needed
 */
public record Import(String module, String name, ExternType type) {}
