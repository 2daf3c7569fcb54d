package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.valid.CatchClause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A block that is open while code is written. */
final class Control {

  final Opcode opcode;

  /** The instruction that opens it, or -1 for the function itself. */
  final int start;

  final int[] parameters;
  final int[] results;
  final List<CatchClause> clauses;

  /** How many operands lie below its parameters, and the home of the next one. */
  final int height;

  final int home;

  /** The block around it; null for the function itself. */
  final @Nullable Control outer;

  /** Where branches go: to the end, or to the head of a loop. */
  final Place label = new Place(this);

  /** Where an {@code if} goes on when its condition is false. */
  Place otherwise = new Place();

  /** The nearest {@code try_table} around its body, or itself. */
  @Nullable Handler handler;

  /** The head of the outer of the two loops that a counted loop is written as. */
  final Label outerHead = new Label();

  /** Whether a loop asks whether it is to stop before it branches back, and not at its head. */
  boolean asksAtBranches;

  /** What was found out about a loop, or null. */
  @Nullable CountedLoop counted;

  Control(
      Opcode opcode,
      int start,
      int[] parameters,
      int[] results,
      List<CatchClause> clauses,
      int height,
      int home,
      @Nullable Control outer) {
    this.opcode = opcode;
    this.start = start;
    this.parameters = parameters;
    this.results = results;
    this.clauses = clauses;
    this.height = height;
    this.home = home;
    this.outer = outer;
    this.handler = outer == null ? null : outer.handler;
  }

  /** What branches to it carry. */
  int[] labelTypes() {
    return opcode == Opcode.LOOP ? parameters : results;
  }

  /** A handler that is written behind the code it guards. */
  static final class Handler {
    final Control block;
    final @Nullable Handler outer;

    /** Where an exception arrives, on the stack. */
    final Label entry = new Label();

    /**
     * Where inner handlers jump with one that they do not catch, on the stack. It is another place:
     * HotSpot's first compiler gives up on code that is reached both by exceptions and by jumps.
     */
    final Label dispatch = new Label();

    /** The same as a place that other methods know; the exception is in the frame. */
    final Place place = new Place();

    /** Whether anything in the block can throw, beside traps, which are not caught. */
    boolean needed;

    /** The kinds of the operands below the block, which are at home. */
    final int[] below;

    /** Where the present range of guarded code begins. */
    int start;

    Handler(Control block, @Nullable Handler outer, int[] below) {
      this.block = block;
      this.outer = outer;
      this.below = below;
    }
  }
}
