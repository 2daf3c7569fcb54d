package dev.sampan.wasm.binary;

import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.Immediates;
import dev.sampan.wasm.model.Opcode;
import org.jspecify.annotations.Nullable;

/** Reads instructions one by one, or passes over them, without asking whether they make sense. */
public final class InstructionReader {

  /** The bit of a memory argument's alignment field behind which a memory index follows. */
  public static final int MEMORY_INDEX_FLAG = 0x40;

  private InstructionReader() {}

  /** The instruction at the cursor, which then stands at the immediates. */
  public static Opcode opcode(ByteReader in) {
    int at = in.position();
    int first = in.u8();
    if (!Opcode.isPrefix(first)) {
      Opcode opcode = Opcode.of(first);
      if (opcode == null) {
        throw ByteReader.malformed(String.format("illegal opcode %02x", first), at);
      }
      return opcode;
    }
    int code = in.u32();
    @Nullable Opcode opcode = Opcode.of(first, code);
    if (opcode == null) {
      throw ByteReader.malformed(
          String.format("illegal opcode %02x %s", first, Integer.toUnsignedString(code, 16)), at);
    }
    return opcode;
  }

  /** Passes over the immediates of an instruction. */
  public static void skipImmediates(ByteReader in, Immediates immediates) {
    switch (immediates) {
      case NONE -> {}
      case BLOCK_TYPE -> blockType(in);
      case BLOCK_TYPE_CATCHES -> {
        blockType(in);
        int count = in.count();
        for (int i = 0; i < count; i++) {
          skipCatch(in);
        }
      }
      case LABEL, FUNC, TYPE, TAG, LOCAL, GLOBAL, TABLE, ELEM, MEMORY, DATA -> in.u32();
      case LABELS -> {
        int count = in.count();
        for (int i = 0; i <= count; i++) {
          in.u32();
        }
      }
      case TYPE_TABLE,
          TABLE_TABLE,
          ELEM_TABLE,
          MEMORY_MEMORY,
          DATA_MEMORY,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEM,
          TYPE_TYPE -> {
        in.u32();
        in.u32();
      }
      case MEMARG -> skipMemArg(in);
      case MEMARG_LANE -> {
        skipMemArg(in);
        in.u8();
      }
      case LANE, FENCE -> in.u8();
      case LANES, V128 -> in.skip(16);
      case I32 -> in.s32();
      case I64 -> in.s64();
      case F32 -> in.fixed32();
      case F64 -> in.fixed64();
      case VAL_TYPES -> TypeReader.valTypes(in);
      case HEAP_TYPE -> TypeReader.heapType(in);
      case CAST -> {
        in.u8();
        in.u32();
        TypeReader.heapType(in);
        TypeReader.heapType(in);
      }
    }
  }

  /**
   * A block type.
   *
   * @return the type index, or -1 if the block type is empty or a value type
   */
  public static int blockType(ByteReader in) {
    int code = in.peek();
    if (code == TypeReader.EMPTY_BLOCK) {
      in.u8();
      return -1;
    }
    if (code >= TypeReader.EMPTY_BLOCK && code < 0x80) {
      TypeReader.valType(in);
      return -1;
    }
    int at = in.position();
    long index = in.s33();
    if (index < 0) {
      throw ByteReader.malformed("malformed block type: found " + index, at);
    }
    return (int) index;
  }

  private static void skipCatch(ByteReader in) {
    int at = in.position();
    int kind = in.u8();
    if (kind > 3) {
      throw ByteReader.malformed("malformed catch clause: found " + TypeReader.hex(kind), at);
    }
    if (kind < 2) {
      in.u32();
    }
    in.u32();
  }

  private static void skipMemArg(ByteReader in) {
    int at = in.position();
    int flags = in.u32();
    checkMemArgFlags(flags, at);
    if ((flags & MEMORY_INDEX_FLAG) != 0) {
      in.u32();
    }
    in.u64();
  }

  /** Refuses a memory argument's first number if it holds bits that mean nothing. */
  public static void checkMemArgFlags(int flags, int offset) {
    if (Integer.compareUnsigned(flags, 2 * MEMORY_INDEX_FLAG) >= 0) {
      throw ByteReader.malformed(
          "malformed memop flags: found 0x" + Integer.toHexString(flags), offset);
    }
  }

  /** Passes over the declarations of locals in front of a function's instructions. */
  static void skipLocals(ByteReader in) {
    int groups = in.count();
    for (int i = 0; i < groups; i++) {
      in.u32();
      TypeReader.valType(in);
    }
  }

  /** Passes over an expression up to and including its {@code end}. */
  static Expr expression(ByteReader in) {
    int start = in.position();
    int depth = 0;
    while (true) {
      Opcode opcode = opcode(in);
      switch (opcode) {
        case BLOCK, LOOP, IF, TRY, TRY_TABLE -> depth++;
        case DELEGATE -> depth--;
        case END -> {
          if (depth-- == 0) {
            return new Expr(in.bytes(), start, in.position());
          }
        }
        default -> {}
      }
      skipImmediates(in, opcode.immediates());
    }
  }
}
