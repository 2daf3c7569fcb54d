package dev.sampan.wasm.model;

/**
 * An expression as bytes: instructions up to and including the closing {@code end}.
 *
 * @param bytes the array that holds them, for a loaded module the whole module; not to be changed
 * @param start the first byte's index
 * @param end the index behind the last byte
 */
public record Expr(byte[] bytes, int start, int end) {}
