package dev.sampan.wasm.model;

/** What a field or an array element holds: a value, or an integer packed into fewer bits. */
public sealed interface StorageType permits ValType, PackedType {}
