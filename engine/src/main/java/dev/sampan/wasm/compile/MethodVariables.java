package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/** Locals and homes as local variables of one method. How vectors are kept is left open. */
abstract class MethodVariables implements Variables {

  final Code code;
  final int[] slots;
  final int homes;
  private final int[] kinds;

  /**
   * The variables of a method.
   *
   * @param kinds the kinds of the locals
   * @param slots the local variable of each
   * @param homes the local variable of the first home
   */
  MethodVariables(Code code, int[] kinds, int[] slots, int homes) {
    this.code = code;
    this.kinds = kinds;
    this.slots = slots;
    this.homes = homes;
  }

  @Override
  public final void get(int local) {
    code.local(FunctionShape.loadOpcode(kinds[local]), slots[local]);
  }

  @Override
  public final void set(int local) {
    code.local(FunctionShape.storeOpcode(kinds[local]), slots[local]);
  }

  @Override
  public final void load(int kind, int home) {
    code.local(FunctionShape.loadOpcode(kind), homes + home);
  }

  @Override
  public final void store(int kind, int home) {
    code.local(FunctionShape.storeOpcode(kind), homes + home);
  }

  @Override
  public final boolean increment(int local, int amount) {
    if (kinds[local] != TypeCode.I32 || amount != (short) amount) {
      return false;
    }
    code.increment(slots[local], amount);
    return true;
  }
}
