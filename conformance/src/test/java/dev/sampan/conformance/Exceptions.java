package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Generated exceptions: thrown, caught by all four clauses, and thrown again. */
final class Exceptions extends Chapter {

  private static final RefType CAUGHT = new RefType(false, AbstractHeapType.EXN);
  private static final RefType EXNREF = new RefType(true, AbstractHeapType.EXN);

  private static final int CATCH = 0;
  private static final int CATCH_REF = 1;
  private static final int CATCH_ALL = 2;
  private static final int CATCH_ALL_REF = 3;

  private record Clause(int kind, int tag, int label) {}

  Exceptions(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (!function.canNest()) {
      return false;
    }
    // the block's own result
    function.open(BLOCK, List.of(), List.of(type), true);
    attempt(type, depth);
    function.close();
    return true;
  }

  @Override
  boolean statement(int depth) {
    if (!function.canNest()) {
      return false;
    }
    if (dice.percent(25)) {
      function.numbers().condition(depth);
      function.open(IF, List.of(), List.of(), true);
      raise(depth);
      function.close();
      return true;
    }
    attempt(null, depth);
    return true;
  }

  /**
   * A {@code try_table} inside the block that catches for it.
   *
   * @param result the type of the value that both ways leave, or null for none
   */
  private void attempt(@Nullable ValType result, int depth) {
    int kind = dice.below(4);
    int tag = dice.below(world.tags.size());
    List<ValType> carried = carried(kind, tag);
    List<ValType> results = result == null || dice.percent(50) ? List.of() : List.of(result);
    function.open(BLOCK, List.of(), carried, true);
    List<Clause> clauses = new ArrayList<>();
    clauses.add(new Clause(kind, tag, 0));
    more(clauses);
    code.op(TRY_TABLE);
    function.blockType(List.of(), results);
    code.out().u32(clauses.size());
    clauses.forEach(this::write);
    function.enter(results, true);
    boolean ends = function.block(dice.between(1, 3), depth - 1);
    if (!ends && dice.percent(60)) {
      if (dice.percent(50)) {
        raise(depth - 1, tag);
        ends = true;
      } else {
        function.numbers().condition(1);
        function.open(IF, List.of(), List.of(), true);
        raise(depth - 1, tag);
        function.close();
      }
    }
    if (!ends || dice.percent(30)) {
      function.expressions(results, depth - 1);
    }
    function.close();
    if (result != null && !results.isEmpty()) {
      // to the end of the outer block, past what the clause carries
      code.op(BR, 1);
    } else {
      function.expressions(carried, depth - 1);
    }
    function.close();
    if (result == null) {
      function.consume(carried);
    } else {
      function.settle(carried, result);
    }
  }

  private List<ValType> carried(int kind, int tag) {
    List<ValType> carried = new ArrayList<>();
    if (kind == CATCH || kind == CATCH_REF) {
      carried.addAll(world.payload(tag));
    }
    if (kind == CATCH_REF || kind == CATCH_ALL_REF) {
      carried.add(dice.percent(50) ? CAUGHT : EXNREF);
    }
    return carried;
  }

  /** Adds clauses, before or behind, for which there happens to be a label. */
  private void more(List<Clause> clauses) {
    for (int i = dice.below(3); i > 0; i--) {
      int kind = dice.below(4);
      int tag = dice.below(world.tags.size());
      List<ValType> passed = new ArrayList<>();
      if (kind == CATCH || kind == CATCH_REF) {
        passed.addAll(world.payload(tag));
      }
      if (kind == CATCH_REF || kind == CATCH_ALL_REF) {
        passed.add(CAUGHT);
      }
      int label = function.labelFor(passed);
      if (label >= 0) {
        clauses.add(dice.below(clauses.size() + 1), new Clause(kind, tag, label));
      }
    }
  }

  private void write(Clause clause) {
    code.out().u8(clause.kind);
    if (clause.kind == CATCH || clause.kind == CATCH_REF) {
      code.out().u32(clause.tag);
    }
    code.out().u32(clause.label);
  }

  /** Throws something. */
  boolean raise(int depth) {
    return raise(depth, dice.below(world.tags.size()));
  }

  private boolean raise(int depth, int preferred) {
    if (dice.percent(20)) {
      function.expression(dice.percent(85) ? CAUGHT : EXNREF, depth);
      code.op(THROW_REF);
      return true;
    }
    int tag = dice.percent(70) ? preferred : dice.below(world.tags.size());
    function.expressions(world.payload(tag), depth);
    code.op(THROW, tag);
    return true;
  }

  /** Leaves a reference to an exception, which has to be thrown for it. */
  void caught() {
    int tag = dice.below(world.tags.size());
    function.open(BLOCK, List.of(), List.of(CAUGHT), false);
    code.op(TRY_TABLE);
    function.blockType(List.of(), List.of());
    code.out().u32(1);
    write(new Clause(CATCH_ALL_REF, tag, 0));
    function.enter(List.of(), false);
    world.payload(tag).forEach(function::leaf);
    code.op(THROW, tag);
    function.close();
    code.op(UNREACHABLE);
    function.close();
  }
}
