package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/** Writes the passage of arguments and results between local variables and arrays of slots. */
final class ArrayPassing {

  private static final Member NEW_LONGS = Member.of(CallSupport.class, "longs", "(I)[J");
  private static final Member NEW_OBJECTS =
      Member.of(CallSupport.class, "objects", "(I)[" + FunctionShape.OBJECT);

  private ArrayPassing() {}

  /** Makes arrays, and puts arguments into them that lie in local variables from one on. */
  static void pack(
      Code code, FunctionShape shape, int firstArgument, int slots, int numbers, int references) {
    code.pushInt(slots);
    code.invokeStatic(NEW_LONGS);
    code.local(Jvm.ASTORE, numbers);
    code.pushInt(slots);
    code.invokeStatic(NEW_OBJECTS);
    code.local(Jvm.ASTORE, references);
    fill(code, shape, firstArgument, numbers, references);
  }

  /** Puts arguments into arrays that lie in local variables from one on. */
  static void fill(Code code, FunctionShape shape, int firstArgument, int numbers, int references) {
    int from = firstArgument;
    int slot = 0;
    for (int type : shape.parameters) {
      int kind = FunctionShape.kind(type);
      for (int half = 0; half < TypeCode.slots(kind); half++) {
        code.local(Jvm.ALOAD, kind == TypeCode.REF ? references : numbers);
        code.pushInt(slot + half);
        code.local(FunctionShape.loadOpcode(kind), from + 2 * half);
        store(code, kind);
      }
      from += FunctionShape.javaSlots(kind);
      slot += TypeCode.slots(kind);
    }
  }

  private static void store(Code code, int kind) {
    if (kind == TypeCode.REF) {
      code.op(Jvm.AASTORE);
    } else {
      NumberBits.toBits(code, kind);
      code.op(Jvm.LASTORE);
    }
  }

  /** Pushes arguments from arrays, in their order. */
  static void unpack(Code code, FunctionShape shape, int numbers, int references) {
    int slot = 0;
    for (int type : shape.parameters) {
      int kind = FunctionShape.kind(type);
      for (int half = 0; half < TypeCode.slots(kind); half++) {
        load(code, kind, slot + half, numbers, references);
      }
      slot += TypeCode.slots(kind);
    }
  }

  /** Pushes what is in a slot. */
  static void load(Code code, int kind, int slot, int numbers, int references) {
    code.local(Jvm.ALOAD, kind == TypeCode.REF ? references : numbers);
    code.pushInt(slot);
    if (kind == TypeCode.REF) {
      code.op(Jvm.AALOAD);
    } else {
      code.op(Jvm.LALOAD);
      NumberBits.fromBits(code, kind);
    }
  }

  /** Pushes the first slot of the results from arrays, if there is one. */
  static void firstResult(Code code, FunctionShape shape, int numbers, int references) {
    if (shape.results.length > 0) {
      load(code, FunctionShape.kind(shape.results[0]), 0, numbers, references);
    }
  }

  /** Puts the first slot of the results, which is on the stack, into arrays. */
  static void storeFirstResult(
      Code code, FunctionShape shape, int numbers, int references, int spare) {
    if (shape.results.length > 0) {
      int kind = FunctionShape.kind(shape.results[0]);
      code.local(FunctionShape.storeOpcode(kind), spare);
      code.local(Jvm.ALOAD, kind == TypeCode.REF ? references : numbers);
      code.pushInt(0);
      code.local(FunctionShape.loadOpcode(kind), spare);
      store(code, kind);
    }
  }
}
