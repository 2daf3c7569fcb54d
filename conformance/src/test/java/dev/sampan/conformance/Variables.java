package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.binary.TypeWriter;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import java.util.List;

/** Generated locals, globals, {@code select} and {@code drop}. */
final class Variables extends Chapter {

  Variables(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    return switch (dice.below(5)) {
      case 0 -> get(type);
      case 1 -> tee(type, depth);
      case 2 -> global(type);
      default -> {
        select(type, depth);
        yield true;
      }
    };
  }

  private boolean get(ValType type) {
    int local = function.local(type);
    if (local < 0) {
      return false;
    }
    code.op(LOCAL_GET, local);
    return true;
  }

  private boolean tee(ValType type, int depth) {
    int local = function.settable(type);
    if (local < 0 || !types.matches(function.localType(local), type)) {
      return false;
    }
    function.expression(function.localType(local), depth);
    function.teeLocal(local);
    return true;
  }

  private boolean global(ValType type) {
    int start = dice.below(world.globals.size());
    for (int i = 0; i < world.globals.size(); i++) {
      int index = (start + i) % world.globals.size();
      if (types.matches(world.globals.get(index).type(), type)) {
        code.op(GLOBAL_GET, index);
        return true;
      }
    }
    return false;
  }

  private void select(ValType type, int depth) {
    function.expression(type, depth);
    function.expression(type, depth);
    function.i32(depth);
    if (type instanceof RefType || dice.percent(20)) {
      code.op(SELECT_TYPED);
      TypeWriter.valTypes(code.out(), List.of(type));
    } else {
      code.op(SELECT);
    }
  }

  @Override
  boolean statement(int depth) {
    return switch (dice.below(8)) {
      case 0 -> setGlobal(depth);
      case 1 -> {
        function.expression(types.value(), depth);
        code.op(DROP);
        yield true;
      }
      case 2 -> swap();
      default -> setLocal(depth);
    };
  }

  private boolean setLocal(int depth) {
    int local = function.localCount() == 0 ? -1 : dice.below(function.localCount());
    if (local < 0 || function.isLocked(local)) {
      local = function.fresh(types.value());
    }
    function.expression(function.localType(local), depth);
    function.setLocal(local);
    return true;
  }

  private boolean setGlobal(int depth) {
    int index = dice.below(world.globals.size());
    GlobalType type = world.globals.get(index);
    if (!type.mutable() || index == Surroundings.FUEL) {
      return false;
    }
    function.expression(type.type(), depth);
    code.op(GLOBAL_SET, index);
    return true;
  }

  /** Exchanges locals while their old values wait on the stack. */
  private boolean swap() {
    ValType type = dice.percent(70) ? NumType.I32 : types.value();
    int one = function.local(type);
    int other = function.settable(type);
    if (one < 0 || other < 0 || !types.matches(function.localType(other), type)) {
      return false;
    }
    code.op(LOCAL_GET, one);
    function.expression(function.localType(other), 2);
    function.setLocal(other);
    int third = function.settable(type);
    if (third < 0 || third == other) {
      code.op(DROP);
    } else {
      function.setLocal(third);
    }
    return true;
  }
}
