package dev.sampan.wasm.model;

/**
 * Something a module offers.
 *
 * @param name the name, unique in the module
 * @param kind which index space
 * @param index the index there
 */
public record Export(String name, ExternKind kind, int index) {}
