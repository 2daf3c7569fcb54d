package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/**
 * Locals and homes as local variables of one method, with vectors as objects of the JDK's vector
 * class for bytes.
 *
 * <p>Halves are taken out of the objects. They can only be stored in pairs, one directly after the
 * other, whichever comes first.
 */
final class ObjectVariables extends MethodVariables {

  /** How many local variables are needed to put a vector together. */
  static final int SPARE_SLOTS = 4;

  private static final int NONE = -1;

  private final int spare;

  /** The half that waits in a spare local variable, or {@link #NONE}. */
  private int waiting = NONE;

  /**
   * The variables of a method.
   *
   * @param kinds the kinds of the locals
   * @param slots the local variable of each
   * @param homes the local variable of the first home
   * @param spare the first of the local variables to put vectors together with
   */
  ObjectVariables(Code code, int[] kinds, int[] slots, int homes, int spare) {
    super(code, kinds, slots, homes);
    this.spare = spare;
  }

  @Override
  public int width(int kind) {
    return slots(kind);
  }

  /** How many local variables a value takes. */
  static int slots(int kind) {
    return kind == TypeCode.V128 ? 1 : FunctionShape.javaSlots(kind);
  }

  // ---- whole vectors ----

  @Override
  public void getVector(int local) {
    code.local(Jvm.ALOAD, slots[local]);
  }

  @Override
  public void setVector(int local) {
    code.local(Jvm.ASTORE, slots[local]);
  }

  @Override
  public void loadVector(int home) {
    code.local(Jvm.ALOAD, homes + home);
  }

  @Override
  public void storeVector(int home) {
    code.local(Jvm.ASTORE, homes + home);
  }

  @Override
  public void storeBothHalves(int home, Code sameCode) {
    code.local(Jvm.LSTORE, spare);
    VectorApi.broadcast(code, spare);
    storeVector(home);
  }

  // ---- halves ----

  @Override
  public void getHalf(int local, int half) {
    getVector(local);
    VectorApi.half(code, half);
  }

  @Override
  public void loadHalf(int home, int half) {
    loadVector(home);
    VectorApi.half(code, half);
  }

  @Override
  public void setHalf(int local, int half) {
    if (completes(half)) {
      setVector(local);
    }
  }

  @Override
  public void storeHalf(int home, int half) {
    if (completes(half)) {
      storeVector(home);
    }
  }

  /** Pops a half; if it is the second one, pushes the vector. */
  private boolean completes(int half) {
    code.local(Jvm.LSTORE, spare + 2 * half);
    if (waiting == NONE) {
      waiting = half;
      return false;
    }
    if (waiting == half) {
      throw new AssertionError("half " + half + " of a vector is stored twice; please report");
    }
    waiting = NONE;
    VectorApi.join(code, spare, spare + 2);
    return true;
  }
}
