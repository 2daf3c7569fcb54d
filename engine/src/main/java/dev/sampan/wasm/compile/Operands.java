package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;
import java.util.Arrays;

/**
 * The operand stack while code is written: what kind each value has, and whether it lies on the
 * Java virtual machine's operand stack or in its home. Vectors are always at home; one that was
 * just read from a local may still be that local. Of numbers it is known which local or constant
 * they are copies of.
 */
final class Operands {

  private static final int NO_LOCAL = -1;

  /** What a number is a copy of. */
  private sealed interface Copy {
    record OfNothing() implements Copy {}

    record OfLocal(int local, int writes, int epoch) implements Copy {}

    record OfConstant(long value) implements Copy {}
  }

  private static final Copy NO_COPY = new Copy.OfNothing();

  /** More values than this are moved from home to home. */
  private static final int MANY = 16;

  private int[] kinds = new int[64];
  private int[] homes = new int[64];
  private boolean[] atHome = new boolean[64];
  private int[] locals = new int[64];
  private Copy[] copies = new Copy[64];
  private int height;

  /** How often each local was written so far. */
  private int[] writes = new int[16];

  /** How often all locals may have been written. */
  private int epoch;

  /** How many values are on the Java virtual machine's stack. */
  private int stacked;

  private Variables variables;
  private Code code;

  Operands(Variables variables, Code code) {
    this.variables = variables;
    this.code = code;
  }

  /** Goes on in another method; all values must be at home. */
  void moveTo(Variables newVariables, Code newCode) {
    variables = newVariables;
    code = newCode;
  }

  int height() {
    return height;
  }

  int kind(int index) {
    return kinds[index];
  }

  /** The kind of the value on top. */
  int top() {
    return kinds[height - 1];
  }

  /** The home of a value, or of the next one. */
  int home(int index) {
    if (index == 0) {
      return 0;
    }
    return homes[index - 1] + variables.width(kinds[index - 1]);
  }

  int stacked() {
    return stacked;
  }

  /** Whether a value is on the Java virtual machine's stack. */
  boolean isStacked(int index) {
    return !atHome[index];
  }

  /** Whether a vector still is the local it was read from. */
  boolean hasLocals() {
    return hasLocalBelow(height);
  }

  private void add(int kind, boolean home, int local) {
    if (height == kinds.length) {
      int capacity = 2 * height;
      kinds = Arrays.copyOf(kinds, capacity);
      homes = Arrays.copyOf(homes, capacity);
      atHome = Arrays.copyOf(atHome, capacity);
      locals = Arrays.copyOf(locals, capacity);
      copies = Arrays.copyOf(copies, capacity);
    }
    homes[height] = home(height);
    kinds[height] = kind;
    atHome[height] = home;
    locals[height] = local;
    copies[height] = NO_COPY;
    height++;
    if (!home) {
      stacked++;
    }
  }

  /** A value has been pushed; a vector has been stored at home. */
  void push(int type) {
    int kind = FunctionShape.kind(type);
    add(kind, kind == TypeCode.V128, NO_LOCAL);
  }

  /** A value is at home. */
  void pushAtHome(int type) {
    add(FunctionShape.kind(type), true, NO_LOCAL);
  }

  /** A vector is in a local. */
  void pushVector(int local) {
    add(TypeCode.V128, true, local);
  }

  /** The value on top has been taken. */
  void pop() {
    height--;
    if (!atHome[height]) {
      stacked--;
    }
  }

  void pop(int count) {
    for (int i = 0; i < count; i++) {
      pop();
    }
  }

  /** Forgets the values above a height, whatever is on the stack. */
  void cut(int newHeight) {
    while (height > newHeight) {
      pop();
    }
  }

  /** The vector on top takes the place of the value below it, which has been used. */
  void dropBelowTop() {
    if (!atHome[height - 2]) {
      stacked--;
    }
    height -= 2;
    push(TypeCode.V128);
  }

  // ---- copies ----

  /** The number on top is what a local is. */
  void topIsLocal(int local) {
    copies[height - 1] = copyOf(local);
  }

  /** The number on top is a constant. */
  void topIsConstant(long value) {
    copies[height - 1] = new Copy.OfConstant(value);
  }

  /** A local has been written. */
  void written(int local) {
    if (local >= writes.length) {
      writes = Arrays.copyOf(writes, Math.max(local + 1, 2 * writes.length));
    }
    writes[local]++;
  }

  /** Any local may have been written. */
  void allWritten() {
    epoch++;
  }

  private Copy copyOf(int local) {
    return new Copy.OfLocal(local, local < writes.length ? writes[local] : 0, epoch);
  }

  /** Whether a number is known to be what a local is now. */
  boolean isLocal(int index, int local) {
    return copies[index].equals(copyOf(local));
  }

  /** Whether a number is known to be a constant. */
  boolean isConstant(int index, long value) {
    return copies[index] instanceof Copy.OfConstant constant && constant.value() == value;
  }

  // ---- moves ----

  /** Sends all values home. */
  void settle() {
    settle(0);
  }

  private void settle(int from) {
    for (int i = height - 1; i >= from; i--) {
      if (!atHome[i]) {
        variables.store(kinds[i], homes[i]);
        atHome[i] = true;
        stacked--;
      } else if (locals[i] != NO_LOCAL) {
        copyHome(i);
      }
    }
  }

  private void copyHome(int i) {
    variables.getVector(locals[i]);
    variables.storeVector(homes[i]);
    locals[i] = NO_LOCAL;
  }

  /** Sends all values home but those on top, which stay on the stack. */
  void settleBelow(int count) {
    if (stacked > stackedAbove(height - count) || hasLocalBelow(height - count)) {
      settle();
    }
    load(count);
  }

