package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/**
 * The locals of a function and the operands below a loop, as both versions of the loop pass them to
 * each other in arrays: a slot or two for each, as the runtime counts them.
 *
 * @param locals the kinds of the locals
 * @param operands the kinds of the operands
 */
record VectorState(int[] locals, int[] operands) {

  /** The state at the place where code is being written. */
  static VectorState of(Emission e) {
    int[] locals = new int[e.body.locals.length];
    for (int k = 0; k < locals.length; k++) {
      locals[k] = FunctionShape.kind(e.body.locals[k]);
    }
    int[] operands = new int[e.operands.height()];
    for (int k = 0; k < operands.length; k++) {
      operands[k] = e.operands.kind(k);
    }
    return new VectorState(locals, operands);
  }

  private int count() {
    return locals.length + operands.length;
  }

  private int kind(int index) {
    return index < locals.length ? locals[index] : operands[index - locals.length];
  }

  int size() {
    int size = 0;
    for (int i = 0; i < count(); i++) {
      size += TypeCode.slots(kind(i));
    }
    return size;
  }

  boolean hasReferences() {
    for (int i = 0; i < count(); i++) {
      if (kind(i) == TypeCode.REF) {
        return true;
      }
    }
    return false;
  }

  // ---- into the arrays ----

  /** Pushes a new array with all numbers, and a slot more for the place where the state holds. */
  void pushNumbers(Emission e) {
    e.code.pushInt(size() + 1);
    e.code.invokeStatic(Frames.NEW_NUMBERS);
    putNumbers(e);
  }

  /** Puts the place where the state holds into the array on the stack, which stays there. */
  void putPlace(Emission e, int loop) {
    e.code.op(Jvm.DUP);
    e.code.pushInt(size());
    e.code.pushLong(loop);
    e.code.op(Jvm.LASTORE);
  }

  /** Puts all numbers into the array on the stack, which stays there. */
  void putNumbers(Emission e) {
    int slot = 0;
    for (int i = 0; i < count(); i++) {
      int kind = kind(i);
      if (kind != TypeCode.REF) {
        for (int half = 0; half < TypeCode.slots(kind); half++) {
          e.code.op(Jvm.DUP);
          e.code.pushInt(slot + half);
          get(e, i, half);
          NumberBits.toBits(e.code, kind);
          e.code.op(Jvm.LASTORE);
        }
      }
      slot += TypeCode.slots(kind);
    }
  }

  void pushReferences(Emission e) {
    e.code.pushInt(size());
    e.code.invokeStatic(Frames.NEW_REFERENCES);
    putReferences(e);
  }

  /** Puts all references into the array on the stack, which stays there. */
  void putReferences(Emission e) {
    int slot = 0;
    for (int i = 0; i < count(); i++) {
      if (kind(i) == TypeCode.REF) {
        e.code.op(Jvm.DUP);
        e.code.pushInt(slot);
        get(e, i, 0);
        e.code.op(Jvm.AASTORE);
      }
      slot += TypeCode.slots(kind(i));
    }
  }

  /** Pushes a value, or a half of it. */
  private void get(Emission e, int index, int half) {
    int operand = index - locals.length;
    boolean vector = kind(index) == TypeCode.V128;
    if (operand < 0) {
      if (vector) {
        e.variables.getHalf(index, half);
      } else {
        e.variables.get(index);
      }
    } else if (vector) {
      e.operands.half(operand, half);
    } else {
      e.operands.copy(operand);
    }
  }

  // ---- out of the arrays ----

  /** Takes all numbers out of the array on the stack, which goes. */
  void takeNumbers(Emission e) {
    int slot = 0;
    int home = 0;
    for (int i = 0; i < count(); i++) {
      int kind = kind(i);
      if (kind != TypeCode.REF) {
        for (int half = 0; half < TypeCode.slots(kind); half++) {
          e.code.op(Jvm.DUP);
          e.code.pushInt(slot + half);
          e.code.op(Jvm.LALOAD);
          NumberBits.fromBits(e.code, kind);
          set(e, i, half, home);
        }
      }
      slot += TypeCode.slots(kind);
      home += i < locals.length ? 0 : e.variables.width(kind);
    }
    e.code.op(Jvm.POP);
  }

  void takeReferences(Emission e) {
    int slot = 0;
    int home = 0;
    for (int i = 0; i < count(); i++) {
      int kind = kind(i);
      if (kind == TypeCode.REF) {
        e.code.op(Jvm.DUP);
        e.code.pushInt(slot);
        e.code.op(Jvm.AALOAD);
        set(e, i, 0, home);
      }
      slot += TypeCode.slots(kind);
      home += i < locals.length ? 0 : e.variables.width(kind);
    }
    e.code.op(Jvm.POP);
  }

  private void set(Emission e, int index, int half, int home) {
    boolean vector = kind(index) == TypeCode.V128;
    if (index < locals.length) {
      if (vector) {
        e.variables.setHalf(index, half);
      } else {
        e.variables.set(index);
      }
    } else if (vector) {
      e.variables.storeHalf(home, half);
    } else {
      e.variables.store(kind(index), home);
    }
  }
}
