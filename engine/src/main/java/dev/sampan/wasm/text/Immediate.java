package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.binary.TypeWriter;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.text.TypeParser.ParameterNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses what follows an instruction's mnemonic, and writes the instruction but for its operands.
 */
final class Immediate {

  private final TokenCursor cursor;
  private final ModuleContext context;
  private final TypeParser types;
  private final Labels labels;
  private final VectorParser vectors;
  private @Nullable Locals locals;

  Immediate(TokenCursor cursor, ModuleContext context, TypeParser types, Labels labels) {
    this.cursor = cursor;
    this.context = context;
    this.types = types;
    this.labels = labels;
    this.vectors = new VectorParser(cursor);
  }

  /** Sets the locals that instructions may name; none in a constant expression. */
  void locals(@Nullable Locals newLocals) {
    locals = newLocals;
  }

  /** The block type, and for {@code try_table} the catch clauses; the label is not yet known. */
  void blockHeader(Opcode opcode, ByteWriter out) {
    TypeParser.BlockType type = types.blockType();
    TypeIndex index = type.type();
    ValType result = type.result();
    if (index != null) {
      out.s33(Integer.toUnsignedLong(index.index()));
    } else if (result != null) {
      TypeWriter.valType(out, result);
    } else {
      out.u8(TypeReader.EMPTY_BLOCK);
    }
    if (opcode == Opcode.TRY_TABLE) {
      catches(out);
    }
  }

  private void catches(ByteWriter out) {
    int count = 0;
    ByteWriter clauses = new ByteWriter();
    for (int kind = catchKind(); kind >= 0; kind = catchKind()) {
      cursor.open();
      cursor.advance();
      clauses.u8(kind);
      if (kind < 2) {
        clauses.u32(context.tags.index(cursor));
      }
      clauses.u32(labels.index(cursor));
      cursor.close();
      count++;
    }
    out.u32(count);
    out.bytes(clauses);
  }

  private int catchKind() {
    if (cursor.openOpcode() == Opcode.CATCH) {
      return 0;
    }
    if (cursor.atOpen(Keyword.CATCH_REF)) {
      return 1;
    }
    if (cursor.openOpcode() == Opcode.CATCH_ALL) {
      return 2;
    }
    return cursor.atOpen(Keyword.CATCH_ALL_REF) ? 3 : -1;
  }

  /** An instruction that opens no block. The cursor stands behind the mnemonic. */
  void write(Opcode opcode, ByteWriter out) {
    switch (opcode) {
      case SELECT -> select(out);
      case REF_TEST -> typeTest(out, Opcode.REF_TEST, Opcode.REF_TEST_NULL);
      case REF_CAST -> typeTest(out, Opcode.REF_CAST, Opcode.REF_CAST_NULL);
      default -> {
        InstructionWriter.opcode(out, opcode);
        immediates(opcode, out);
      }
    }
  }

  private void select(ByteWriter out) {
    if (!cursor.atOpen(Keyword.RESULT)) {
      InstructionWriter.opcode(out, Opcode.SELECT);
      return;
    }
    InstructionWriter.opcode(out, Opcode.SELECT_TYPED);
    TypeWriter.valTypes(out, types.results());
  }

  private void typeTest(ByteWriter out, Opcode nonNull, Opcode nullable) {
    RefType type = types.refType();
    InstructionWriter.opcode(out, type.nullable() ? nullable : nonNull);
    TypeWriter.heapType(out, type.heap());
  }

