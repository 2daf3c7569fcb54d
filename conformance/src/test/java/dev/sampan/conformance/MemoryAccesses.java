package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.List;

/** Generated loads, stores and operations on whole ranges. Most of them stay in bounds. */
final class MemoryAccesses extends Chapter {

  private static final List<List<Opcode>> LOADS = rows(Kind.LOAD, true);
  private static final List<List<Opcode>> STORES = rows(Kind.STORE, false);
  private static final List<Opcode> LANE_LOADS = new ArrayList<>();
  private static final List<Opcode> LANE_STORES = new ArrayList<>();

  static {
    for (Opcode opcode : Opcode.values()) {
      if (opcode.kind() == Kind.LOAD_LANE) {
        LANE_LOADS.add(opcode);
      } else if (opcode.kind() == Kind.STORE_LANE) {
        LANE_STORES.add(opcode);
      }
    }
  }

  MemoryAccesses(FunctionGenerator function) {
    super(function);
  }

  /** The rows of a kind by the type code of what they yield or take. */
  private static List<List<Opcode>> rows(Kind kind, boolean results) {
    List<List<Opcode>> rows = new ArrayList<>();
    for (int i = 0; i <= TypeCode.V128; i++) {
      rows.add(new ArrayList<>());
    }
    for (Opcode opcode : Opcode.values()) {
      if (opcode.kind() == kind) {
        rows.get(results ? opcode.signature().result(0) : opcode.signature().parameter(0))
            .add(opcode);
      }
    }
    return rows;
  }

  private static int typeCode(ValType type) {
    return type instanceof NumType num ? TypeCode.I32 + num.ordinal() : TypeCode.V128;
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (world.memories.isEmpty()) {
      return false;
    }
    int memory = dice.below(world.memories.size());
    if (type == VecType.V128 && dice.percent(30)) {
      Opcode opcode = dice.pick(LANE_LOADS);
      long offset = address(memory, depth);
      function.expression(type, depth);
      access(opcode, memory, offset);
      code.out().u8(dice.below(16 / opcode.width()));
      return true;
    }
    if (type instanceof NumType || type == VecType.V128) {
      if (type == Surroundings.number(world.memories.get(memory).address()) && dice.oneIn(12)) {
        if (dice.percent(70)) {
          code.op(MEMORY_SIZE, memory);
        } else {
          number(memory, dice.pick(0, 1, 1, 2, -1, 100));
          code.op(MEMORY_GROW, memory);
        }
        return true;
      }
      Opcode opcode = dice.pick(LOADS.get(typeCode(type)));
      access(opcode, memory, address(memory, depth));
      return true;
    }
    return false;
  }

  @Override
  boolean statement(int depth) {
    if (world.memories.isEmpty()) {
      return false;
    }
    int memory = dice.below(world.memories.size());
    switch (dice.below(10)) {
      case 0 -> bulk(memory, depth);
      case 1 -> {
        if (!world.flavour.has(Flavour.Part.VECTORS)) {
          return false;
        }
        Opcode opcode = dice.pick(LANE_STORES);
        long offset = address(memory, depth);
        function.expression(VecType.V128, depth);
        access(opcode, memory, offset);
        code.out().u8(dice.below(16 / opcode.width()));
      }
      default -> {
        boolean vectors = world.flavour.has(Flavour.Part.VECTORS);
        Opcode opcode = dice.pick(STORES.get(dice.between(1, vectors ? 5 : 4)));
        long offset = address(memory, depth);
        function.expression(Numbers.type(opcode.signature().parameter(0)), depth);
        access(opcode, memory, offset);
      }
    }
    return true;
  }

  private void access(Opcode opcode, int memory, long offset) {
    int natural = Integer.numberOfTrailingZeros(opcode.width());
    code.access(opcode, memory, dice.percent(70) ? natural : dice.below(natural + 1), offset);
  }

  private boolean isWide(int memory) {
    return world.memories.get(memory).address() == AddressType.I64;
  }

  /** A constant of the memory's address type. */
  void number(int memory, long value) {
    if (isWide(memory)) {
      code.i64(value);
    } else {
      code.i32((int) value);
    }
  }

  /**
   * Writes an address, mostly one inside the memory.
   *
   * @return the offset to be used with it
   */
  long address(int memory, int depth) {
    long size = Math.max(1, world.bytes(memory));
    long offset =
        switch (dice.below(40)) {
          case 0 -> Math.max(0, size - dice.between(8, 60));
          case 1 -> dice.oneIn(5) ? dice.i32() & 0xFFFF_FFFFL : dice.below(2000);
          case 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> dice.below(64);
          default -> 0;
        };
    if (isWide(memory) && dice.oneIn(200)) {
      offset = dice.i64();
    }
    NumType type = Surroundings.number(world.memories.get(memory).address());
    switch (dice.below(50)) {
      case 0 -> number(memory, dice.below((int) size + 20));
      case 1 -> number(memory, size - dice.between(1, 60));
      case 2 -> function.leaf(type);
      case 3, 4, 5, 6, 7, 8 ->
          number(memory, dice.below((int) Math.clamp(size - offset - 16, 1, size)));
      default -> masked(memory, offset, depth);
    }
    return offset;
  }

  /**
   * An address that leaves room for the offset and for a vector, unless the memory is too small.
   */
  private void masked(int memory, long offset, int depth) {
    long room = world.bytes(memory) - offset - 16;
    NumType type = Surroundings.number(world.memories.get(memory).address());
    if (room < 2) {
      number(memory, 0);
      return;
    }
    function.expression(type, depth);
    number(memory, (Long.highestOneBit(room) >> dice.below(4)) - 1 & dice.pick(-1, -1, -4, -8));
    code.op(isWide(memory) ? I64_AND : I32_AND);
    if (dice.percent(25)) {
      number(memory, dice.below(16));
      code.op(isWide(memory) ? I64_ADD : I32_ADD);
    }
  }

  private void bulk(int memory, int depth) {
    switch (dice.below(8)) {
      case 0, 1, 2 -> {
        address(memory, depth);
        function.i32(depth);
        length(isWide(memory));
        code.op(MEMORY_FILL, memory);
      }
      case 3, 4, 5 -> {
        int source = dice.percent(60) ? memory : dice.below(world.memories.size());
        address(memory, depth);
        address(source, depth);
        length(isWide(memory) && isWide(source));
        code.op(MEMORY_COPY, memory, source);
      }
      default -> {
        if (world.data.isEmpty()) {
          code.op(NOP);
          return;
        }
        int segment = dice.below(world.data.size());
        if (dice.oneIn(8)) {
          code.op(DATA_DROP, segment);
          return;
        }
        int size = world.data.get(segment);
        int start = dice.below(size + 1);
        address(memory, depth);
        code.i32(start).i32(dice.below(size - start + 1 + (dice.oneIn(10) ? 3 : 0)));
        code.op(MEMORY_INIT, segment, memory);
      }
    }
  }

  private void length(boolean wide) {
    int length = dice.pick(0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 17, 20, 31, 32, 33, 64, 100);
    if (dice.oneIn(40)) {
      length = dice.i32();
    }
    if (wide) {
      code.i64(length);
    } else {
      code.i32(length);
    }
  }
}
