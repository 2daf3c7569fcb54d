package dev.sampan.wasm.model;

/**
 * A use of a defined type: by index where a module says it, by position where a recursive group
 * means itself, or the definition itself once the type is closed.
 */
public sealed interface TypeUse extends HeapType permits TypeIndex, RecIndex, DefType {}
