package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/** Locals and homes as local variables of one method: the usual case. */
final class JavaVariables implements Variables {

  private final Code code;
  private final int[] kinds;
  private final int[] slots;
  private final int homes;

  /**
   * The variables of a method.
   *
   * @param kinds the kinds of the locals
   * @param slots the local variable of each
   * @param homes the local variable of the first home
   */
  JavaVariables(Code code, int[] kinds, int[] slots, int homes) {
    this.code = code;
    this.kinds = kinds;
    this.slots = slots;
    this.homes = homes;
  }

  @Override
  public int width(int kind) {
    return FunctionShape.javaSlots(kind);
  }

  @Override
  public void get(int local) {
    code.local(FunctionShape.loadOpcode(kinds[local]), slots[local]);
  }

  @Override
  public void set(int local) {
    code.local(FunctionShape.storeOpcode(kinds[local]), slots[local]);
  }

  @Override
  public void getHalf(int local, int half) {
    code.local(Jvm.LLOAD, slots[local] + 2 * half);
  }

  @Override
  public void setHalf(int local, int half) {
    code.local(Jvm.LSTORE, slots[local] + 2 * half);
  }

  @Override
  public void load(int kind, int home) {
    code.local(FunctionShape.loadOpcode(kind), homes + home);
  }

  @Override
  public void store(int kind, int home) {
    code.local(FunctionShape.storeOpcode(kind), homes + home);
  }

  @Override
  public void loadHalf(int home, int half) {
    code.local(Jvm.LLOAD, homes + home + 2 * half);
  }

  @Override
  public void storeHalf(int home, int half) {
    code.local(Jvm.LSTORE, homes + home + 2 * half);
  }

  @Override
  public boolean increment(int local, int amount) {
    if (kinds[local] != TypeCode.I32 || amount != (short) amount) {
      return false;
    }
    code.increment(slots[local], amount);
    return true;
  }
}
