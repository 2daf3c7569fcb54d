package dev.sampan.wasm.model;

/** What a reference can point to (Structure › Types › Heap Types). */
public sealed interface HeapType permits AbstractHeapType, TypeUse {}
