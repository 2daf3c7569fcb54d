package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.MemoryInstance;
import org.jspecify.annotations.Nullable;

/** Writes the instructions on memories (Execution › Memory Instructions). */
final class MemoryCode {

  private static final String HEAP = "L" + Member.internalName(HeapMemory.class) + ";";
  private static final String ANY = "L" + Member.internalName(MemoryInstance.class) + ";";
  private static final Member MEMORIES =
      new Member(FunctionShape.INSTANCE_CLASS, "memories", "[" + ANY);
  static final Member UNSIGNED = new Member("java/lang/Integer", "toUnsignedLong", "(I)J");

  /** The members of the fast accesses and of the others, by the instruction's number. */
  private static final @Nullable Member[] FAST = new Member[Opcode.count()];

  private static final @Nullable Member[] FAST_AT_ADDRESS = new Member[Opcode.count()];
  private static final @Nullable Member[] NARROW = new Member[Opcode.count()];
  private static final @Nullable Member[] WIDE = new Member[Opcode.count()];

  private final Emission e;

  MemoryCode(Emission emission) {
    this.e = emission;
  }

  private boolean isNarrow(int memory) {
    return e.shape.definition().allMemories().get(memory).address() == AddressType.I32;
  }

  /** Offsets so large are in no memory that is an array, and would not fit its methods. */
  private static final long MAX_OFFSET = Integer.MAX_VALUE - 16;

  private boolean isFast(int memory, long offset) {
    return memory == 0 && e.shape.isFast(memory) && offset >= 0 && offset <= MAX_OFFSET;
  }

  private void memory(int index) {
    e.instance();
    e.code.getField(MEMORIES);
    e.code.pushInt(index);
    e.code.op(Jvm.AALOAD);
  }

  // ---- accesses ----

  /** Pushes offset and memory behind an address, and reads a number. */
  private void read(Opcode opcode, int memory, long offset) {
    if (isFast(memory, offset)) {
      @Nullable Member[] members = offset == 0 ? FAST_AT_ADDRESS : FAST;
      Member member = members[opcode.ordinal()];
      if (member == null) {
        member =
            Member.of(
                HeapAccess.class,
                Emission.javaName(opcode.text()),
                (offset == 0 ? "(I" : "(II")
                    + HEAP
                    + ")"
                    + Emission.letter(opcode.signature().results()));
        members[opcode.ordinal()] = member;
      }
      if (offset != 0) {
        e.code.pushInt((int) offset);
      }
      e.memory();
      e.code.invokeStatic(member);
    } else {
      Member member = WIDE[opcode.ordinal()];
      if (member == null) {
        member =
            Member.of(
                MemoryAccess.class,
                Emission.javaName(opcode.text()),
                "(JJ" + ANY + ")" + Emission.letter(opcode.signature().results()));
        WIDE[opcode.ordinal()] = member;
      }
      if (isNarrow(memory)) {
        e.code.invokeStatic(UNSIGNED);
      }
      e.code.pushLong(offset);
      memory(memory);
      e.code.invokeStatic(member);
    }
  }

  /** Pushes offset and memory behind an address and a value, and writes it. */
  private void write(Opcode opcode, String value, int memory, long offset) {
    boolean narrow = isNarrow(memory);
    boolean fast = isFast(memory, offset);
    boolean atAddress = fast && offset == 0 && opcode != Opcode.V128_STORE;
    @Nullable Member[] members = atAddress ? FAST_AT_ADDRESS : fast ? FAST : narrow ? NARROW : WIDE;
    Member member = members[opcode.ordinal()];
    if (member == null) {
      String name = Emission.javaName(opcode.text());
      member =
          fast
              ? Member.of(
                  HeapAccess.class, name, "(I" + value + (atAddress ? "" : "I") + HEAP + ")V")
              : Member.of(
                  MemoryAccess.class, name, "(" + (narrow ? "I" : "J") + value + "J" + ANY + ")V");
      members[opcode.ordinal()] = member;
    }
    if (fast) {
      if (!atAddress) {
        e.code.pushInt((int) offset);
      }
      e.memory();
    } else {
      e.code.pushLong(offset);
      memory(memory);
    }
    e.code.invokeStatic(member);
  }

