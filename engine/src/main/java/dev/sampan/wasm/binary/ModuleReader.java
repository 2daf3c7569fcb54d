package dev.sampan.wasm.binary;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.Section;
import dev.sampan.wasm.model.SectionKind;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableDefinition;
import dev.sampan.wasm.model.TypeIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads a module (Binary Format › Modules). Code and constant expressions stay bytes. */
public final class ModuleReader {

  private static final int MAGIC = 0x6D736100;
  private static final int VERSION = 1;
  private static final ExternKind[] EXTERN_KINDS = ExternKind.values();

  private final byte[] bytes;
  private final ModuleDefinition.Builder module = new ModuleDefinition.Builder();
  private int importedFunctions;
  private int typeCount;

  private ModuleReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a module.
   *
   * @param bytes the module; the result keeps the array, which must not change any more
   * @throws dev.sampan.wasm.MalformedException if the bytes are not a module
   */
  public static ModuleDefinition read(byte[] bytes) {
    ModuleReader reader = new ModuleReader(bytes);
    try {
      return reader.read();
    } catch (MalformedException e) {
      reader.checkBodies();
      throw e;
    }
  }

  /** Bodies are decoded later; but if something behind them is wrong, their errors come first. */
  private void checkBodies() {
    for (FunctionBody body : module.code) {
      ByteReader in = new ByteReader(bytes, body.start(), bytes.length);
      InstructionReader.skipLocals(in);
      InstructionReader.expression(in);
    }
  }

  private ModuleDefinition read() {
    preamble();
    ByteReader in = new ByteReader(bytes, Math.min(8, bytes.length), bytes.length);
    SectionKind last = SectionKind.CUSTOM;
    while (in.hasMore()) {
      int at = in.position();
      int id = in.u8();
      SectionKind kind = SectionKind.of(id);
      if (kind == null) {
        throw ByteReader.malformed("malformed section id: found " + id, at);
      }
      int size = in.u32();
      int start = in.position();
      if (Integer.compareUnsigned(size, in.remaining()) > 0) {
        throw ByteReader.malformed(
            "length out of bounds: the "
                + kind
                + " section announces "
                + Integer.toUnsignedString(size)
                + " bytes, "
                + in.remaining()
                + " are left",
            at);
      }
      if (kind == SectionKind.CUSTOM) {
        custom(new ByteReader(bytes, start, start + size), last);
      } else {
        if (kind.compareTo(last) <= 0) {
          throw ByteReader.malformed(
              "unexpected content after last section: a "
                  + kind
                  + " section behind the "
                  + last
                  + " section",
              at);
        }
        last = kind;
        // what is wrong inside a section is said first, its size last
        ByteReader section = new ByteReader(bytes, start, bytes.length);
        section(kind, section);
        if (section.position() != start + size) {
          throw ByteReader.malformed(
              "section size mismatch: the "
                  + kind
                  + " section announces "
                  + size
                  + " bytes and has "
                  + (section.position() - start),
              section.position());
        }
        module.sections.add(new Section(kind, kind.toString(), start, size));
      }
      in.position(start + size);
    }
    checkCounts();
    return module.build();
  }

  private void preamble() {
    if (bytes.length > ModuleLimits.MODULE_BYTES) {
      throw ByteReader.malformed(
          "module too large: " + bytes.length + " bytes, limit " + ModuleLimits.MODULE_BYTES, 0);
    }
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    if (bytes.length < 4) {
      throw ByteReader.malformed(
          "unexpected end: magic header not detected, the file has " + bytes.length + " bytes", 0);
    }
    int magic = in.fixed32();
    if (magic != MAGIC) {
      throw ByteReader.malformed(
          "magic header not detected: expected 00 61 73 6d, found "
              + String.format(
                  "%02x %02x %02x %02x",
                  magic & 0xFF, magic >> 8 & 0xFF, magic >> 16 & 0xFF, magic >>> 24),
          0);
    }
    if (bytes.length < 8) {
      throw ByteReader.malformed("unexpected end: no binary version", 4);
    }
    int version = in.fixed32();
    if (version != VERSION) {
      throw ByteReader.malformed(
          version == 0x1000D
              ? "unknown binary version: this is a component, not a module"
              : "unknown binary version: expected 1, found " + Integer.toUnsignedString(version),
          4);
    }
  }

