package dev.sampan.wasm.model;

/** The type of what a module imports or exports (Structure › Types › External Types). */
public sealed interface ExternType
    permits ExternFuncType, TableType, MemoryType, GlobalType, TagType {}