  void load(int i, Opcode opcode) {
    e.operands.load(1);
    e.mark(i);
    int memory = e.body.first[i];
    long offset = e.body.low[i];
    if (opcode.signature().results() == TypeCode.V128) {
      loadVector(opcode, memory, offset);
    } else {
      read(opcode, memory, offset);
      e.operands.pop();
      e.operands.push(opcode.signature().results());
    }
  }

  void store(int i, Opcode opcode) {
    int memory = e.body.first[i];
    long offset = e.body.low[i];
    if (opcode == Opcode.V128_STORE) {
      e.operands.arguments(2);
      e.mark(i);
      write(opcode, "JJ", memory, offset);
    } else {
      e.operands.load(2);
      e.operands.pop(2);
      e.mark(i);
      write(
          opcode, String.valueOf(Emission.letter(opcode.signature().parameters())), memory, offset);
    }
  }

  // ---- vectors ----

  private void loadVector(Opcode opcode, int memory, long offset) {
    boolean wholeAddress = !isNarrow(memory);
    e.operands.pop();
    int home = e.operands.home(e.operands.height());
    switch (opcode) {
      case V128_LOAD -> {
        e.code.op(wholeAddress ? Jvm.DUP2 : Jvm.DUP);
        read(Opcode.I64_LOAD, memory, offset);
        // the address is below, and the home of the result might be its own
        e.variables.storeHalf(home, 0);
        read(Opcode.I64_LOAD, memory, offset + 8);
        e.variables.storeHalf(home, 1);
      }
      case V128_LOAD8X8_S -> extend(memory, offset, home, VectorCode.EXTEND_8X8_S);
      case V128_LOAD8X8_U -> extend(memory, offset, home, VectorCode.EXTEND_8X8_U);
      case V128_LOAD16X4_S -> extend(memory, offset, home, VectorCode.EXTEND_16X4_S);
      case V128_LOAD16X4_U -> extend(memory, offset, home, VectorCode.EXTEND_16X4_U);
      case V128_LOAD32X2_S -> extend(memory, offset, home, VectorCode.EXTEND_32X2_S);
      case V128_LOAD32X2_U -> extend(memory, offset, home, VectorCode.EXTEND_32X2_U);
      case V128_LOAD8_SPLAT -> splat(Opcode.I32_LOAD8_U, memory, offset, home, Opcode.I8X16_SPLAT);
      case V128_LOAD16_SPLAT ->
          splat(Opcode.I32_LOAD16_U, memory, offset, home, Opcode.I16X8_SPLAT);
      case V128_LOAD32_SPLAT -> splat(Opcode.I32_LOAD, memory, offset, home, Opcode.I32X4_SPLAT);
      case V128_LOAD64_SPLAT -> splat(Opcode.I64_LOAD, memory, offset, home, Opcode.I64X2_SPLAT);
      default -> {
        Opcode narrow = opcode == Opcode.V128_LOAD32_ZERO ? Opcode.I64_LOAD32_U : Opcode.I64_LOAD;
        read(narrow, memory, offset);
        e.variables.storeHalf(home, 0);
        e.code.pushLong(0);
        e.variables.storeHalf(home, 1);
      }
    }
    e.operands.push(TypeCode.V128);
  }

  private void extend(int memory, long offset, int home, Member[] halves) {
    read(Opcode.I64_LOAD, memory, offset);
    e.code.op(Jvm.DUP2);
    e.code.pushLong(0);
    e.code.invokeStatic(halves[0]);
    e.variables.storeHalf(home, 0);
    e.code.pushLong(0);
    e.code.invokeStatic(halves[1]);
    e.variables.storeHalf(home, 1);
  }

  private void splat(Opcode load, int memory, long offset, int home, Opcode splat) {
    read(load, memory, offset);
    e.code.invokeStatic(VectorCode.method(splat, ""));
    e.variables.storeBothHalves(home, e.code);
  }

  private static Opcode laneLoad(int width) {
    return switch (width) {
      case 1 -> Opcode.I32_LOAD8_U;
      case 2 -> Opcode.I32_LOAD16_U;
      case 4 -> Opcode.I32_LOAD;
      default -> Opcode.I64_LOAD;
    };
  }

  private static Opcode laneStore(int width) {
    return switch (width) {
      case 1 -> Opcode.I32_STORE8;
      case 2 -> Opcode.I32_STORE16;
      case 4 -> Opcode.I32_STORE;
      default -> Opcode.I64_STORE;
    };
  }