  private void section(SectionKind kind, ByteReader in) {
    switch (kind) {
      case CUSTOM -> throw new AssertionError("custom sections are read apart; please report");
      case TYPE -> {
        int count = count(in, ModuleLimits.TYPES, "types");
        for (int i = 0; i < count; i++) {
          type(in);
        }
      }
      case IMPORT -> {
        int count = count(in, ModuleLimits.IMPORTS, "imports");
        for (int i = 0; i < count; i++) {
          importOne(in);
        }
      }
      case FUNCTION -> {
        int count = count(in, ModuleLimits.FUNCTIONS - importedFunctions, "functions");
        module.functions = new int[count];
        for (int i = 0; i < count; i++) {
          module.functions[i] = in.u32();
        }
      }
      case TABLE -> {
        int count = count(in, ModuleLimits.TABLES, "tables");
        for (int i = 0; i < count; i++) {
          table(in);
        }
      }
      case MEMORY -> {
        int count = count(in, ModuleLimits.MEMORIES, "memories");
        for (int i = 0; i < count; i++) {
          module.memories.add(TypeReader.memoryType(in));
        }
      }
      case TAG -> {
        int count = count(in, ModuleLimits.TAGS, "tags");
        for (int i = 0; i < count; i++) {
          module.tags.add(TypeReader.tagType(in));
        }
      }
      case GLOBAL -> {
        int count = count(in, ModuleLimits.GLOBALS, "globals");
        for (int i = 0; i < count; i++) {
          GlobalType type = TypeReader.globalType(in);
          module.globals.add(new GlobalDefinition(type, InstructionReader.expression(in)));
        }
      }
      case EXPORT -> {
        int count = count(in, ModuleLimits.EXPORTS, "exports");
        for (int i = 0; i < count; i++) {
          String name = in.name();
          ExternKind exportKind = externKind(in, "malformed export kind");
          module.exports.add(new Export(name, exportKind, in.u32()));
        }
      }
      case START -> module.start = OptionalInt.of(in.u32());
      case ELEMENT -> {
        int count = count(in, ModuleLimits.ELEMENT_SEGMENTS, "element segments");
        for (int i = 0; i < count; i++) {
          module.elements.add(element(in));
        }
      }
      case DATA_COUNT -> module.dataCount = OptionalInt.of(in.u32());
      case CODE -> {
        int count = count(in, ModuleLimits.FUNCTIONS, "function bodies");
        for (int i = 0; i < count; i++) {
          code(in);
        }
      }
      case DATA -> {
        int count = count(in, ModuleLimits.DATA_SEGMENTS, "data segments");
        for (int i = 0; i < count; i++) {
          module.data.add(data(in));
        }
      }
    }
  }

  private static int count(ByteReader in, int limit, String what) {
    int at = in.position();
    int count = in.count();
    checkLimit(count, limit, what, at);
    return count;
  }

  private static void checkLimit(int count, int limit, String what, int at) {
    if (count > limit) {
      throw ByteReader.malformed("too many " + what + ": " + count + ", limit " + limit, at);
    }
  }

  private void type(ByteReader in) {
    int at = in.position();
    RecType group = TypeReader.recType(in);
    typeCount += group.types().size();
    checkLimit(typeCount, ModuleLimits.TYPES, "types", at);
    for (SubType type : group.types()) {
      checkSize(type.composite(), at);
    }
    module.types.add(group);
  }

  private static void checkSize(CompositeType type, int at) {
    if (type instanceof FuncType func) {
      checkLimit(func.parameters().size(), ModuleLimits.PARAMETERS, "parameters", at);
      checkLimit(func.results().size(), ModuleLimits.RESULTS, "results", at);
    } else if (type instanceof StructType struct) {
      checkLimit(struct.fields().size(), ModuleLimits.FIELDS, "fields", at);
    }
  }

  private void importOne(ByteReader in) {
    String moduleName = in.name();
    String name = in.name();
    ExternType type =
        switch (externKind(in, "malformed import kind")) {
          case FUNC -> {
            importedFunctions++;
            yield new ExternFuncType(new TypeIndex(in.u32()));
          }
          case TABLE -> TypeReader.tableType(in);
          case MEMORY -> TypeReader.memoryType(in);
          case GLOBAL -> TypeReader.globalType(in);
          case TAG -> TypeReader.tagType(in);
        };
    module.imports.add(new Import(moduleName, name, type));
  }

  private static ExternKind externKind(ByteReader in, String phrase) {
    int at = in.position();
    int kind = in.u8();
    if (kind >= EXTERN_KINDS.length) {
      throw ByteReader.malformed(phrase + ": found " + TypeReader.hex(kind), at);
    }
    return EXTERN_KINDS[kind];
  }

