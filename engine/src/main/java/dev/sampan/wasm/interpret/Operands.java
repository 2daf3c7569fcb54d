package dev.sampan.wasm.interpret;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.model.TypeCode;
import java.util.Arrays;

/**
 * The operand stack while a function is lowered. An operand has a slot of its own, but need not be
 * there yet: a local that was read, or a constant, is put there only if somebody looks for it there.
 */
final class Operands {

  private static final byte IN_SLOT = 0;
  private static final byte LOCAL = 1;
  private static final byte CONSTANT = 2;

  private final Assembler code;
  private byte[] kinds = new byte[64];
  private int[] types = new int[64];
  private int[] slots = new int[64];

  /** The local's slot, or the constant. */
  private long[] values = new long[64];

  private int depth;

  /** All operands below are in their slots. */
  private int settled;

  private int firstSlot;
  private int maxSlots;

  /** How many operands stand for a local, by its slot. */
  private int[] uses = new int[64];

  Operands(Assembler code) {
    this.code = code;
  }

  /** Begins a function whose locals take some slots. */
  void reset(int localSlots) {
    depth = 0;
    settled = 0;
    firstSlot = localSlots;
    maxSlots = localSlots;
    if (uses.length < localSlots) {
      uses = new int[localSlots];
    } else {
      Arrays.fill(uses, 0);
    }
  }

  int depth() {
    return depth;
  }

  /** The most slots that were in use, locals included. */
  int maxSlots() {
    return maxSlots;
  }

  /** The slot that the next operand gets. */
  int nextSlot() {
    return depth == 0 ? firstSlot : slots[depth - 1] + TypeCode.slots(types[depth - 1]);
  }

  private void push(byte kind, int type, long value) {
    if (depth == kinds.length) {
      int capacity = 2 * depth;
      kinds = Arrays.copyOf(kinds, capacity);
      types = Arrays.copyOf(types, capacity);
      slots = Arrays.copyOf(slots, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    int slot = nextSlot();
    kinds[depth] = kind;
    types[depth] = type;
    slots[depth] = slot;
    values[depth] = value;
    depth++;
    maxSlots = Math.max(maxSlots, slot + TypeCode.slots(type));
    if (maxSlots > Op.FIELD_MAX) {
      throw new InvalidException(
          "too many locals and operands: limit " + Op.FIELD_MAX + " slots of 64 bits");
    }
  }

  /** Adds an operand whose value is, or will be, in its slot; yields the slot. */
  int push(int type) {
    push(IN_SLOT, type, 0);
    return slots[depth - 1];
  }

  /** Adds a local's value. */
  void pushLocal(int type, int localSlot) {
    push(LOCAL, type, localSlot);
    uses[localSlot]++;
  }

  /** Adds a constant of one slot. */
  void pushConstant(int type, long value) {
    push(CONSTANT, type, value);
  }

  /** Takes the top operand away. */
  void drop() {
    depth--;
    if (kinds[depth] == LOCAL) {
      uses[(int) values[depth]]--;
    }
    settled = Math.min(settled, depth);
  }

  /** Takes operands away down to a depth. */
  void cut(int newDepth) {
    while (depth > newDepth) {
      drop();
    }
  }

  /** The type of an operand, 0 being the top. */
  int type(int fromTop) {
    return types[depth - 1 - fromTop];
  }

  /** The slot that belongs to an operand. */
  int slot(int fromTop) {
    return slots[depth - 1 - fromTop];
  }

  boolean isConstant(int fromTop) {
    return kinds[depth - 1 - fromTop] == CONSTANT;
  }

  /** The value of an operand that is a constant. */
  long constant(int fromTop) {
    return values[depth - 1 - fromTop];
  }

  /** Whether an operand stands for a local with a slot. */
  boolean isLocal(int fromTop, int localSlot) {
    return kinds[depth - 1 - fromTop] == LOCAL && values[depth - 1 - fromTop] == localSlot;
  }

  /** A slot from which an operand can be read: a local's own, if it stands for one. */
  int read(int fromTop) {
    int index = depth - 1 - fromTop;
    if (kinds[index] == LOCAL) {
      return (int) values[index];
    }
    settle(index);
    return slots[index];
  }

  /** Puts the top operands into their slots; yields the first slot. */
  int settleTop(int count) {
    for (int i = depth - count; i < depth; i++) {
      settle(i);
    }
    return count == 0 ? nextSlot() : slots[depth - count];
  }

  /** Puts all operands into their slots. */
  void settleAll() {
    for (int i = settled; i < depth; i++) {
      settle(i);
    }
    settled = depth;
  }

  /** Before a local changes: puts the operands that stand for it into their slots. */
  void beforeSet(int localSlot) {
    for (int i = depth - 1; i >= settled && uses[localSlot] > 0; i--) {
      if (kinds[i] == LOCAL && values[i] == localSlot) {
        settle(i);
      }
    }
  }

  /** Whether operands stand for a local. */
  boolean uses(int localSlot) {
    return uses[localSlot] > 0;
  }

  private void settle(int index) {
    switch (kinds[index]) {
      case LOCAL -> {
        uses[(int) values[index]]--;
        Moves.move(code, types[index], slots[index], (int) values[index]);
      }
      case CONSTANT -> Moves.constant(code, slots[index], values[index]);
      default -> {
        return;
      }
    }
    kinds[index] = IN_SLOT;
  }

  /** Has an operand's value written to another slot. */
  void moveTo(int fromTop, int target) {
    int index = depth - 1 - fromTop;
    if (kinds[index] == CONSTANT) {
      Moves.constant(code, target, values[index]);
    } else {
      int source = kinds[index] == LOCAL ? (int) values[index] : slots[index];
      if (source != target) {
        Moves.move(code, types[index], target, source);
      }
    }
  }

  /** Whether an operand's value is already in a slot. */
  boolean isIn(int fromTop, int slot) {
    int index = depth - 1 - fromTop;
    return kinds[index] == IN_SLOT && slots[index] == slot;
  }
}
