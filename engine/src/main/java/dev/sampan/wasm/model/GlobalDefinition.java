package dev.sampan.wasm.model;

/**
 * A global variable that a module makes.
 *
 * @param type its type
 * @param init its first value
 */
public record GlobalDefinition(GlobalType type, Expr init) {}
