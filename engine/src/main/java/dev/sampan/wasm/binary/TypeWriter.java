package dev.sampan.wasm.binary;

import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecIndex;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;

/** Writes types (Binary Format › Types). */
public final class TypeWriter {

  private TypeWriter() {}

  static void recType(ByteWriter out, RecType type) {
    if (type.types().size() != 1) {
      out.u8(0x4E);
      out.u32(type.types().size());
    }
    type.types().forEach(each -> subType(out, each));
  }

  private static void subType(ByteWriter out, SubType type) {
    if (!type.isFinal() || !type.supertypes().isEmpty()) {
      out.u8(type.isFinal() ? 0x4F : 0x50);
      out.u32(type.supertypes().size());
      type.supertypes().forEach(each -> out.u32(index(each)));
    }
    compositeType(out, type.composite());
  }

  private static void compositeType(ByteWriter out, CompositeType type) {
    switch (type) {
      case FuncType func -> {
        out.u8(0x60);
        valTypes(out, func.parameters());
        valTypes(out, func.results());
      }
      case StructType struct -> {
        out.u8(0x5F);
        out.u32(struct.fields().size());
        struct.fields().forEach(field -> fieldType(out, field));
      }
      case ArrayType array -> {
        out.u8(0x5E);
        fieldType(out, array.element());
      }
    }
  }

  private static void fieldType(ByteWriter out, FieldType type) {
    switch (type.storage()) {
      case PackedType packed -> out.u8(packed.code());
      case ValType value -> valType(out, value);
    }
    out.u8(type.mutable() ? 1 : 0);
  }

  /** Writes a vector of value types. */
  public static void valTypes(ByteWriter out, List<ValType> types) {
    out.u32(types.size());
    types.forEach(type -> valType(out, type));
  }

  /** Writes a value type. */
  public static void valType(ByteWriter out, ValType type) {
    switch (type) {
      case NumType num -> out.u8(num.code());
      case VecType vec -> out.u8(vec.code());
      case RefType ref -> refType(out, ref);
    }
  }

  /** Writes a reference type. */
  public static void refType(ByteWriter out, RefType type) {
    if (!type.nullable() || !(type.heap() instanceof AbstractHeapType)) {
      out.u8(type.nullable() ? 0x63 : 0x64);
    }
    heapType(out, type.heap());
  }

  /** Writes a heap type. */
  public static void heapType(ByteWriter out, HeapType type) {
    switch (type) {
      case AbstractHeapType abstractType -> out.u8(abstractType.code());
      case TypeUse use -> out.s33(Integer.toUnsignedLong(index(use)));
    }
  }

  static int index(TypeUse use) {
    return switch (use) {
      case TypeIndex index -> index.index();
      case RecIndex rec -> throw new IllegalArgumentException("type " + rec + " is not open");
      case DefType definition ->
          throw new IllegalArgumentException("type " + definition + " is not open");
    };
  }

  static void externType(ByteWriter out, ExternType type) {
    out.u8(ExternKind.of(type).ordinal());
    switch (type) {
      case ExternFuncType func -> out.u32(index(func.type()));
      case TableType table -> tableType(out, table);
      case MemoryType memory -> memoryType(out, memory);
      case GlobalType global -> globalType(out, global);
      case TagType tag -> tagType(out, tag);
    }
  }

  static void tableType(ByteWriter out, TableType type) {
    refType(out, type.element());
    out.u8(flags(type.address(), type.limits()));
    limits(out, type.limits());
  }

  static void memoryType(ByteWriter out, MemoryType type) {
    boolean paged = type.pageSizeLog2() != MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    out.u8(flags(type.address(), type.limits()) | (type.shared() ? 2 : 0) | (paged ? 8 : 0));
    limits(out, type.limits());
    if (paged) {
      out.u32(type.pageSizeLog2());
    }
  }

  static void globalType(ByteWriter out, GlobalType type) {
    valType(out, type.type());
    out.u8(type.mutable() ? 1 : 0);
  }

  static void tagType(ByteWriter out, TagType type) {
    out.u8(0);
    out.u32(index(type.type()));
  }

  private static int flags(AddressType address, Limits limits) {
    return (limits.bounded() ? 1 : 0) | (address == AddressType.I64 ? 4 : 0);
  }

  private static void limits(ByteWriter out, Limits limits) {
    out.u64(limits.min());
    if (limits.bounded()) {
      out.u64(limits.max());
    }
  }
}
