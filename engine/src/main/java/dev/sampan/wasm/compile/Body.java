package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.valid.CatchClause;
import dev.sampan.wasm.valid.MeteredSink;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function's instructions as the validator tells them, kept so that code can look ahead, and be
 * written more than once. Instructions are numbered from 0; what belongs to one lies in parallel
 * arrays.
 */
final class Body implements MeteredSink {

  private static final Opcode[] OPCODES = new Opcode[Opcode.count()];

  static {
    for (int i = 0; i < OPCODES.length; i++) {
      OPCODES[i] = Opcode.at(i);
    }
  }

  /** What a block takes and leaves. */
  record BlockTypes(int[] parameters, int[] results, List<CatchClause> clauses) {}

  /** Types of parameters and locals. */
  int[] locals = {};

  int parameters;
  int[] results = {};

  /** The function, imports counted. */
  int function;

  private short[] opcodes = new short[256];

  /**
   * The first index; of a block the number of its end; of {@code else} and {@code end} liveness.
   */
  int[] first = new int[256];

  /** The second index; of an {@code if} the number of its {@code else}, or 0. */
  int[] second = new int[256];

  /** A constant or offset. */
  long[] low = new long[256];

  /** Places in the module, in bytes. */
  int[] offsets = new int[256];

  /**
   * The fuel for the stretch that begins with an instruction, and which range counts in that one:
   * made only if fuel is taken.
   */
  private int @Nullable [] fuel;

  /** Where stretches begin. */
  private int[] stretches = new int[32];

  /** How many of what an instruction on a range counts cost a unit, as a power of two, plus one. */
  private byte @Nullable [] ranges;

  private @Nullable Object[] extras = new Object[256];
  private int count;
  private int offset;

  /** The blocks that branches go to. */
  private final BitSet targets = new BitSet();

  /** Those of them that anything but a plain {@code br} goes to. */
  private final BitSet otherTargets = new BitSet();

  private int tries;
  private int maxTries;
  private int[] open = new int[32];
  private int depth;

  /** How many instructions there are. */
  int count() {
    return count;
  }

  /** The kinds of parameters and locals: their types, with all references as one. */
  int[] kinds() {
    int[] kinds = new int[locals.length];
    for (int k = 0; k < kinds.length; k++) {
      kinds[k] = FunctionShape.kind(locals[k]);
    }
    return kinds;
  }

  Opcode opcode(int i) {
    return OPCODES[opcodes[i]];
  }

  BlockTypes blockTypes(int i) {
    if (extras[i] instanceof BlockTypes types) {
      return types;
    }
    throw new AssertionError("instruction " + i + " is no block");
  }

  /** The labels of a {@code br_table}. */
  int[] labels(int i) {
    if (extras[i] instanceof int[] labels) {
      return labels;
    }
    throw new AssertionError("instruction " + i + " has no labels");
  }

  /** How many {@code try_table} lie in each other at most. */
  int tryDepth() {
    return maxTries;
  }

  /** Whether any branch goes to a block, or a handler to its end. */
  boolean isTarget(int block) {
    return targets.get(block);
  }

  /** Whether branches go to a loop, and all of them are plain ones. */
  boolean isTargetOfPlainBranches(int loop) {
    return targets.get(loop) && !otherTargets.get(loop);
  }

