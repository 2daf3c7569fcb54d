package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import java.util.List;

/** Where the arguments and results of functions of a type lie, worked out once. */
final class CallLayout {

  final FuncType type;
  final ValType[] parameters;
  final ValType[] results;

  /** The slot of each parameter. */
  final int[] parameterSlots;

  /** The number of slots of the results. */
  final int resultSlots;

  private CallLayout(FuncType type) {
    this.type = type;
    this.parameters = type.parameters().toArray(ValType[]::new);
    this.results = type.results().toArray(ValType[]::new);
    this.parameterSlots = slots(type.parameters());
    this.resultSlots = Values.slots(type.results());
  }

  static CallLayout of(FuncType type) {
    return new CallLayout(type);
  }

  private static int[] slots(List<ValType> types) {
    int[] slots = new int[types.size()];
    int next = 0;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = next;
      next += Values.slots(types.get(i));
    }
    return slots;
  }
}