  private void table(ByteReader in) {
    boolean initialised = in.peek() == 0x40;
    if (initialised) {
      in.u8();
      int at = in.position();
      int reserved = in.u8();
      if (reserved != 0) {
        throw ByteReader.malformed("malformed table: expected 0x00", at);
      }
    }
    var type = TypeReader.tableType(in);
    @Nullable Expr init = initialised ? InstructionReader.expression(in) : null;
    module.tables.add(new TableDefinition(type, init));
  }

  private static ElementSegment element(ByteReader in) {
    int at = in.position();
    int flags = in.u32();
    if (Integer.compareUnsigned(flags, 7) > 0) {
      throw ByteReader.malformed("malformed elements segment kind: found " + flags, at);
    }
    boolean active = (flags & 1) == 0;
    boolean explicit = (flags & 2) != 0;
    boolean expressions = (flags & 4) != 0;
    SegmentMode mode =
        active ? SegmentMode.ACTIVE : explicit ? SegmentMode.DECLARATIVE : SegmentMode.PASSIVE;
    int table = active && explicit ? in.u32() : 0;
    @Nullable Expr offset = active ? InstructionReader.expression(in) : null;
    RefType type = RefType.FUNCREF;
    if (flags != 0 && flags != 4) {
      if (expressions) {
        type = TypeReader.refType(in);
      } else {
        int kindAt = in.position();
        int kind = in.u8();
        if (kind != 0) {
          throw ByteReader.malformed(
              "malformed element kind: expected 0x00, found " + TypeReader.hex(kind), kindAt);
        }
      }
    }
    if (!expressions) {
      type = new RefType(false, AbstractHeapType.FUNC);
    }
    int count = count(in, ModuleLimits.TABLE_ELEMENTS, "elements of a segment");
    if (!expressions) {
      int[] functions = new int[count];
      for (int i = 0; i < count; i++) {
        functions[i] = in.u32();
      }
      return new ElementSegment(mode, table, offset, type, functions, List.of());
    }
    List<Expr> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(InstructionReader.expression(in));
    }
    return new ElementSegment(mode, table, offset, type, null, list);
  }

  private void code(ByteReader in) {
    int at = in.position();
    int size = in.u32();
    int start = in.position();
    checkAnnounced(size, in, "function body", at);
    checkLimit(size, ModuleLimits.FUNCTION_BYTES, "bytes in a function", at);
    in.skip(size);
    module.code.add(new FunctionBody(bytes, start, in.position()));
  }

  private static void checkAnnounced(int size, ByteReader in, String what, int at) {
    if (Integer.compareUnsigned(size, in.remaining()) > 0) {
      throw ByteReader.malformed(
          "unexpected end of section or function: a "
              + what
              + " announces "
              + Integer.toUnsignedString(size)
              + " bytes, "
              + in.remaining()
              + " are left",
          at);
    }
  }

  private DataSegment data(ByteReader in) {
    int at = in.position();
    int flags = in.u32();
    if (Integer.compareUnsigned(flags, 2) > 0) {
      throw ByteReader.malformed("malformed data segment kind: found " + flags, at);
    }
    int memory = flags == 2 ? in.u32() : 0;
    @Nullable Expr offset = flags != 1 ? InstructionReader.expression(in) : null;
    int size = in.u32();
    int start = in.position();
    checkAnnounced(size, in, "data segment", at);
    in.skip(size);
    return new DataSegment(
        flags == 1 ? SegmentMode.PASSIVE : SegmentMode.ACTIVE,
        memory,
        offset,
        bytes,
        start,
        in.position());
  }

  private void custom(ByteReader in, SectionKind last) {
    int start = in.position();
    String name = in.name();
    module.customs.add(new CustomSection(name, last, bytes, in.position(), in.end()));
    module.sections.add(new Section(SectionKind.CUSTOM, name, start, in.end() - start));
  }

  private void checkCounts() {
    if (module.functions.length != module.code.size()) {
      throw ByteReader.malformed(
          "function and code section have inconsistent lengths: "
              + module.functions.length
              + " functions, "
              + module.code.size()
              + " bodies",
          bytes.length);
    }
    if (module.dataCount.isPresent() && module.dataCount.getAsInt() != module.data.size()) {
      throw ByteReader.malformed(
          "data count and data section have inconsistent lengths: "
              + Integer.toUnsignedString(module.dataCount.getAsInt())
              + " announced, "
              + module.data.size()
              + " segments",
          bytes.length);
    }
  }
}
