package dev.sampan.wasm.model;

/** A function's, structure's or array's type (Structure › Types › Composite Types). */
public sealed interface CompositeType permits FuncType, StructType, ArrayType {}
