package dev.sampan.wasm.model;

/** The type of a value (Structure › Types › Value Types). */
public sealed interface ValType extends StorageType permits NumType, VecType, RefType {}
