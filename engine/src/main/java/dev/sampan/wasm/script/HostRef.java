package dev.sampan.wasm.script;

/**
 * The object that {@code (ref.extern n)} and {@code (ref.host n)} stand for.
 *
 * @param number what tells it from others
 */
public record HostRef(int number) {}
