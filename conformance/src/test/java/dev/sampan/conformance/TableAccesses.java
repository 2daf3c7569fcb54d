package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;

/** Generated accesses to tables and operations on ranges of them. */
final class TableAccesses extends Chapter {

  TableAccesses(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (world.tables.isEmpty()) {
      return false;
    }
    int start = dice.below(world.tables.size());
    for (int i = 0; i < world.tables.size(); i++) {
      int table = (start + i) % world.tables.size();
      if (type == address(table)) {
        if (dice.percent(60)) {
          code.op(TABLE_SIZE, table);
        } else {
          function.expression(element(table), depth);
          number(table, dice.pick(0, 1, 1, 2, 3, -1));
          code.op(TABLE_GROW, table);
        }
        return true;
      }
      if (types.matches(element(table), type) && size(table) > 0) {
        index(table, depth);
        code.op(TABLE_GET, table);
        return true;
      }
    }
    return false;
  }

  @Override
  boolean statement(int depth) {
    if (world.tables.isEmpty()) {
      return false;
    }
    int table = dice.below(world.tables.size());
    if (size(table) == 0 && !dice.oneIn(20)) {
      return false;
    }
    switch (dice.below(8)) {
      case 0 -> {
        int from = start(table);
        function.expression(element(table), depth);
        length(table, from);
        code.op(TABLE_FILL, table);
      }
      case 1, 2 -> copy(table);
      case 3, 4 -> {
        return init(table);
      }
      default -> {
        index(table, depth);
        function.expression(element(table), depth);
        code.op(TABLE_SET, table);
      }
    }
    return true;
  }

  private void copy(int table) {
    int source = dice.below(world.tables.size());
    if (!types.matches(element(source), element(table))) {
      source = table;
    }
    int to = start(table);
    int from = start(source);
    boolean narrow = address(table) == NumType.I32 || address(source) == NumType.I32;
    int most = Math.max(0, Math.min(size(table) - to, size(source) - from));
    int count = dice.below(most + 1) + (dice.oneIn(20) ? 5 : 0);
    if (narrow) {
      code.i32(count);
    } else {
      code.i64(count);
    }
    code.op(TABLE_COPY, table, source);
  }

  private boolean init(int table) {
    int segment = dice.below(world.elements.size());
    Surroundings.Elements elements = world.elements.get(segment);
    if (dice.oneIn(6)) {
      code.op(ELEM_DROP, segment);
      return true;
    }
    if (!types.matches(elements.type(), element(table))) {
      return false;
    }
    int to = start(table);
    int from = dice.below(elements.size() + 1);
    code.i32(from)
        .i32(dice.below(Math.max(0, Math.min(size(table) - to, elements.size() - from)) + 1));
    code.op(TABLE_INIT, segment, table);
    return true;
  }

  // Tables

  private RefType element(int table) {
    return world.tables.get(table).type().element();
  }

  private NumType address(int table) {
    return Surroundings.number(world.tables.get(table).type().address());
  }

  private int size(int table) {
    return (int) world.tables.get(table).type().limits().min();
  }

  private void number(int table, int value) {
    if (world.tables.get(table).type().address() == AddressType.I64) {
      code.i64(value);
    } else {
      code.i32(value);
    }
  }

  private int start(int table) {
    int from = dice.below(size(table) + 1);
    number(table, from);
    return from;
  }

  private void length(int table, int from) {
    number(table, dice.below(size(table) - from + 1) + (dice.oneIn(20) ? 5 : 0));
  }

  private void index(int table, int depth) {
    if (dice.percent(60)) {
      number(table, dice.below(Math.max(1, size(table))));
      return;
    }
    boolean wide = address(table) == NumType.I64;
    function.expression(address(table), depth);
    if (!dice.oneIn(20)) {
      number(table, Math.max(1, Integer.highestOneBit(size(table))) - 1);
      code.op(wide ? I64_AND : I32_AND);
    }
  }
}
