package dev.sampan.wasm.model;

/**
 * A function's code as bytes: the vector of local declarations, then the expression.
 *
 * @param bytes the array that holds them, for a loaded module the whole module; not to be changed
 * @param start the first byte's index
 * @param end the index behind the last byte
 */
public record FunctionBody(byte[] bytes, int start, int end) {}
