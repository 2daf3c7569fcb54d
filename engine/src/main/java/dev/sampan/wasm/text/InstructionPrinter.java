package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import java.util.List;
import java.util.Map;

/** Prints instructions flat, decoding them from bytes. */
final class InstructionPrinter {

  private static final String[] CATCHES = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
  private static final PrintedNames NO_LOCALS = new PrintedNames(Map.of(), 0);
  private static final int DEEPEST_INDENT = 40;

  private final StringBuilder out;
  private final ModuleNames names;
  private final TypePrinter types;
  private PrintedNames locals = NO_LOCALS;
  private PrintedLabels labels = new PrintedLabels(Map.of());
  private Map<Integer, Boolean> hints = Map.of();
  private int printedHints;

  InstructionPrinter(StringBuilder out, ModuleNames names, TypePrinter types) {
    this.out = out;
    this.names = names;
    this.types = types;
  }

  /** The number of branch hints that found their instruction. */
  int printedHints() {
    return printedHints;
  }

  /**
   * Prints a function's code, each instruction on a line.
   *
   * @param in at the first instruction
   * @param start where the function's body begins
   */
  void body(
      ByteReader in,
      int start,
      PrintedNames functionLocals,
      Map<Integer, String> labelNames,
      Map<Integer, Boolean> functionHints) {
    locals = functionLocals;
    labels = new PrintedLabels(labelNames);
    hints = functionHints;
    while (true) {
      int offset = in.position() - start;
      Opcode opcode = InstructionReader.opcode(in);
      if (opcode == Opcode.END && labels.depth() == 0) {
        break;
      }
      int depth = labels.depth() - (isDivider(opcode) ? 1 : 0);
      out.append("\n    ").append("  ".repeat(Math.clamp(depth, 0, DEEPEST_INDENT)));
      hint(opcode, offset);
      instruction(opcode, in);
    }
    if (in.hasMore()) {
      throw ByteReader.malformed("END opcode expected: code goes on behind it", in.position());
    }
  }

  private static boolean isDivider(Opcode opcode) {
    return switch (opcode) {
      case END, ELSE, CATCH, CATCH_ALL, DELEGATE -> true;
      default -> false;
    };
  }

  private void hint(Opcode opcode, int offset) {
    Boolean likely = BranchHintParser.isTarget(opcode) ? hints.get(offset) : null;
    if (likely != null) {
      out.append("(@metadata.code.branch_hint \"\\0").append(likely ? 1 : 0).append("\") ");
      printedHints++;
    }
  }

  /**
   * Prints the instructions of an expression in one line.
   *
   * @return how many there were
   */
  int expression(ByteReader in) {
    locals = NO_LOCALS;
    labels = new PrintedLabels(Map.of());
    int count = 0;
    while (true) {
      Opcode opcode = InstructionReader.opcode(in);
      if (opcode == Opcode.END && labels.depth() == 0) {
        return count;
      }
      if (count++ > 0) {
        out.append(' ');
      }
      instruction(opcode, in);
    }
  }

  private void instruction(Opcode opcode, ByteReader in) {
    out.append(opcode.text());
    switch (opcode) {
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> {
        String id = labels.next();
        if (id != null) {
          out.append(' ').append(PrintedNames.id(id));
        }
        out.append(" (;@").append(labels.depth() + 1).append(";)");
        immediates(opcode, in);
        labels.push(id);
      }
      case END -> labels.pop();
      case DELEGATE -> {
        labels.pop();
        immediates(opcode, in);
      }
      case REF_TEST, REF_CAST -> spacedRefType(false, in);
      case REF_TEST_NULL, REF_CAST_NULL -> spacedRefType(true, in);
      default -> immediates(opcode, in);
    }
  }

