package dev.sampan.wasm.valid;

import dev.sampan.wasm.model.Opcode;
import java.util.Arrays;
import java.util.List;

/**
 * Divides a function into stretches that are paid for at once, so that every mode takes the same
 * fuel at the same places, however a guest ends.
 *
 * <p>A stretch begins with the function, at the head of a loop, in the second branch of an {@code
 * if}, and where ways join that come from different stretches. It does not end at conditional
 * branches, or each round of a small loop would pay several times: what follows one is paid for
 * even if the branch is taken, but no more than {@link #MOST_AHEAD} instructions and what is left
 * of the statement.
 */
public final class Metering implements InstructionSink {

  private static final int MOST_AHEAD = 24;

  /** No stretch: the next instruction begins one. */
  private static final int NONE = -1;

  /** Branches come to a label from several stretches. */
  private static final int SEVERAL = -2;

  private final MeteredSink sink;
  private int next;
  private int current = NONE;
  private int cost;

  /** How many more instructions may be paid for although a branch may skip them. */
  private int ahead;

  // the open blocks; the function is none
  private Opcode[] opcodes = new Opcode[16];

  /** The stretch that branches to a block's end come from. */
  private int[] from = new int[16];

  /** The stretch of an {@code if} without a second branch so far. */
  private int[] around = new int[16];

  private int depth;

  /** A metering of functions, one after the other. */
  public Metering(MeteredSink sink) {
    this.sink = sink;
  }

  // ---- stretches ----

  private void close() {
    if (current != NONE) {
      sink.stretchCost(current, cost);
      current = NONE;
    }
  }

  /** An instruction comes that costs something or does something. */
  private void count(Opcode opcode) {
    if (current == NONE) {
      current = next++;
      // the first stretch of a function is never free, nor is any other
      cost = FuelCosts.FUNCTION;
      ahead = Integer.MAX_VALUE;
      sink.stretch(current);
    }
    cost += FuelCosts.of(opcode);
    if (ahead != Integer.MAX_VALUE) {
      ahead--;
    }
    int log2 = FuelCosts.rangeLog2(opcode);
    if (log2 >= 0) {
      sink.range(opcode, log2);
    }
  }

  /** An instruction has been told after which a statement is complete. */
  private void completed() {
    if (ahead <= 0) {
      close();
    }
  }

  private void push(Opcode opcode) {
    if (depth == from.length) {
      opcodes = Arrays.copyOf(opcodes, 2 * depth);
      from = Arrays.copyOf(from, 2 * depth);
      around = Arrays.copyOf(around, 2 * depth);
    }
    opcodes[depth] = opcode;
    from[depth] = NONE;
    around[depth] = NONE;
    depth++;
  }

  private void joins(int block, int stretch) {
    from[block] = from[block] == NONE || from[block] == stretch ? stretch : SEVERAL;
  }

  private void branches(int label) {
    int block = depth - 1 - label;
    if (block >= 0) {
      joins(block, current == NONE ? SEVERAL : current);
    }
  }

  private void mayBranch() {
    if (ahead == Integer.MAX_VALUE) {
      ahead = MOST_AHEAD;
    }
  }

  // ---- what the validator says ----

  @Override
  public void begin(int[] locals, int parameters, int[] results) {
    next = 0;
    current = NONE;
    depth = 0;
    sink.begin(locals, parameters, results);
  }

  @Override
  public void at(int offset) {
    sink.at(offset);
  }

  @Override
  public void plain(Opcode opcode) {
    count(opcode);
    sink.plain(opcode);
    switch (opcode.kind()) {
      case UNREACHABLE, RETURN, THROW_REF -> close();
      default -> {}
    }
  }

  @Override
  public void block(Opcode opcode, int[] parameters, int[] results) {
    count(opcode);
    sink.block(opcode, parameters, results);
    push(opcode);
    if (opcode == Opcode.LOOP) {
      close();
    } else if (opcode == Opcode.IF) {
      around[depth - 1] = current;
      mayBranch();
    }
  }

  @Override
  public void tryTable(int[] parameters, int[] results, List<CatchClause> clauses) {
    count(Opcode.TRY_TABLE);
    sink.tryTable(parameters, results, clauses);
    for (CatchClause clause : clauses) {
      // an exception may come from anywhere
      int block = depth - 1 - clause.depth();
      if (block >= 0) {
        from[block] = SEVERAL;
      }
    }
    push(Opcode.TRY_TABLE);
  }

  @Override
  public void otherwise(boolean live) {
    sink.otherwise(live);
    if (live) {
      branches(0);
    }
    around[depth - 1] = NONE;
    close();
  }

  @Override
  public void end(boolean live) {
    sink.end(live);
    if (depth == 0) {
      close();
      return;
    }
    depth--;
    if (around[depth] != NONE) {
      joins(depth, around[depth]);
    }
    boolean goesOn =
        live && opcodes[depth] != Opcode.LOOP && (from[depth] == NONE || from[depth] == current);
    if (!goesOn) {
      close();
    }
  }

  @Override
  public void branch(Opcode opcode, int label) {
    count(opcode);
    branches(label);
    sink.branch(opcode, label);
    if (opcode == Opcode.BR) {
      close();
    } else {
      mayBranch();
    }
  }

  @Override
  public void branchTable(int[] labels) {
    count(Opcode.BR_TABLE);
    for (int label : labels) {
      branches(label);
    }
    sink.branchTable(labels);
    close();
  }

  @Override
  public void branchOnCast(Opcode opcode, int label, int target) {
    count(opcode);
    branches(label);
    sink.branchOnCast(opcode, label, target);
    mayBranch();
  }

  @Override
  public void drop(int type) {
    count(Opcode.DROP);
    sink.drop(type);
    completed();
  }

  @Override
  public void select(int type) {
    count(Opcode.SELECT);
    sink.select(type);
  }

  @Override
  public void index(Opcode opcode, int index) {
    count(opcode);
    sink.index(opcode, index);
    switch (opcode.kind()) {
      case RETURN_CALL, RETURN_CALL_REF, THROW -> close();
      case LOCAL_SET, GLOBAL_SET -> completed();
      default -> {}
    }
  }

  @Override
  public void indices(Opcode opcode, int one, int two) {
    count(opcode);
    sink.indices(opcode, one, two);
    if (opcode == Opcode.RETURN_CALL_INDIRECT) {
      close();
    }
  }

  @Override
  public void memory(Opcode opcode, int memory, long offset, int lane) {
    count(opcode);
    sink.memory(opcode, memory, offset, lane);
    switch (opcode.kind()) {
      case STORE, STORE_LANE -> completed();
      default -> {}
    }
  }

  @Override
  public void constant(Opcode opcode, long low, long high) {
    count(opcode);
    sink.constant(opcode, low, high);
  }

  @Override
  public void reference(Opcode opcode, int type) {
    count(opcode);
    sink.reference(opcode, type);
  }
}
