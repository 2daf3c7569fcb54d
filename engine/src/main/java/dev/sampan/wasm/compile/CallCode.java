package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;

/** Writes calls and what becomes of their results (Execution › Control Instructions). */
final class CallCode {

  static final Member RESULTS = new Member(FunctionShape.INSTANCE_CLASS, "results", "[J");
  static final Member RESULT_REFERENCES =
      new Member(FunctionShape.INSTANCE_CLASS, "resultReferences", "[" + FunctionShape.OBJECT);
  static final Member TAKE_REFERENCE =
      Member.of(
          CompiledInstance.class,
          "takeReference",
          "(I" + FunctionShape.INSTANCE + ")" + FunctionShape.OBJECT);
  private static final Member TABLE_INDEX = Member.of(CallSupport.class, "tableIndex", "(J)I");

  /** More results than this are taken all at once where they can be. */
  private static final int MANY_RESULTS = 8;

  private final Emission e;

  CallCode(Emission emission) {
    this.e = emission;
  }

  /** A call by index, through a table or through a reference. */
  void call(int i, Opcode opcode) {
    int type = typeOf(i);
    FunctionShape shape = e.shape.ofType(type);
    Member target = target(i, opcode, type);
    int operands = shape.parameters.length + (opcode == Opcode.CALL ? 0 : 1);
    if (shape.wide) {
      callWide(i, opcode, shape, target);
      return;
    }
    e.operands.arguments(operands);
    if (opcode == Opcode.CALL_INDIRECT && isWideTable(e.body.second[i])) {
      e.code.invokeStatic(TABLE_INDEX);
    }
    e.mark(i);
    e.helper(target);
    results(shape);
  }

  /** Local variables of a part that hold arrays for a moment. */
  private static final int NUMBERS = 6;

  private static final int REFERENCES = 7;

  /** A call with arguments in arrays: those of the frame have them already side by side. */
  private void callWide(int i, Opcode opcode, FunctionShape shape, Member target) {
    FrameVariables frame = (FrameVariables) e.variables;
    int count = shape.parameters.length;
    int selector = opcode == Opcode.CALL ? 0 : 1;
    e.operands.settleTop(count + selector);
    int first = e.operands.height() - count - selector;
    int home = e.operands.home(first);
    int resultSlots = FunctionShape.slots(shape.results);
    int slots = Math.max(FunctionShape.slots(shape.parameters), resultSlots);
    e.mark(i);
    frame.slice(home, slots, NUMBERS, REFERENCES);
    e.code.local(Jvm.ALOAD, NUMBERS);
    e.code.local(Jvm.ALOAD, REFERENCES);
    if (selector > 0) {
      e.operands.copy(first + count);
      if (opcode == Opcode.CALL_INDIRECT && isWideTable(e.body.second[i])) {
        e.code.invokeStatic(TABLE_INDEX);
      }
    }
    e.helper(target);
    e.operands.pop(count + selector);
    frame.insert(home, resultSlots, NUMBERS, REFERENCES);
    for (int type : shape.results) {
      e.operands.pushAtHome(type);
    }
  }

  private boolean isWideTable(int table) {
    return e.shape.definition().allTables().get(table).address() == AddressType.I64;
  }

  /** The type of what is called. */
  int typeOf(int i) {
    return switch (e.body.opcode(i)) {
      case CALL, RETURN_CALL -> e.shape.definition().functionType(e.body.first[i]);
      default -> e.body.first[i];
    };
  }

  private Member target(int i, Opcode opcode, int type) {
    return switch (opcode) {
      case CALL -> e.shape.member(e.body.first[i]);
      case CALL_INDIRECT -> Dispatch.throughTable(e.shape, type, e.body.second[i]);
      default -> Dispatch.throughReference(e.shape, type);
    };
  }

  /** Takes the results of a call: the first slot is on the stack, the others wait. */
  private void results(FunctionShape shape) {
    if (shape.results.length > MANY_RESULTS && e.variables instanceof FrameVariables frame) {
      int home = e.operands.home(e.operands.height());
      int kind = FunctionShape.kind(shape.results[0]);
      if (kind == TypeCode.V128) {
        frame.storeHalf(home, 0);
      } else {
        frame.store(kind, home);
      }
      frame.take(home, FunctionShape.slots(shape.results), e);
      for (int type : shape.results) {
        e.operands.pushAtHome(type);
      }
      return;
    }
    int slot = 0;
    for (int type : shape.results) {
      int kind = FunctionShape.kind(type);
      if (kind == TypeCode.V128) {
        int home = e.operands.home(e.operands.height());
        if (slot > 0) {
          waiting(slot, TypeCode.I64);
        }
        e.variables.storeHalf(home, 0);
        waiting(slot + 1, TypeCode.I64);
        e.variables.storeHalf(home, 1);
      } else if (slot > 0) {
        waiting(slot, kind);
      }
      e.operands.push(type);
      slot += TypeCode.slots(type);
    }
  }

  private void waiting(int slot, int kind) {
    if (kind == TypeCode.REF) {
      e.code.pushInt(slot);
      e.helper(TAKE_REFERENCE);
      return;
    }
    e.instance();
    e.code.getField(RESULTS);
    e.code.pushInt(slot);
    e.code.op(Jvm.LALOAD);
    NumberBits.fromBits(e.code, kind);
  }

  /** Returns the values on top, which are the function's results. */
  void returnResults(FunctionShape shape) {
    int count = shape.results.length;
    if (count == 0) {
      e.code.op(Jvm.RETURN);
      return;
    }
    if (count == 1 && shape.results[0] != TypeCode.V128) {
      e.operands.load(1);
      e.code.op(shape.returnOpcode());
      return;
    }
    e.operands.settleTop(count);
    int first = e.operands.height() - count;
    int slot = 0;
    for (int k = 0; k < count; k++) {
      int kind = e.operands.kind(first + k);
      if (kind == TypeCode.V128) {
        if (slot > 0) {
          leaveHalf(slot, first + k, 0);
        }
        leaveHalf(slot + 1, first + k, 1);
      } else if (slot > 0) {
        leave(slot, first + k, kind);
      }
      slot += TypeCode.slots(kind);
    }
    if (e.operands.kind(first) == TypeCode.V128) {
      e.operands.half(first, 0);
    } else {
      e.operands.copy(first);
    }
    e.code.op(shape.returnOpcode());
  }

  private void leave(int slot, int index, int kind) {
    e.instance();
    e.code.getField(kind == TypeCode.REF ? RESULT_REFERENCES : RESULTS);
    e.code.pushInt(slot);
    e.operands.copy(index);
    if (kind == TypeCode.REF) {
      e.code.op(Jvm.AASTORE);
    } else {
      NumberBits.toBits(e.code, kind);
      e.code.op(Jvm.LASTORE);
    }
  }

  private void leaveHalf(int slot, int index, int half) {
    e.instance();
    e.code.getField(RESULTS);
    e.code.pushInt(slot);
    e.operands.half(index, half);
    e.code.op(Jvm.LASTORE);
  }
}
