package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.DefType;

/** Makes objects of classes that the engine brings along, for tiers that generate none. */
public enum SlotAggregates implements Aggregates {
  INSTANCE;

  @Override
  public StructObject struct(DefType type) {
    return new SlotStruct(SlotStruct.Layout.of(type));
  }

  @Override
  public ArrayObject array(DefType type, int length) {
    return PlainArrays.create(type, length);
  }
}
