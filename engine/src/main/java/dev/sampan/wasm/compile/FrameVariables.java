package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/**
 * Locals and homes in two arrays, which the methods of a divided function hand to each other:
 * numbers in one, references in the other, at the same slots as the runtime counts them.
 */
final class FrameVariables implements Variables {

  static final int NUMBERS = 0;
  static final int REFERENCES = 1;

  private static final Member SET = Member.of(Frames.class, "set", "(J[JI)V");
  private static final Member SET_REFERENCE =
      Member.of(
          Frames.class, "set", "(" + FunctionShape.OBJECT + "[" + FunctionShape.OBJECT + "I)V");

  /** How large the arrays must be; shared by all parts of a function. */
  static final class Extent {
    final int[] kinds;
    final int[] slots;
    final int homes;
    int size;
    boolean references;

    Extent(int[] kinds) {
      this.kinds = kinds;
      this.slots = new int[kinds.length];
      int next = 0;
      for (int k = 0; k < kinds.length; k++) {
        slots[k] = next;
        next += TypeCode.slots(kinds[k]);
        references |= kinds[k] == TypeCode.REF;
      }
      homes = next;
      size = next;
    }
  }

  private final Code code;
  private final Extent extent;

  FrameVariables(Code code, Extent extent) {
    this.code = code;
    this.extent = extent;
  }

  @Override
  public int width(int kind) {
    return TypeCode.slots(kind);
  }

  private void loadSlot(int kind, int slot) {
    extent.size = Math.max(extent.size, slot + 1);
    if (kind == TypeCode.REF) {
      extent.references = true;
      code.local(Jvm.ALOAD, REFERENCES);
      code.pushInt(slot);
      code.op(Jvm.AALOAD);
    } else {
      code.local(Jvm.ALOAD, NUMBERS);
      code.pushInt(slot);
      code.op(Jvm.LALOAD);
      NumberBits.fromBits(code, kind);
    }
  }

  private void storeSlot(int kind, int slot) {
    extent.size = Math.max(extent.size, slot + 1);
    if (kind == TypeCode.REF) {
      extent.references = true;
      code.local(Jvm.ALOAD, REFERENCES);
      code.pushInt(slot);
      code.invokeStatic(SET_REFERENCE);
    } else {
      NumberBits.toBits(code, kind);
      code.local(Jvm.ALOAD, NUMBERS);
      code.pushInt(slot);
      code.invokeStatic(SET);
    }
  }

  @Override
  public void get(int local) {
    loadSlot(extent.kinds[local], extent.slots[local]);
  }

  @Override
  public void set(int local) {
    storeSlot(extent.kinds[local], extent.slots[local]);
  }

  @Override
  public void getHalf(int local, int half) {
    loadSlot(TypeCode.I64, extent.slots[local] + half);
  }

  @Override
  public void setHalf(int local, int half) {
    storeSlot(TypeCode.I64, extent.slots[local] + half);
  }

  @Override
  public void load(int kind, int home) {
    loadSlot(kind, extent.homes + home);
  }

  @Override
  public void store(int kind, int home) {
    storeSlot(kind, extent.homes + home);
  }

  @Override
  public void loadHalf(int home, int half) {
    loadSlot(TypeCode.I64, extent.homes + home + half);
  }

  @Override
  public void storeHalf(int home, int half) {
    storeSlot(TypeCode.I64, extent.homes + home + half);
  }

  @Override
  public boolean increment(int local, int amount) {
    return false;
  }

  // ---- many slots at once ----

  private void frame(int home) {
    code.local(Jvm.ALOAD, NUMBERS);
    code.local(Jvm.ALOAD, REFERENCES);
    code.pushInt(extent.homes + home);
  }

  /** Pushes both arrays, and the slot of a home. */
  void pushSlots(int home) {
    frame(home);
  }

  private void reserve(int home, int slots) {
    extent.size = Math.max(extent.size, extent.homes + home + slots);
  }

  /** Fewer slots than this are copied one by one. */
  private static final int MANY_SLOTS = 4;

  @Override
  public boolean moveSlots(int from, int to, int slots) {
    if (slots < MANY_SLOTS) {
      return false;
    }
    reserve(from, slots);
    frame(from);
    code.pushInt(extent.homes + to);
    code.pushInt(slots);
    code.invokeStatic(Frames.MOVE);
    return true;
  }

  /** Copies slots to new arrays, and these to local variables. */
  void slice(int home, int slots, int numbersLocal, int referencesLocal) {
    reserve(home, slots);
    frame(home);
    code.pushInt(slots);
    code.invokeStatic(Frames.SLICE_NUMBERS);
    code.local(Jvm.ASTORE, numbersLocal);
    frame(home);
    code.pushInt(slots);
    code.invokeStatic(Frames.SLICE_REFERENCES);
    code.local(Jvm.ASTORE, referencesLocal);
  }

  /** Copies arrays in local variables to slots. */
  void insert(int home, int slots, int numbersLocal, int referencesLocal) {
    reserve(home, slots);
    // results may be the first references of the function
    extent.references = true;
    code.local(Jvm.ALOAD, numbersLocal);
    code.local(Jvm.ALOAD, referencesLocal);
    frame(home);
    code.pushInt(slots);
    code.invokeStatic(Frames.INSERT);
  }

  /** Copies results that wait, but the first slot, to slots. */
  void take(int home, int slots, Emission e) {
    reserve(home, slots);
    extent.references = true;
    frame(home);
    code.pushInt(slots);
    e.helper(Frames.TAKE);
  }
}
