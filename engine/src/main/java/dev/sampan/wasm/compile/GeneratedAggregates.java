package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.runtime.Aggregates;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.StructObject;

/** Makes objects of generated classes. */
enum GeneratedAggregates implements Aggregates {
  INSTANCE;

  @Override
  public StructObject struct(DefType type) {
    return ((StructObject) GeneratedType.of(type).prototype()).blank();
  }

  @Override
  public ArrayObject array(DefType type, int length) {
    return ((ArrayObject) GeneratedType.of(type).prototype()).blank(length);
  }
}
