package dev.sampan.wasm.interpret;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.model.TypeCode;
import java.util.Arrays;

/**
 * The operand stack while a function is lowered. An operand has a slot of its own, but need not be
 * there yet: a local that was read, a constant, or a sum that may be an address is put there only
 * if somebody looks for it there.
 */
final class Operands {

  private static final byte IN_SLOT = 0;
  private static final byte LOCAL = 1;
  private static final byte CONSTANT = 2;

  /** A sum modulo 2^32 of a slot, a local's or the operand's own, and a constant. */
  private static final byte SUM_WITH_CONSTANT = 3;

  /** A sum modulo 2^32 of two slots, the first as before, the second a local's. */
  private static final byte SUM_OF_SLOTS = 4;

  private final Assembler code;
  private byte[] kinds = new byte[64];
  private int[] types = new int[64];
  private int[] slots = new int[64];

  /** The local's slot, or the constant; for sums the first summand and above it the second. */
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
    use(depth, -1);
    settled = Math.min(settled, depth);
  }

  /** Counts the locals that an operand stands for. */
  private void use(int index, int change) {
    switch (kinds[index]) {
      case LOCAL -> uses[(int) values[index]] += change;
      case SUM_WITH_CONSTANT, SUM_OF_SLOTS -> {
        if ((int) values[index] < firstSlot) {
          uses[(int) values[index]] += change;
        }
        if (kinds[index] == SUM_OF_SLOTS) {
          uses[(int) (values[index] >> 32)] += change;
        }
      }
      default -> {}
    }
  }

  /** Makes the two top operands their sum without emitting it, if their kinds allow that. */
  boolean sum() {
    int second = depth - 1;
    int first = depth - 2;
    if (kinds[first] != LOCAL && kinds[first] != IN_SLOT) {
      return false;
    }
    byte kind =
        switch (kinds[second]) {
          case CONSTANT -> SUM_WITH_CONSTANT;
          case LOCAL -> SUM_OF_SLOTS;
          default -> IN_SLOT;
        };
    if (kind == IN_SLOT) {
      return false;
    }
    long base = kinds[first] == LOCAL ? values[first] : slots[first];
    long value = base | values[second] << 32;
    int type = types[first];
    drop();
    drop();
    push(kind, type, value);
    use(first, 1);
    return true;
  }

  boolean isSumWithConstant(int fromTop) {
    return kinds[depth - 1 - fromTop] == SUM_WITH_CONSTANT;
  }

  boolean isSumOfSlots(int fromTop) {
    return kinds[depth - 1 - fromTop] == SUM_OF_SLOTS;
  }

  /** The slot that is the first summand of an operand. */
  int first(int fromTop) {
    return (int) values[depth - 1 - fromTop];
  }

  /** The slot or the constant that is the second summand of an operand. */
  int second(int fromTop) {
    return (int) (values[depth - 1 - fromTop] >> 32);
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

  /**
   * Before a local is set to the top operand: puts the other operands that stand for it into their
   * slots.
   */
  void beforeSet(int localSlot) {
    for (int i = depth - 2; i >= settled && uses[localSlot] > 0; i--) {
      if (standsFor(i, localSlot)) {
        settle(i);
      }
    }
  }

  private boolean standsFor(int index, int localSlot) {
    return switch (kinds[index]) {
      case LOCAL -> values[index] == localSlot;
      case SUM_WITH_CONSTANT -> (int) values[index] == localSlot;
      case SUM_OF_SLOTS ->
          (int) values[index] == localSlot || (int) (values[index] >> 32) == localSlot;
      default -> false;
    };
  }

  /** Whether operands stand for a local. */
  boolean uses(int localSlot) {
    return uses[localSlot] > 0;
  }

  private void settle(int index) {
    if (kinds[index] != IN_SLOT) {
      write(index, slots[index]);
      use(index, -1);
      kinds[index] = IN_SLOT;
    }
  }

  /** Has an operand's value written to another slot. */
  void moveTo(int fromTop, int target) {
    write(depth - 1 - fromTop, target);
  }

  private void write(int index, int target) {
    long value = values[index];
    switch (kinds[index]) {
      case CONSTANT -> Moves.constant(code, target, value);
      case SUM_WITH_CONSTANT -> Moves.sum(code, target, (int) value, value >> 32);
      case SUM_OF_SLOTS ->
          code.addResult(Op.word(Op.I32_ADD, target, (int) value, (int) (value >> 32)));
      default -> {
        int source = kinds[index] == LOCAL ? (int) value : slots[index];
        if (source != target) {
          Moves.move(code, types[index], target, source);
        }
      }
    }
  }

  /** Whether an operand's value is already in a slot. */
  boolean isIn(int fromTop, int slot) {
    int index = depth - 1 - fromTop;
    return kinds[index] == IN_SLOT && slots[index] == slot;
  }
}
