package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/**
 * Where a function's locals live, and the homes of operands that have to leave the operand stack of
 * the Java virtual machine: because a label is near, where that stack must be empty, or because
 * they are vectors.
 *
 * <p>A home is a distance from the first one, counted in units of {@link #width}.
 */
interface Variables {

  /** How far the home behind a value of a kind is from the value's own. */
  int width(int kind);

  /** Pushes a local that is no vector. */
  void get(int local);

  /** Pops into a local that is no vector. */
  void set(int local);

  /** Pushes a half of a vector: 0 the low one, 1 the high one. */
  void getHalf(int local, int half);

  /** Pops into a half of a vector. */
  void setHalf(int local, int half);

  /** Pushes a value that is no vector from its home. */
  void load(int kind, int home);

  /** Pops a value that is no vector into its home. */
  void store(int kind, int home);

  /** Pushes a half of a vector from its home. */
  void loadHalf(int home, int half);

  /** Pops into a half of a vector's home. */
  void storeHalf(int home, int half);

  /** Pushes a vector, in the form that these variables have it in. */
  default void getVector(int local) {
    getHalf(local, 0);
    getHalf(local, 1);
  }

  /** Pops into a vector what the methods here push for one. */
  default void setVector(int local) {
    setHalf(local, 1);
    setHalf(local, 0);
  }

  /** Pushes a vector from its home, in the same form. */
  default void loadVector(int home) {
    loadHalf(home, 0);
    loadHalf(home, 1);
  }

  /** Pops a vector in the same form into its home. */
  default void storeVector(int home) {
    storeHalf(home, 1);
    storeHalf(home, 0);
  }

  /** Pops what both halves of a vector are into its home. */
  default void storeBothHalves(int home, Code code) {
    code.op(Jvm.DUP2);
    storeHalf(home, 0);
    storeHalf(home, 1);
  }

  /** Adds a constant to an {@code i32} local, if there is an instruction for it. */
  boolean increment(int local, int amount);

  /** Copies slots between homes, if that is better done for many at once. */
  default boolean moveSlots(int from, int to, int slots) {
    return false;
  }

  /** How the Java virtual machine's verifier sees a kind. */
  static int verificationType(int kind, int objectClass) {
    return switch (kind) {
      case TypeCode.I32 -> VerificationType.INTEGER;
      case TypeCode.I64, TypeCode.V128 -> VerificationType.LONG;
      case TypeCode.F32 -> VerificationType.FLOAT;
      case TypeCode.F64 -> VerificationType.DOUBLE;
      default -> VerificationType.object(objectClass);
    };
  }
}
