package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Instructions at one level of nesting that can be a method of their own, whatever is nested in
 * them included: it begins with the first, takes no operands, leaves none, and no branch takes one
 * out of it.
 *
 * @param outer the block they are in
 * @param from the first of them
 * @param to the first one behind them
 * @param paid whether the fuel for the first has been taken
 * @param locals the locals that they, or the tails behind blocks that they leave for, use
 */
record Stretch(Control outer, int from, int to, boolean paid, BitSet locals) {

  private static final int MAX_LOCALS = 100;

  /**
   * A branch by a table with more labels outside of the stretch is the head of a switch whose arms
   * are regions themselves, which are better called from where it is.
   */
  private static final int MAX_LABELS_OUTSIDE = 8;

  /** Fewer instructions are not worth a call. */
  private static final int LEAST = 12;

  /** A loop, if its operands are all its own; its fuel has been taken. */
  static @Nullable Stretch loop(ModuleShape shape, Body body, Control outer, int loop) {
    int end = body.first[loop] + 1;
    Body.BlockTypes types = body.blockTypes(loop);
    return types.parameters().length + types.results().length == 0
            && fit(shape, body, outer, loop, end, MethodSize.WHOLE) >= end
        ? whole(body, outer, loop, end, true)
        : null;
  }

  /**
   * The longest stretch that begins with an instruction.
   *
   * @param end the end of the block
   * @param bytes how large its code may be, about
   */
  static @Nullable Stretch longest(
      ModuleShape shape, Body body, Control outer, int from, int end, int bytes) {
    int to = fit(shape, body, outer, from, end, bytes);
    return to - from < LEAST ? null : whole(body, outer, from, to, false);
  }

  private static @Nullable Stretch whole(Body body, Control outer, int from, int to, boolean paid) {
    BitSet locals = new BitSet();
    collect(body, from, to, locals);
    int depth = 0;
    for (int i = from; i < to; i++) {
      switch (body.opcode(i).kind()) {
        case BLOCK, LOOP, IF -> depth++;
        case END -> depth--;
        case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL ->
            collectTail(body, outer, body.first[i] - depth, locals);
        case BR_TABLE -> {
          for (int label : body.labels(i)) {
            collectTail(body, outer, label - depth, locals);
          }
        }
        default -> {}
      }
    }
    return locals.cardinality() > MAX_LOCALS ? null : new Stretch(outer, from, to, paid, locals);
  }

  private static void collect(Body body, int from, int to, BitSet locals) {
    for (int i = from; i < to; i++) {
      switch (body.opcode(i)) {
        case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> locals.set(body.first[i]);
        default -> {}
      }
    }
  }

  private static void collectTail(Body body, Control outer, int depth, BitSet locals) {
    if (depth >= 0) {
      Tail tail = Tail.behind(body, around(outer, depth));
      if (tail != null) {
        collect(body, tail.from(), tail.branch(), locals);
      }
    }
  }

  /** The locals that instructions write. */
  static void written(Body body, int from, int to, BitSet locals) {
    for (int i = from; i < to; i++) {
      switch (body.opcode(i)) {
        case LOCAL_SET, LOCAL_TEE -> locals.set(body.first[i]);
        default -> {}
      }
    }
  }

  /** How far from an instruction a stretch may go, behind a block or to the end. */
  private static int fit(
      ModuleShape shape, Body body, Control outer, int from, int end, int bytes) {
    int fit = from;
    int depth = 0;
    int size = 0;
    for (int i = from; i < end; i++) {
      size += bytes(body, i);
      if (size > bytes || !canStand(shape, body, outer, i, depth)) {
        return fit;
      }
      switch (body.opcode(i).kind()) {
        case BLOCK, LOOP, IF -> depth++;
        case END -> {
          if (--depth == 0) {
            fit = i + 1;
          }
        }
        default -> {}
      }
    }
    return outer.results.length > 0 ? fit : end;
  }

  /** Whether an instruction can be in a method that stands apart from the function. */
  private static boolean canStand(ModuleShape shape, Body body, Control outer, int i, int depth) {
    return switch (body.opcode(i).kind()) {
      case TRY_TABLE, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> false;
      case CALL -> !shape.ofFunction(body.first[i]).wide;
      case CALL_INDIRECT, CALL_REF -> !shape.ofType(body.first[i]).wide;
      case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL ->
          !carriesOut(outer, body.first[i] - depth, body.opcode(i));
      case BR_TABLE -> {
        int out = 0;
        for (int label : body.labels(i)) {
          if (carriesOut(outer, label - depth, Opcode.BR_TABLE)) {
            yield false;
          }
          out += label >= depth ? 1 : 0;
        }
        yield out <= MAX_LABELS_OUTSIDE;
      }
      default -> true;
    };
  }

  /** Whether a branch takes operands out of the stretch; a plain return may. */
  private static boolean carriesOut(Control outer, int depth, Opcode opcode) {
    if (depth < 0) {
      return false;
    }
    Control block = around(outer, depth);
    boolean returns = opcode == Opcode.BR && block.outer == null && block.results.length <= 1;
    return block.labelTypes().length > 0 && !returns;
  }

  private static Control around(Control outer, int depth) {
    Control block = outer;
    for (int k = 0; k < depth && block.outer != null; k++) {
      block = block.outer;
    }
    return block;
  }

  /** How many bytes an instruction becomes, about. */
  private static int bytes(Body body, int i) {
    return switch (body.opcode(i).kind()) {
      case END, NOP, DROP, BLOCK -> 1;
      case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> body.locals[body.first[i]] == TypeCode.V128 ? 6 : 2;
      case CONST, UNARY, BINARY -> 2;
      case BR, BR_IF, IF, ELSE -> 4;
      case LOAD, STORE -> 7;
      case BR_TABLE -> 16 + 4 * body.labels(i).length;
      default -> 10;
    };
  }
}
