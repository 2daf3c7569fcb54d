package dev.sampan.wasm.binary;

import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.SectionKind;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.TableDefinition;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a module (Binary Format › Modules). Numbers are written in their shortest form and empty
 * sections left out; code and expressions are copied as they are.
 */
public final class ModuleWriter {

  private static final byte[] PREAMBLE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final ModuleDefinition module;
  private final ByteWriter out = new ByteWriter(1024);

  private ModuleWriter(ModuleDefinition module) {
    this.module = module;
  }

  /** The bytes of a module. */
  public static byte[] write(ModuleDefinition module) {
    return new ModuleWriter(module).write();
  }

  private byte[] write() {
    out.bytes(PREAMBLE);
    for (SectionKind kind : SectionKind.values()) {
      ByteWriter content = new ByteWriter();
      if (section(kind, content)) {
        out.u8(kind.id());
        out.sized(content);
      }
      for (CustomSection custom : module.customs()) {
        if (custom.after() == kind) {
          custom(custom);
        }
      }
    }
    return out.toByteArray();
  }

  /** Writes the content of a section, and tells whether the section is wanted. */
  private boolean section(SectionKind kind, ByteWriter content) {
    return switch (kind) {
      case CUSTOM -> false;
      case TYPE -> vector(content, module.types(), TypeWriter::recType);
      case IMPORT -> vector(content, module.imports(), ModuleWriter::importOne);
      case FUNCTION -> indices(content, module.functions());
      case TABLE -> vector(content, module.tables(), ModuleWriter::table);
      case MEMORY -> vector(content, module.memories(), TypeWriter::memoryType);
      case TAG -> vector(content, module.tags(), TypeWriter::tagType);
      case GLOBAL -> vector(content, module.globals(), ModuleWriter::global);
      case EXPORT -> vector(content, module.exports(), ModuleWriter::export);
      case START -> number(content, module.start());
      case ELEMENT -> vector(content, module.elements(), ModuleWriter::element);
      case DATA_COUNT -> number(content, module.dataCount());
      case CODE -> vector(content, module.code(), ModuleWriter::code);
      case DATA -> vector(content, module.data(), ModuleWriter::data);
    };
  }

  private static <T> boolean vector(ByteWriter out, List<T> list, BiConsumer<ByteWriter, T> one) {
    out.u32(list.size());
    list.forEach(each -> one.accept(out, each));
    return !list.isEmpty();
  }

  private static boolean indices(ByteWriter out, int[] indices) {
    out.u32(indices.length);
    for (int index : indices) {
      out.u32(index);
    }
    return indices.length != 0;
  }

  private static boolean number(ByteWriter out, OptionalInt number) {
    number.ifPresent(out::u32);
    return number.isPresent();
  }

  private static void importOne(ByteWriter out, Import each) {
    out.name(each.module());
    out.name(each.name());
    TypeWriter.externType(out, each.type());
  }

  private static void table(ByteWriter out, TableDefinition table) {
    Expr init = table.init();
    if (init != null) {
      out.u8(0x40);
      out.u8(0);
    }
    TypeWriter.tableType(out, table.type());
    if (init != null) {
      expression(out, init);
    }
  }

  private static void global(ByteWriter out, GlobalDefinition global) {
    TypeWriter.globalType(out, global.type());
    expression(out, global.init());
  }

  private static void export(ByteWriter out, Export export) {
    out.name(export.name());
    out.u8(export.kind().ordinal());
    out.u32(export.index());
  }

  private static void element(ByteWriter out, ElementSegment segment) {
    int @Nullable [] functions = segment.functions();
    boolean plain =
        segment.table() == 0 && (functions != null || segment.type().equals(RefType.FUNCREF));
    int flags =
        switch (segment.mode()) {
          case ACTIVE -> plain ? 0 : 2;
          case PASSIVE -> 1;
          case DECLARATIVE -> 3;
        };
    out.u32(functions != null ? flags : flags | 4);
    if (flags == 2) {
      out.u32(segment.table());
    }
    offset(out, segment.mode(), segment.offset());
    if (functions != null) {
      if (flags != 0) {
        out.u8(0);
      }
      indices(out, functions);
    } else {
      if (flags != 0) {
        TypeWriter.refType(out, segment.type());
      }
      vector(out, segment.expressions(), ModuleWriter::expression);
    }
  }

  private static void data(ByteWriter out, DataSegment segment) {
    boolean active = segment.mode() == SegmentMode.ACTIVE;
    out.u32(!active ? 1 : segment.memory() == 0 ? 0 : 2);
    if (active && segment.memory() != 0) {
      out.u32(segment.memory());
    }
    offset(out, segment.mode(), segment.offset());
    out.u32(segment.size());
    out.bytes(segment.bytes(), segment.start(), segment.end());
  }

  private static void offset(ByteWriter out, SegmentMode mode, @Nullable Expr offset) {
    if (mode == SegmentMode.ACTIVE) {
      if (offset == null) {
        throw new IllegalArgumentException("an active segment has no offset");
      }
      expression(out, offset);
    }
  }

  private static void code(ByteWriter out, FunctionBody body) {
    out.u32(body.end() - body.start());
    out.bytes(body.bytes(), body.start(), body.end());
  }

  private static void expression(ByteWriter out, Expr expr) {
    out.bytes(expr.bytes(), expr.start(), expr.end());
  }

  private void custom(CustomSection section) {
    ByteWriter content = new ByteWriter(section.size() + section.name().length() + 5);
    content.name(section.name());
    content.bytes(section.bytes(), section.start(), section.end());
    out.u8(SectionKind.CUSTOM.id());
    out.sized(content);
  }
}
