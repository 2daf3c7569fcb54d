package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.GlobalInstance;

/** Writes accesses to globals (Execution › Variable Instructions). */
final class GlobalCode {

  private static final String GLOBAL_CLASS = Member.internalName(GlobalInstance.class);
  private static final String GLOBAL = "L" + GLOBAL_CLASS + ";";
  private static final Member GLOBALS =
      new Member(FunctionShape.INSTANCE_CLASS, "globals", "[" + GLOBAL);
  private static final Member[] FIRST = {
    new Member(FunctionShape.INSTANCE_CLASS, "global0", GLOBAL),
    new Member(FunctionShape.INSTANCE_CLASS, "global1", GLOBAL),
  };
  private static final Member LOW = new Member(GLOBAL_CLASS, "low", "J");
  private static final Member HIGH = new Member(GLOBAL_CLASS, "high", "J");
  private static final Member REFERENCE =
      new Member(GLOBAL_CLASS, "reference", FunctionShape.OBJECT);

  private GlobalCode() {}

  private static void global(Emission e, int index) {
    e.instance();
    if (index < FIRST.length) {
      e.code.getField(FIRST[index]);
    } else {
      e.code.getField(GLOBALS);
      e.code.pushInt(index);
      e.code.op(Jvm.AALOAD);
    }
  }

  static void get(Emission e, int index) {
    int kind = e.shape.globalKind(index);
    if (kind == TypeCode.V128) {
      int home = e.operands.home(e.operands.height());
      global(e, index);
      e.code.getField(LOW);
      e.variables.storeHalf(home, 0);
      global(e, index);
      e.code.getField(HIGH);
      e.variables.storeHalf(home, 1);
    } else {
      global(e, index);
      e.code.getField(kind == TypeCode.REF ? REFERENCE : LOW);
      NumberBits.fromBits(e.code, kind);
    }
    e.operands.push(kind);
  }

  static void set(Emission e, int index) {
    int kind = e.shape.globalKind(index);
    int top = e.operands.height() - 1;
    switch (kind) {
      case TypeCode.V128 -> {
        global(e, index);
        e.operands.half(top, 0);
        e.code.putField(LOW);
        global(e, index);
        e.operands.half(top, 1);
        e.code.putField(HIGH);
      }
      case TypeCode.REF -> {
        e.operands.load(1);
        global(e, index);
        e.code.invokeStatic(SET_REFERENCE);
      }
      default -> {
        e.operands.load(1);
        NumberBits.toBits(e.code, kind);
        global(e, index);
        e.code.invokeStatic(SET);
      }
    }
    e.operands.pop();
  }

  private static final Member SET = Member.of(CallSupport.class, "set", "(J" + GLOBAL + ")V");
  private static final Member SET_REFERENCE =
      Member.of(CallSupport.class, "set", "(" + FunctionShape.OBJECT + GLOBAL + ")V");
}