  private void immediates(Opcode opcode, ByteWriter out) {
    switch (opcode.immediates()) {
      case NONE -> {}
      case BLOCK_TYPE, BLOCK_TYPE_CATCHES ->
          throw new AssertionError(opcode + " opens a block; please report");
      case LABEL -> out.u32(labels.index(cursor));
      case LABELS -> labelTable(out);
      case FUNC -> out.u32(context.functions.index(cursor));
      case TYPE -> out.u32(context.typeIds.index(cursor));
      case TYPE_TABLE -> {
        int table = optional(context.tables);
        out.u32(types.typeUse(ParameterNames.FORBIDDEN));
        out.u32(table);
      }
      case TAG -> out.u32(context.tags.index(cursor));
      case LOCAL -> out.u32(locals != null ? locals.index(cursor) : cursor.u32("a local index"));
      case GLOBAL -> out.u32(context.globals.index(cursor));
      case TABLE -> out.u32(optional(context.tables));
      case TABLE_TABLE -> pair(context.tables, out);
      case ELEM_TABLE -> segment(context.elements, context.tables, out);
      case ELEM -> out.u32(context.elements.index(cursor));
      case MEMORY -> out.u32(optional(context.memories));
      case MEMORY_MEMORY -> pair(context.memories, out);
      case DATA_MEMORY -> {
        context.mentionsData = true;
        segment(context.data, context.memories, out);
      }
      case DATA -> {
        context.mentionsData = true;
        out.u32(context.data.index(cursor));
      }
      case MEMARG -> memArg(opcode, optional(context.memories), out);
      case MEMARG_LANE -> {
        memArg(opcode, laneMemory(), out);
        out.u8(cursor.u8("a lane index"));
      }
      case LANE -> out.u8(cursor.u8("a lane index"));
      case LANES -> vectors.shuffle(out);
      case I32 -> out.s32((int) cursor.integer(32));
      case I64 -> out.s64(cursor.integer(64));
      case F32 -> out.fixed32(cursor.f32());
      case F64 -> out.fixed64(cursor.f64());
      case V128 -> vectors.constant(out);
      case VAL_TYPES -> TypeWriter.valTypes(out, types.results());
      case HEAP_TYPE -> TypeWriter.heapType(out, types.heapType());
      case CAST -> cast(out);
      case TYPE_FIELD -> {
        int type = context.typeIds.index(cursor);
        out.u32(type);
        out.u32(context.fields(type).index(cursor));
      }
      case TYPE_COUNT -> {
        out.u32(context.typeIds.index(cursor));
        out.u32(cursor.u32("a number of operands"));
      }
      case TYPE_DATA -> {
        context.mentionsData = true;
        out.u32(context.typeIds.index(cursor));
        out.u32(context.data.index(cursor));
      }
      case TYPE_ELEM -> {
        out.u32(context.typeIds.index(cursor));
        out.u32(context.elements.index(cursor));
      }
      case TYPE_TYPE -> {
        out.u32(context.typeIds.index(cursor));
        out.u32(context.typeIds.index(cursor));
      }
      case FENCE -> out.u8(0);
    }
  }

  private void labelTable(ByteWriter out) {
    ByteWriter list = new ByteWriter();
    int last = labels.index(cursor);
    int count = 0;
    while (IndexSpace.isNext(cursor)) {
      list.u32(last);
      last = labels.index(cursor);
      count++;
    }
    out.u32(count);
    out.bytes(list);
    out.u32(last);
  }

  private int optional(IndexSpace space) {
    return IndexSpace.isNext(cursor) ? space.index(cursor) : 0;
  }

  private void pair(IndexSpace space, ByteWriter out) {
    if (IndexSpace.isNext(cursor)) {
      out.u32(space.index(cursor));
      out.u32(space.index(cursor));
    } else {
      out.u32(0);
      out.u32(0);
    }
  }

  /** A segment and what it goes to, which stands first in the text but may be left out. */
  private void segment(IndexSpace segments, IndexSpace targets, ByteWriter out) {
    boolean both = cursor.following() == TokenKind.NAT || cursor.following() == TokenKind.ID;
    int target = both ? targets.index(cursor) : 0;
    out.u32(segments.index(cursor));
    out.u32(target);
  }

  /** The memory of a lane access; a single number is not it but the lane. */
  private int laneMemory() {
    TokenKind following = cursor.following();
    boolean given =
        cursor.at(TokenKind.ID)
            || cursor.at(TokenKind.NAT)
                && (following == TokenKind.NAT
                    || following == TokenKind.OFFSET
                    || following == TokenKind.ALIGN);
    return given ? context.memories.index(cursor) : 0;
  }

  private void memArg(Opcode opcode, int memory, ByteWriter out) {
    long offset = cursor.at(TokenKind.OFFSET) ? cursor.argument() : 0;
    long alignment = opcode.width();
    if (cursor.at(TokenKind.ALIGN)) {
      int token = cursor.position();
      alignment = cursor.argument();
      if (Long.bitCount(alignment) != 1) {
        throw cursor.malformed(
            "alignment must be a power of two: found " + Long.toUnsignedString(alignment), token);
      }
    }
    InstructionWriter.memArg(out, memory, Long.numberOfTrailingZeros(alignment), offset);
  }

  private void cast(ByteWriter out) {
    int label = labels.index(cursor);
    List<RefType> both = List.of(types.refType(), types.refType());
    out.u8((both.getFirst().nullable() ? 1 : 0) | (both.getLast().nullable() ? 2 : 0));
    out.u32(label);
    TypeWriter.heapType(out, both.getFirst().heap());
    TypeWriter.heapType(out, both.getLast().heap());
  }
}