  private boolean hasLocalBelow(int index) {
    for (int i = 0; i < index; i++) {
      if (locals[i] != NO_LOCAL) {
        return true;
      }
    }
    return false;
  }

  private int stackedAbove(int index) {
    int found = 0;
    for (int i = index; i < height; i++) {
      if (!atHome[i]) {
        found++;
      }
    }
    return found;
  }

  /** Lets a local change: vectors below a height that still are that local go home. */
  void releaseBelow(int top, int local) {
    for (int i = 0; i < top; i++) {
      if (locals[i] == local) {
        copyHome(i);
      }
    }
  }

  /** Brings the values on top, those that are no vectors, onto the stack, in their order. */
  void load(int count) {
    int from = height - count;
    boolean complete = true;
    for (int i = from; i < height; i++) {
      complete &= !atHome[i] || kinds[i] == TypeCode.V128;
    }
    if (complete) {
      return;
    }
    for (int i = height - 1; i >= from; i--) {
      if (!atHome[i]) {
        variables.store(kinds[i], homes[i]);
        atHome[i] = true;
        stacked--;
      }
    }
    for (int i = from; i < height; i++) {
      if (kinds[i] != TypeCode.V128) {
        variables.load(kinds[i], homes[i]);
        atHome[i] = false;
        stacked++;
      }
    }
  }

  /** Whether a vector is among the values on top. */
  boolean hasVector(int count) {
    for (int i = height - count; i < height; i++) {
      if (kinds[i] == TypeCode.V128) {
        return true;
      }
    }
    return false;
  }

  /** Sends the values on top home. */
  void settleTop(int count) {
    settle(height - count);
  }

  /** Pushes a value that is at home; the entry stays as it is. */
  void copy(int index) {
    if (kinds[index] == TypeCode.V128) {
      copyVector(index);
    } else {
      variables.load(kinds[index], homes[index]);
    }
  }

  /** Pushes both halves of a vector; the entry stays as it is. */
  void copyVector(int index) {
    half(index, 0);
    half(index, 1);
  }

  /** Makes sure that a vector is in its own home. */
  void ownHome(int index) {
    if (locals[index] != NO_LOCAL) {
      copyHome(index);
    }
  }

  /** Pushes a vector in the form that the variables have it in; the entry stays as it is. */
  void vector(int index) {
    if (locals[index] == NO_LOCAL) {
      variables.loadVector(homes[index]);
    } else {
      variables.getVector(locals[index]);
    }
  }

  /** Pushes a half of a vector; the entry stays as it is. */
  void half(int index, int half) {
    if (locals[index] == NO_LOCAL) {
      variables.loadHalf(homes[index], half);
    } else {
      variables.getHalf(locals[index], half);
    }
  }

  /** Pushes the arguments of a call, vectors as two longs, and takes the values. */
  void arguments(int count) {
    if (hasVector(count)) {
      settleNumbers(count);
      for (int i = height - count; i < height; i++) {
        copy(i);
      }
    } else {
      load(count);
    }
    pop(count);
  }

  /** Sends the values on top home, but lets vectors be the locals they are. */
  private void settleNumbers(int count) {
    for (int i = height - 1; i >= height - count; i--) {
      if (!atHome[i]) {
        variables.store(kinds[i], homes[i]);
        atHome[i] = true;
        stacked--;
      }
    }
  }

  /** Whether the values on top, all at home, are where a label wants them. */
  boolean areAt(int count, int home) {
    return count == 0 || homes[height - count] == home;
  }

  /**
   * Moves the values on top to where a label wants them, at or below where they are. The entries
   * stay as they are, but for those on the stack, which are gone from there.
   */
  void moveDown(int count, int home) {
    int target = home;
    int from = height - count;
    if (count > MANY) {
      settle(from);
      copyDown(count, home, 0);
      return;
    }
    // numbers first onto the stack, so that moving vectors destroys nothing
    for (int i = from; i < height; i++) {
      if (kinds[i] != TypeCode.V128 && atHome[i]) {
        load(count);
        break;
      }
    }
    for (int i = from; i < height; i++) {
      if (kinds[i] == TypeCode.V128 && (homes[i] != target || locals[i] != NO_LOCAL)) {
        vector(i);
        variables.storeVector(target);
      }
      target += variables.width(kinds[i]);
    }
    for (int i = height - 1; i >= from; i--) {
      target -= variables.width(kinds[i]);
      if (kinds[i] != TypeCode.V128) {
        variables.store(kinds[i], target);
      }
    }
  }

  /**
   * Copies values, all at home, to where a label wants them, at or below where they are.
   *
   * @param above how many values on top are not meant
   */
  void copyDown(int count, int home, int above) {
    int last = height - above - 1;
    int first = height - above - count;
    if (count > 0
        && variables.moveSlots(
            homes[first], home, homes[last] + variables.width(kinds[last]) - homes[first])) {
      return;
    }
    int target = home;
    for (int i = height - above - count; i < height - above; i++) {
      if (kinds[i] == TypeCode.V128) {
        vector(i);
        variables.storeVector(target);
      } else {
        variables.load(kinds[i], homes[i]);
        variables.store(kinds[i], target);
      }
      target += variables.width(kinds[i]);
    }
  }

  /** Pops what is on the Java virtual machine's stack below values that have left it. */
  void popStacked(int belowCount) {
    for (int i = height - belowCount - 1; i >= 0; i--) {
      if (!atHome[i]) {
        code.op(popOpcode(kinds[i]));
      }
    }
  }

  static int popOpcode(int kind) {
    return kind == TypeCode.I64 || kind == TypeCode.F64 ? Jvm.POP2 : Jvm.POP;
  }
}