  /** Whether the function calls any, itself by a tail call included. */
  boolean calls() {
    for (int i = 0; i < count; i++) {
      switch (opcode(i)) {
        case CALL, CALL_INDIRECT, CALL_REF, RETURN_CALL -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  /** Whether an instruction is a tail call of a function by its index. */
  boolean isTailCallOf(int i, int callee) {
    return opcodes[i] == Opcode.RETURN_CALL.ordinal() && first[i] == callee;
  }

  /** Whether the function has tail calls, of itself or others. */
  boolean hasTailCalls() {
    for (int i = 0; i < count; i++) {
      switch (opcode(i)) {
        case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  /** Whether the function ends in a call of another one. */
  boolean callsOthersLast() {
    for (int i = 0; i < count; i++) {
      switch (opcode(i)) {
        case RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
          return true;
        }
        case RETURN_CALL -> {
          if (first[i] != function) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  /** The high half of a vector constant. */
  long high(int i) {
    return extras[i] instanceof Long high ? high : 0;
  }

  // ---- what the validator says ----

  private int add(Opcode opcode, int a, int b, long constant, @Nullable Object extra) {
    if (count == opcodes.length) {
      grow();
    }
    opcodes[count] = (short) opcode.ordinal();
    first[count] = a;
    second[count] = b;
    low[count] = constant;
    offsets[count] = offset;
    extras[count] = extra;
    return count++;
  }

  private void grow() {
    int capacity = 2 * count;
    opcodes = Arrays.copyOf(opcodes, capacity);
    first = Arrays.copyOf(first, capacity);
    second = Arrays.copyOf(second, capacity);
    low = Arrays.copyOf(low, capacity);
    offsets = Arrays.copyOf(offsets, capacity);
    extras = Arrays.copyOf(extras, capacity);
    if (fuel != null) {
      fuel = Arrays.copyOf(fuel, capacity);
    }
    if (ranges != null) {
      ranges = Arrays.copyOf(ranges, capacity);
    }
  }

  @Override
  public void begin(int[] allLocals, int parameterCount, int[] resultTypes) {
    locals = allLocals;
    parameters = parameterCount;
    results = resultTypes;
    Arrays.fill(extras, 0, count, null);
    if (fuel != null) {
      Arrays.fill(fuel, 0);
    }
    if (ranges != null) {
      Arrays.fill(ranges, (byte) 0);
    }
    count = 0;
    depth = 0;
    targets.clear();
    otherTargets.clear();
    tries = 0;
    maxTries = 0;
  }

  private void target(int label, boolean plainly) {
    if (label < depth) {
      int block = open[depth - 1 - label];
      targets.set(block);
      if (!plainly) {
        otherTargets.set(block);
      }
    }
  }

  // ---- fuel ----

  @Override
  public void stretch(int number) {
    if (number >= stretches.length) {
      stretches = Arrays.copyOf(stretches, 2 * stretches.length);
    }
    stretches[number] = count;
  }

  @Override
  public void stretchCost(int number, int units) {
    int[] all = fuel;
    if (all == null) {
      all = new int[first.length];
      fuel = all;
    }
    all[stretches[number]] = units;
  }

  @Override
  public void range(Opcode opcode, int log2) {
    byte[] all = ranges;
    if (all == null || all.length <= count) {
      all = all == null ? new byte[first.length + 1] : Arrays.copyOf(all, first.length + 1);
      ranges = all;
    }
    all[count] = (byte) (log2 + 1);
  }

  /** The fuel to be taken before an instruction, or 0. */
  int fuel(int i) {
    int[] all = fuel;
    return all == null ? 0 : all[i];
  }

  /**
   * Of an instruction on a range, how many of what it counts cost a unit, as a power of two; of
   * others, and where no fuel is taken, -1.
   */
  int rangeLog2(int i) {
    byte[] all = ranges;
    return all == null || i >= all.length ? -1 : all[i] - 1;
  }

  @Override
  public void at(int place) {
    offset = place;
  }

  @Override
  public void plain(Opcode opcode) {
    add(opcode, 0, 0, 0, null);
  }

  private void open(int instruction) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    open[depth++] = instruction;
  }

  @Override
  public void block(Opcode opcode, int[] parameterTypes, int[] resultTypes) {
    open(add(opcode, 0, 0, 0, new BlockTypes(parameterTypes, resultTypes, List.of())));
  }

  @Override
  public void tryTable(int[] parameterTypes, int[] resultTypes, List<CatchClause> clauses) {
    for (CatchClause clause : clauses) {
      target(clause.depth(), false);
    }
    maxTries = Math.max(maxTries, ++tries);
    open(add(Opcode.TRY_TABLE, 0, 0, 0, new BlockTypes(parameterTypes, resultTypes, clauses)));
  }

  @Override
  public void otherwise(boolean live) {
    // first of all, because it may make the arrays anew
    int instruction = add(Opcode.ELSE, live ? 1 : 0, 0, 0, null);
    second[open[depth - 1]] = instruction;
  }

  @Override
  public void end(boolean live) {
    int end = add(Opcode.END, live ? 1 : 0, 0, 0, null);
    if (depth > 0) {
      int block = open[--depth];
      first[block] = end;
      if (opcodes[block] == Opcode.TRY_TABLE.ordinal()) {
        tries--;
      }
    }
  }

  @Override
  public void branch(Opcode opcode, int label) {
    target(label, opcode == Opcode.BR);
    add(opcode, label, 0, 0, null);
  }

  @Override
  public void branchTable(int[] labels) {
    for (int label : labels) {
      target(label, false);
    }
    add(Opcode.BR_TABLE, 0, 0, 0, labels);
  }

  @Override
  public void branchOnCast(Opcode opcode, int label, int target) {
    target(label, false);
    add(opcode, label, target, 0, null);
  }

  @Override
  public void drop(int type) {
    add(Opcode.DROP, type, 0, 0, null);
  }

  @Override
  public void select(int type) {
    add(Opcode.SELECT, type, 0, 0, null);
  }

  @Override
  public void index(Opcode opcode, int index) {
    add(opcode, index, 0, 0, null);
  }

  @Override
  public void indices(Opcode opcode, int one, int two) {
    add(opcode, one, two, 0, null);
  }

  @Override
  public void memory(Opcode opcode, int memory, long displacement, int lane) {
    add(opcode, memory, lane, displacement, null);
  }

  @Override
  public void constant(Opcode opcode, long lowHalf, long highHalf) {
    add(opcode, 0, 0, lowHalf, highHalf == 0 ? null : highHalf);
  }

  @Override
  public void reference(Opcode opcode, int type) {
    add(opcode, type, 0, 0, null);
  }
}