  /** Address and vector; the vector with one lane from memory is left. */
  void loadLane(int i, Opcode opcode, VectorCode vectors) {
    int width = opcode.width();
    int waiting = readLane(i, opcode);
    int vector = e.operands.height() - 1;
    int kind = width == 8 ? TypeCode.I64 : TypeCode.I32;
    vectors.replaceLane(vector, 16 / width, e.body.second[i], kind, waiting);
    // both halves go down into the address's place
    int home = e.operands.home(vector - 1);
    for (int half = 0; half < 2; half++) {
      e.operands.half(vector, half);
      e.variables.storeHalf(home, half);
    }
    e.operands.dropBelowTop();
  }

  /** Reads what becomes a lane of the vector on top; it waits at the home that is yielded. */
  int readLane(int i, Opcode opcode) {
    int width = opcode.width();
    e.operands.load(2);
    e.mark(i);
    read(laneLoad(width), e.body.first[i], e.body.low[i]);
    // the value has taken the address's place on the stack; it waits behind the vector
    int waiting = e.operands.home(e.operands.height());
    e.variables.store(width == 8 ? TypeCode.I64 : TypeCode.I32, waiting);
    return waiting;
  }

  void storeLane(int i, Opcode opcode) {
    int width = opcode.width();
    int bits = 8 * width;
    int lane = e.body.second[i];
    int half = lane * bits / 64;
    int shift = lane * bits % 64;
    e.operands.load(2);
    e.mark(i);
    e.operands.half(e.operands.height() - 1, half);
    if (shift > 0) {
      e.code.pushInt(shift);
      e.code.op(Jvm.LUSHR);
    }
    if (width < 8) {
      e.code.op(Jvm.L2I);
    }
    write(laneStore(width), width == 8 ? "J" : "I", e.body.first[i], e.body.low[i]);
    e.operands.pop(2);
  }

  // ---- atomics ----

  /**
   * All atomic accesses go through one method each per kind, with the operands as they are, the
   * offset, the instruction's number and the memory.
   */
  void atomic(int i, Opcode opcode) {
    int memory = e.body.first[i];
    int values = opcode.signature().parameterCount();
    e.operands.load(values + 1);
    e.operands.pop(values + 1);
    e.mark(i);
    StringBuilder descriptor = new StringBuilder("(").append(isNarrow(memory) ? 'I' : 'J');
    for (int k = 0; k < values; k++) {
      descriptor.append(Emission.letter(opcode.signature().parameter(k)));
    }
    descriptor.append("JI").append(ANY).append(')');
    int result = opcode.signature().results();
    descriptor.append(result == 0 ? 'V' : Emission.letter(result));
    e.code.pushLong(e.body.low[i]);
    e.code.pushInt(opcode.ordinal());
    memory(memory);
    e.code.invokeStatic(
        Member.of(AtomicAccess.class, AtomicAccess.methodName(opcode), descriptor.toString()));
    if (result != 0) {
      e.operands.push(result);
    }
  }

  // ---- whole ranges ----

  private String letter(int memory) {
    return isNarrow(memory) ? "I" : "J";
  }

  void bulk(int i, Opcode opcode) {
    int first = e.body.first[i];
    int second = e.body.second[i];
    e.mark(i);
    switch (opcode.kind()) {
      case MEMORY_SIZE -> {
        call(isNarrow(first) ? "size32" : "size64", "", first, -1, letter(first));
        e.operands.push(isNarrow(first) ? TypeCode.I32 : TypeCode.I64);
      }
      case MEMORY_GROW -> {
        take(1);
        call("grow", letter(first), first, -1, letter(first));
        e.operands.push(isNarrow(first) ? TypeCode.I32 : TypeCode.I64);
      }
      case MEMORY_FILL -> {
        take(3);
        call("fill", letter(first) + "I" + letter(first), first, -1, "V");
      }
      case MEMORY_COPY -> {
        take(3);
        String count = isNarrow(first) || isNarrow(second) ? "I" : "J";
        call("copy", letter(first) + letter(second) + count, first, second, "V");
      }
      case MEMORY_INIT -> {
        take(3);
        call("init", letter(second) + "II", first, second, "V");
      }
      default -> call("dropData", "", first, -1, "V");
    }
  }

  private void take(int count) {
    e.operands.load(count);
    e.operands.pop(count);
  }

  private void call(String name, String operands, int first, int second, String result) {
    e.helper(MemoryRanges.class, name, operands, first, second, result);
  }
}
