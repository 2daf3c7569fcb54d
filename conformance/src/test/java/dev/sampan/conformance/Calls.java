package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import java.util.List;

/** Generated calls: direct, through tables and through references, each also as tail call. */
final class Calls extends Chapter {

  Calls(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    for (int attempt = 0; attempt < 4; attempt++) {
      int callee = dice.below(world.functions.size());
      List<ValType> results = world.functionType(callee).results();
      if (results.stream().anyMatch(result -> types.matches(result, type))) {
        call(callee, false, depth);
        function.settle(results, type);
        return true;
      }
    }
    return false;
  }

  @Override
  boolean statement(int depth) {
    int callee = dice.below(world.functions.size());
    call(callee, false, depth);
    function.consume(world.functionType(callee).results());
    return true;
  }

  /** A tail call, if a function has suitable results. */
  boolean tail(int depth) {
    for (int attempt = 0; attempt < 8; attempt++) {
      int callee = dice.below(world.functions.size());
      if (types.matches(world.functionType(callee).results(), function.type().results())) {
        call(callee, true, depth);
        return true;
      }
    }
    return false;
  }

  private void call(int callee, boolean tail, int depth) {
    FuncType type = world.functionType(callee);
    function.expressions(type.parameters(), depth);
    switch (dice.below(4)) {
      case 0 -> indirect(callee, tail);
      case 1 -> {
        if (!world.flavour.has(Flavour.Part.REFERENCES)) {
          code.op(tail ? RETURN_CALL : CALL, callee);
          return;
        }
        int index = world.functions.get(callee).type();
        if (dice.percent(50)) {
          code.op(REF_FUNC, callee);
        } else {
          function.expression(new RefType(dice.percent(20), new TypeIndex(index)), 1);
        }
        code.op(tail ? RETURN_CALL_REF : CALL_REF, index);
      }
      default -> code.op(tail ? RETURN_CALL : CALL, callee);
    }
  }

  private void indirect(int callee, boolean tail) {
    int type = world.functions.get(callee).type();
    for (int table = 0; table < world.tables.size(); table++) {
      Surroundings.Table each = world.tables.get(table);
      for (int slot = 0; slot < each.functions().length; slot++) {
        if (each.functions()[slot] == callee) {
          boolean wide = each.type().address() == AddressType.I64;
          if (dice.oneIn(15)) {
            number(wide, dice.oneIn(3) ? dice.i32() : dice.below(12));
          } else {
            number(wide, slot);
          }
          code.op(tail ? RETURN_CALL_INDIRECT : CALL_INDIRECT, type, table);
          return;
        }
      }
    }
    code.op(tail ? RETURN_CALL : CALL, callee);
  }

  private void number(boolean wide, int value) {
    if (wide) {
      code.i64(value);
    } else {
      code.i32(value);
    }
  }
}
