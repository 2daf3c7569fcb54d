package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.TableType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses element and data segments, in fields of their own and inside tables and memories. */
final class SegmentParser {

  private static final RefType FUNCTIONS = new RefType(false, AbstractHeapType.FUNC);

  private final TokenCursor cursor;
  private final ModuleContext context;
  private final ModuleDefinition.Builder module;
  private final TypeParser types;
  private final InstructionParser instructions;

  SegmentParser(
      TokenCursor cursor, ModuleContext context, TypeParser types, InstructionParser instructions) {
    this.cursor = cursor;
    this.context = context;
    this.module = context.module;
    this.types = types;
    this.instructions = instructions;
  }

  /** An {@code elem} field. */
  void element() {
    cursor.expectOpen(Keyword.ELEM);
    Bindings.skip(cursor);
    SegmentMode mode = SegmentMode.PASSIVE;
    int table = 0;
    Expr offset = null;
    if (cursor.accept(Keyword.DECLARE)) {
      mode = SegmentMode.DECLARATIVE;
    } else if (isUse(Keyword.TABLE)) {
      table = use(Keyword.TABLE, context.tables);
      offset = offset();
      mode = SegmentMode.ACTIVE;
    } else if (isOffset()) {
      offset = offset();
      mode = SegmentMode.ACTIVE;
    }
    if (types.isRefType()) {
      RefType type = types.refType();
      module.elements.add(new ElementSegment(mode, table, offset, type, null, items()));
    } else {
      // the keyword may be missing where the segment is active
      if (!cursor.accept(Keyword.FUNC)
          && (mode != SegmentMode.ACTIVE
              || !cursor.at(TokenKind.RIGHT) && !IndexSpace.isNext(cursor))) {
        throw cursor.unexpected("a list of elements");
      }
      module.elements.add(
          new ElementSegment(mode, table, offset, FUNCTIONS, functions(), List.of()));
    }
    cursor.close();
  }

  /** Whether the table or memory is next; before 2.0 it was a mere number. */
  private boolean isUse(Keyword keyword) {
    return cursor.atOpen(keyword) || cursor.at(TokenKind.NAT);
  }

  private int use(Keyword keyword, IndexSpace space) {
    if (!cursor.acceptOpen(keyword)) {
      return space.index(cursor);
    }
    int index = space.index(cursor);
    cursor.close();
    return index;
  }

  private boolean isOffset() {
    return cursor.atOpen(Keyword.OFFSET) || cursor.atOpenInstruction();
  }

  private Expr offset() {
    byte[] bytes;
    if (cursor.acceptOpen(Keyword.OFFSET)) {
      bytes = instructions.expression();
      cursor.close();
    } else {
      bytes = instructions.foldedExpression();
    }
    return new Expr(bytes, 0, bytes.length);
  }

  private int[] functions() {
    List<Integer> functions = new ArrayList<>();
    while (IndexSpace.isNext(cursor)) {
      functions.add(context.functions.index(cursor));
    }
    return functions.stream().mapToInt(Integer::intValue).toArray();
  }

  private List<Expr> items() {
    List<Expr> items = new ArrayList<>();
    while (cursor.at(TokenKind.LEFT)) {
      byte[] bytes;
      if (cursor.acceptOpen(Keyword.ITEM)) {
        bytes = instructions.expression();
        cursor.close();
      } else {
        bytes = instructions.foldedExpression();
      }
      items.add(new Expr(bytes, 0, bytes.length));
    }
    return items;
  }

  /** A table's reference type and its elements, which settle its size. */
  TableType inlineElements(int table, AddressType address) {
    RefType type = types.refType();
    cursor.expectOpen(Keyword.ELEM);
    ElementSegment segment;
    if (cursor.at(TokenKind.LEFT)) {
      segment = inlineSegment(table, address, type, null, items());
    } else {
      int[] functions = functions();
      boolean plain = type.equals(RefType.FUNCREF) || type.equals(FUNCTIONS);
      segment =
          plain
              ? inlineSegment(table, address, FUNCTIONS, functions, List.of())
              : inlineSegment(table, address, type, null, functionReferences(functions));
    }
    cursor.close();
    module.elements.add(segment);
    return new TableType(address, Limits.between(segment.size(), segment.size()), type);
  }

  private static ElementSegment inlineSegment(
      int table,
      AddressType address,
      RefType type,
      int @Nullable [] functions,
      List<Expr> expressions) {
    return new ElementSegment(
        SegmentMode.ACTIVE, table, zero(address), type, functions, expressions);
  }

  private static List<Expr> functionReferences(int[] functions) {
    List<Expr> references = new ArrayList<>();
    for (int function : functions) {
      ByteWriter out = new ByteWriter(8);
      InstructionWriter.opcode(out, Opcode.REF_FUNC);
      out.u32(function);
      references.add(end(out));
    }
    return references;
  }

  private static Expr zero(AddressType address) {
    ByteWriter out = new ByteWriter(8);
    InstructionWriter.opcode(out, address == AddressType.I32 ? Opcode.I32_CONST : Opcode.I64_CONST);
    out.s32(0);
    return end(out);
  }

  private static Expr end(ByteWriter out) {
    InstructionWriter.opcode(out, Opcode.END);
    return new Expr(out.toByteArray(), 0, out.size());
  }

  /** A {@code data} field. */
  void data() {
    cursor.expectOpen(Keyword.DATA);
    Bindings.skip(cursor);
    int memory = 0;
    Expr offset = null;
    if (isUse(Keyword.MEMORY)) {
      memory = use(Keyword.MEMORY, context.memories);
      offset = offset();
    } else if (isOffset()) {
      offset = offset();
    }
    SegmentMode mode = offset == null ? SegmentMode.PASSIVE : SegmentMode.ACTIVE;
    addData(mode, memory, offset, strings());
    cursor.close();
  }

  /** A memory's data, which settle its size. */
  MemoryType inlineData(int memory, AddressType address, int pageSizeLog2) {
    cursor.expectOpen(Keyword.DATA);
    byte[] bytes = strings();
    cursor.close();
    addData(SegmentMode.ACTIVE, memory, zero(address), bytes);
    long pages = -Math.floorDiv(-(long) bytes.length, 1L << pageSizeLog2);
    return new MemoryType(address, Limits.between(pages, pages), false, pageSizeLog2);
  }

  private void addData(SegmentMode mode, int memory, @Nullable Expr offset, byte[] bytes) {
    module.data.add(new DataSegment(mode, memory, offset, bytes, 0, bytes.length));
  }

  private byte[] strings() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (cursor.at(TokenKind.STRING)) {
      bytes.writeBytes(cursor.string());
    }
    return bytes.toByteArray();
  }
}
