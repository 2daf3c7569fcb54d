package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;

/** Generated blocks, branches and the code that no branch reaches. */
final class Control extends Chapter {

  Control(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (dice.percent(25)) {
      return branchKeeping(type, depth);
    }
    if (!function.canNest()) {
      return false;
    }
    List<ValType> parameters = parameters();
    List<ValType> results = results(type);
    nested(parameters, results, depth);
    function.settle(results, type);
    return true;
  }

  private List<ValType> parameters() {
    return dice.percent(75) ? List.of() : types.values(dice.between(1, 3));
  }

  private List<ValType> results(ValType wanted) {
    if (dice.percent(75)) {
      return List.of(wanted);
    }
    List<ValType> results = new ArrayList<>(types.values(dice.between(1, 3)));
    results.add(dice.below(results.size() + 1), wanted);
    return results;
  }

  @Override
  boolean statement(int depth) {
    if (dice.percent(30)) {
      return branch(depth);
    }
    if (dice.oneIn(60)) {
      code.op(NOP);
      return true;
    }
    if (!function.canNest()) {
      return false;
    }
    List<ValType> results = dice.percent(75) ? List.of() : types.values(dice.between(1, 3));
    nested(parameters(), results, depth);
    function.consume(results);
    return true;
  }

  /** A block, an {@code if} or a loop with its operands. */
  private void nested(List<ValType> parameters, List<ValType> results, int depth) {
    function.expressions(parameters, depth);
    switch (dice.below(8)) {
      case 0, 1 -> {
        function.open(BLOCK, parameters, results, true);
        inside(parameters, results, depth);
        function.close();
      }
      case 2 -> loop(parameters, results, depth);
      default -> {
        function.numbers().condition(depth);
        function.open(IF, parameters, results, true);
        inside(parameters, results, depth);
        if (!parameters.equals(results) || dice.percent(50)) {
          function.otherwise();
          inside(parameters, results, depth);
        }
        function.close();
      }
    }
  }

  /** A loop that may go round as long as there is fuel. */
  private void loop(List<ValType> parameters, List<ValType> results, int depth) {
    function.open(LOOP, parameters, results, true);
    function.burn();
    function.consume(parameters);
    boolean ends = function.block(dice.between(1, 4), depth - 1);
    if (!ends) {
      function.expressions(parameters, depth - 1);
      function.numbers().condition(depth - 1);
      code.op(BR_IF, 0);
      function.consume(parameters);
      function.expressions(results, depth - 1);
    }
    function.close();
  }

  /** What a block holds: it begins with parameters on the stack and ends with results there. */
  void inside(List<ValType> parameters, List<ValType> results, int depth) {
    if (parameters.equals(results) && !parameters.isEmpty() && dice.percent(30)) {
      // the values pass through untouched
      function.block(dice.below(2), depth - 1);
      return;
    }
    if (parameters.size() == 1
        && results.size() == 1
        && parameters.getFirst() == results.getFirst()
        && parameters.getFirst() instanceof NumType num
        && dice.percent(50)) {
      function.numbers().fold(num);
      return;
    }
    function.consume(parameters);
    boolean ends = function.block(dice.below(4), depth - 1);
    if (!ends || dice.percent(30)) {
      function.expressions(results, depth - 1);
    }
  }

  // Branches

  /** A conditional branch that carries a value, which is used where the branch is not taken. */
  private boolean branchKeeping(ValType type, int depth) {
    int label = function.anyLabel();
    if (label < 0) {
      return false;
    }
    List<ValType> carried = function.label(label).types();
    if (carried.stream().noneMatch(each -> types.matches(each, type))) {
      return false;
    }
    function.expressions(carried, depth);
    condition(depth);
    code.op(BR_IF, label);
    function.settle(carried, type);
    return true;
  }

  /** Mostly false, or most code would never be reached. */
  private void condition(int depth) {
    if (dice.percent(50)) {
      function.i32(depth);
      code.i32(dice.pick(7, 15, 3)).op(I32_AND).i32(dice.below(8)).op(I32_EQ);
    } else {
      function.numbers().condition(depth);
    }
  }

  private boolean branch(int depth) {
    int label = function.anyLabel();
    if (label < 0) {
      return false;
    }
    List<ValType> carried = function.label(label).types();
    switch (dice.below(10)) {
      case 0, 1, 2, 3 -> {
        // with a value beneath that the branch leaves behind
        boolean more = dice.percent(20);
        ValType beneath = types.value();
        if (more) {
          function.expression(beneath, 1);
        }
        function.expressions(carried, depth);
        condition(depth);
        code.op(BR_IF, label);
        function.consume(carried);
        if (more) {
          function.consume(List.of(beneath));
        }
      }
      case 4, 5, 6 -> {
        condition(depth);
        function.open(IF, List.of(), List.of(), true);
        jump(depth);
        function.close();
      }
      default -> {
        if (!function.canNest()) {
          return false;
        }
        switchOver(depth);
      }
    }
    return true;
  }

  /** Blocks in one another, with a {@code br_table} innermost, as compilers write a switch. */
  private void switchOver(int depth) {
    int cases = dice.oneIn(30) ? dice.between(20, 300) : dice.between(1, 5);
    int blocks = Math.min(cases, dice.between(1, 5));
    List<ValType> carried = dice.percent(70) ? List.of() : types.values(dice.between(1, 2));
    for (int i = 0; i < blocks; i++) {
      function.open(BLOCK, List.of(), carried, true);
    }
    function.expressions(carried, depth);
    function.i32(depth);
    if (dice.percent(60)) {
      code.i32(dice.pick(1, 3, 7)).op(I32_AND);
    }
    table(cases, blocks);
    for (int i = 0; i < blocks; i++) {
      if (i == 0 && dice.percent(80)) {
        function.close();
      } else {
        // what comes through the inner label passes on to the next
        function.consume(i == 0 ? List.of() : carried);
        boolean ends = function.block(dice.below(3), depth - 1);
        if (!ends) {
          function.expressions(carried, depth - 1);
        }
        function.close();
      }
    }
    function.consume(carried);
  }

  private void table(int cases, int blocks) {
    code.op(BR_TABLE);
    code.out().u32(cases);
    for (int i = 0; i <= cases; i++) {
      code.out().u32(dice.below(blocks));
    }
  }

  /** Leaves the place for good, so that what follows is never reached. */
  boolean jump(int depth) {
    int label = function.anyLabel();
    if (label < 0) {
      return false;
    }
    List<ValType> carried = function.label(label).types();
    switch (dice.below(16)) {
      case 0, 1, 2 -> {
        function.expressions(function.type().results(), depth);
        code.op(RETURN);
      }
      case 3, 4, 5 -> {
        function.expressions(carried, depth);
        function.i32(depth);
        jumpTable(label, carried);
      }
      case 6 -> {
        if (dice.percent(60)) {
          return false;
        }
        code.op(UNREACHABLE);
      }
      case 7, 8 -> {
        return function.calls().tail(depth);
      }
      case 9 -> {
        return world.flavour.has(Flavour.Part.EXCEPTIONS) && function.exceptions().raise(depth);
      }
      default -> {
        function.expressions(carried, depth);
        code.op(BR, label);
      }
    }
    return true;
  }

  /** A table of labels that all take what the first one does. */
  private void jumpTable(int label, List<ValType> carried) {
    int cases = dice.below(6);
    code.op(BR_TABLE);
    code.out().u32(cases);
    for (int i = 0; i <= cases; i++) {
      int other = function.labelFor(carried);
      code.out().u32(other >= 0 && dice.percent(80) ? other : label);
    }
  }
}
