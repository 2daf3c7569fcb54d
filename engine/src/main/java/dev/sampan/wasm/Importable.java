package dev.sampan.wasm;

/**
 * What can stand for an import: a piece of another instance or of the engine, or a Java function.
 */
public sealed interface Importable permits Extern, HostFunction {}