  private void immediates(Opcode opcode, ByteReader in) {
    switch (opcode.immediates()) {
      case NONE -> {}
      case BLOCK_TYPE -> blockType(in);
      case BLOCK_TYPE_CATCHES -> {
        blockType(in);
        int count = in.count();
        for (int i = 0; i < count; i++) {
          catchClause(in);
        }
      }
      case LABEL -> label(in.u32());
      case LABELS -> {
        int count = in.count();
        for (int i = 0; i <= count; i++) {
          label(in.u32());
        }
      }
      case FUNC -> use(Space.FUNCTION, in.u32());
      case TYPE -> use(Space.TYPE, in.u32());
      case TYPE_TABLE -> {
        int type = in.u32();
        optional(Space.TABLE, in.u32());
        out.append(" (type ").append(names.of(Space.TYPE).use(type)).append(')');
      }
      case TAG -> use(Space.TAG, in.u32());
      case LOCAL -> out.append(' ').append(locals.use(in.u32()));
      case GLOBAL -> use(Space.GLOBAL, in.u32());
      case TABLE -> optional(Space.TABLE, in.u32());
      case TABLE_TABLE -> pair(Space.TABLE, in);
      case ELEM_TABLE -> segment(Space.ELEMENT, Space.TABLE, in);
      case ELEM -> use(Space.ELEMENT, in.u32());
      case MEMORY -> optional(Space.MEMORY, in.u32());
      case MEMORY_MEMORY -> pair(Space.MEMORY, in);
      case DATA_MEMORY -> segment(Space.DATA, Space.MEMORY, in);
      case DATA -> use(Space.DATA, in.u32());
      case MEMARG -> memArg(opcode, in);
      case MEMARG_LANE -> {
        memArg(opcode, in);
        out.append(' ').append(in.u8());
      }
      case LANE -> out.append(' ').append(in.u8());
      case LANES -> {
        for (int i = 0; i < 16; i++) {
          out.append(' ').append(in.u8());
        }
      }
      case I32 -> out.append(' ').append(in.s32());
      case I64 -> out.append(' ').append(in.s64());
      case F32 -> out.append(' ').append(FloatText.f32(in.fixed32()));
      case F64 -> out.append(' ').append(FloatText.f64(in.fixed64()));
      case V128 -> {
        out.append(" i32x4");
        for (int i = 0; i < 4; i++) {
          out.append(String.format(" 0x%08x", in.fixed32()));
        }
      }
      case VAL_TYPES -> {
        out.append(" (result");
        valTypes(TypeReader.valTypes(in));
        out.append(')');
      }
      case HEAP_TYPE -> {
        out.append(' ');
        types.heapType(TypeReader.heapType(in));
      }
      case CAST -> {
        int flags = in.u8();
        label(in.u32());
        spacedRefType((flags & 1) != 0, in);
        spacedRefType((flags & 2) != 0, in);
      }
      case TYPE_FIELD -> {
        int type = in.u32();
        use(Space.TYPE, type);
        out.append(' ').append(names.fields(type).use(in.u32()));
      }
      case TYPE_COUNT -> {
        use(Space.TYPE, in.u32());
        out.append(' ').append(Integer.toUnsignedString(in.u32()));
      }
      case TYPE_DATA -> {
        use(Space.TYPE, in.u32());
        use(Space.DATA, in.u32());
      }
      case TYPE_ELEM -> {
        use(Space.TYPE, in.u32());
        use(Space.ELEMENT, in.u32());
      }
      case TYPE_TYPE -> {
        use(Space.TYPE, in.u32());
        use(Space.TYPE, in.u32());
      }
      case FENCE -> in.u8();
    }
  }

  private void blockType(ByteReader in) {
    int start = in.position();
    int index = InstructionReader.blockType(in);
    if (index >= 0) {
      types.typeUse(new TypeIndex(index), null);
    } else if (in.bytes()[start] != TypeReader.EMPTY_BLOCK) {
      in.position(start);
      out.append(" (result");
      valTypes(List.of(TypeReader.valType(in)));
      out.append(')');
    }
  }

  private void catchClause(ByteReader in) {
    int at = in.position();
    int kind = in.u8();
    if (kind >= CATCHES.length) {
      throw ByteReader.malformed("malformed catch clause: found " + kind, at);
    }
    out.append(" (").append(CATCHES[kind]);
    if (kind < 2) {
      use(Space.TAG, in.u32());
    }
    label(in.u32());
    out.append(')');
  }

  private void label(int index) {
    String id = labels.id(index);
    if (id != null) {
      out.append(' ').append(PrintedNames.id(id));
      return;
    }
    out.append(' ').append(Integer.toUnsignedString(index));
    if (Integer.compareUnsigned(index, labels.depth()) < 0) {
      out.append(" (;@").append(labels.depth() - index).append(";)");
    }
  }

  private void use(Space space, int index) {
    out.append(' ').append(names.of(space).use(index));
  }

  private void optional(Space space, int index) {
    if (index != 0) {
      use(space, index);
    }
  }

  private void pair(Space space, ByteReader in) {
    int target = in.u32();
    int source = in.u32();
    if (target != 0 || source != 0) {
      use(space, target);
      use(space, source);
    }
  }

  private void segment(Space segments, Space targets, ByteReader in) {
    int segment = in.u32();
    optional(targets, in.u32());
    use(segments, segment);
  }

  private void memArg(Opcode opcode, ByteReader in) {
    int at = in.position();
    int flags = in.u32();
    InstructionReader.checkMemArgFlags(flags, at);
    boolean indexed = (flags & InstructionReader.MEMORY_INDEX_FLAG) != 0;
    optional(Space.MEMORY, indexed ? in.u32() : 0);
    long offset = in.u64();
    if (offset != 0) {
      out.append(" offset=").append(Long.toUnsignedString(offset));
    }
    long alignment = 1L << (flags & InstructionReader.MEMORY_INDEX_FLAG - 1);
    if (alignment != opcode.width()) {
      out.append(" align=").append(Long.toUnsignedString(alignment));
    }
  }

  private void spacedRefType(boolean nullable, ByteReader in) {
    out.append(' ');
    types.refType(new RefType(nullable, TypeReader.heapType(in)));
  }

  private void valTypes(List<ValType> list) {
    for (ValType type : list) {
      out.append(' ');
      types.valType(type);
    }
  }
}
