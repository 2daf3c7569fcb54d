package dev.sampan.wasm.compile;

/** Locals and homes as local variables of one method: the usual case. */
final class JavaVariables extends MethodVariables {

  /**
   * The variables of a method.
   *
   * @param kinds the kinds of the locals
   * @param slots the local variable of each
   * @param homes the local variable of the first home
   */
  JavaVariables(Code code, int[] kinds, int[] slots, int homes) {
    super(code, kinds, slots, homes);
  }

  @Override
  public int width(int kind) {
    return FunctionShape.javaSlots(kind);
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
  public void loadHalf(int home, int half) {
    code.local(Jvm.LLOAD, homes + home + 2 * half);
  }

  @Override
  public void storeHalf(int home, int half) {
    code.local(Jvm.LSTORE, homes + home + 2 * half);
  }
}
