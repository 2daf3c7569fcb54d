package dev.sampan.wasm.binary;

import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads types (Binary Format › Types). */
public final class TypeReader {

  /** The byte of a block type without parameters and results. */
  public static final int EMPTY_BLOCK = 0x40;

  private static final int REC = 0x4E;
  private static final int SUB = 0x50;
  private static final int SUB_FINAL = 0x4F;
  private static final int FUNC = 0x60;
  private static final int STRUCT = 0x5F;
  private static final int ARRAY = 0x5E;
  private static final int REF = 0x64;
  private static final int REF_NULL = 0x63;

  private TypeReader() {}

  /** A recursive group, or a single type that stands for a group of its own. */
  static RecType recType(ByteReader in) {
    if (in.peek() != REC) {
      return new RecType(List.of(subType(in)));
    }
    in.u8();
    int count = in.count();
    List<SubType> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(subType(in));
    }
    return new RecType(types);
  }

  private static SubType subType(ByteReader in) {
    int form = in.peek();
    if (form != SUB && form != SUB_FINAL) {
      return SubType.of(compositeType(in));
    }
    in.u8();
    int count = in.count();
    List<TypeUse> supertypes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      supertypes.add(new TypeIndex(in.u32()));
    }
    return new SubType(form == SUB_FINAL, supertypes, compositeType(in));
  }

  private static CompositeType compositeType(ByteReader in) {
    int at = in.position();
    int form = in.u8();
    return switch (form) {
      case FUNC -> new FuncType(valTypes(in), valTypes(in));
      case STRUCT -> {
        int count = in.count();
        List<FieldType> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          fields.add(fieldType(in));
        }
        yield new StructType(fields);
      }
      case ARRAY -> new ArrayType(fieldType(in));
      default -> throw malformedType("malformed definition type", form, at);
    };
  }

  private static FieldType fieldType(ByteReader in) {
    StorageType storage =
        switch (in.peek()) {
          case 0x78 -> packed(in, PackedType.I8);
          case 0x77 -> packed(in, PackedType.I16);
          default -> valType(in);
        };
    return new FieldType(storage, mutability(in));
  }

  private static PackedType packed(ByteReader in, PackedType type) {
    in.u8();
    return type;
  }

  /** Whether something is mutable. */
  static boolean mutability(ByteReader in) {
    int at = in.position();
    int flag = in.u8();
    if (flag > 1) {
      throw ByteReader.malformed(
          "malformed mutability: expected 0x00 or 0x01, found " + hex(flag), at);
    }
    return flag == 1;
  }

  /** A vector of value types. */
  public static List<ValType> valTypes(ByteReader in) {
    int count = in.count();
    List<ValType> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(valType(in));
    }
    return types;
  }

  /** A value type. */
  public static ValType valType(ByteReader in) {
    int at = in.position();
    int code = in.peek();
    switch (code) {
      case 0x7F:
        in.u8();
        return NumType.I32;
      case 0x7E:
        in.u8();
        return NumType.I64;
      case 0x7D:
        in.u8();
        return NumType.F32;
      case 0x7C:
        in.u8();
        return NumType.F64;
      case 0x7B:
        in.u8();
        return VecType.V128;
      default:
        RefType ref = refTypeOrNull(in);
        if (ref == null) {
          throw malformedType("malformed value type", in.u8(), at);
        }
        return ref;
    }
  }

  /** A reference type. */
  public static RefType refType(ByteReader in) {
    int at = in.position();
    RefType ref = refTypeOrNull(in);
    if (ref == null) {
      throw malformedType("malformed reference type", in.u8(), at);
    }
    return ref;
  }

  private static @Nullable RefType refTypeOrNull(ByteReader in) {
    int code = in.peek();
    if (code == REF || code == REF_NULL) {
      in.u8();
      return new RefType(code == REF_NULL, heapType(in));
    }
    AbstractHeapType heap = AbstractHeapType.of(code);
    if (heap != null) {
      in.u8();
      return new RefType(true, heap);
    }
    return null;
  }

  /** A heap type. */
  public static HeapType heapType(ByteReader in) {
    int at = in.position();
    AbstractHeapType heap = AbstractHeapType.of(in.peek());
    if (heap != null) {
      in.u8();
      return heap;
    }
    long index = in.s33();
    if (index < 0) {
      throw ByteReader.malformed("malformed heap type: found " + index, at);
    }
    return new TypeIndex((int) index);
  }

  /** A tag's type. */
  static TagType tagType(ByteReader in) {
    int at = in.position();
    int attribute = in.u8();
    if (attribute != 0) {
      throw ByteReader.malformed(
          "malformed tag attribute: expected 0x00, found " + hex(attribute), at);
    }
    return new TagType(new TypeIndex(in.u32()));
  }

  /** A global's type. */
  static GlobalType globalType(ByteReader in) {
    ValType type = valType(in);
    return new GlobalType(type, mutability(in));
  }

  /** A table's type. */
  static TableType tableType(ByteReader in) {
    RefType element = refType(in);
    int flags = limitsFlags(in, 0b0101);
    AddressType address = address(flags);
    return new TableType(address, limits(in, flags), element);
  }

  /** A memory's type. */
  static MemoryType memoryType(ByteReader in) {
    int flags = limitsFlags(in, 0b1111);
    if ((flags & 8) != 0 && !in.hasMore()) {
      throw ByteReader.malformed(
          "malformed limits flags: found " + hex(flags) + ", but no limits follow", in.position());
    }
    Limits limits = limits(in, flags);
    int pageSizeLog2 = MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    if ((flags & 8) != 0) {
      int at = in.position();
      pageSizeLog2 = in.u32();
      if (Integer.compareUnsigned(pageSizeLog2, 64) >= 0) {
        throw ByteReader.malformed(
            "invalid custom page size: expected an exponent below 64, found "
                + Integer.toUnsignedString(pageSizeLog2),
            at);
      }
    }
    return new MemoryType(address(flags), limits, (flags & 2) != 0, pageSizeLog2);
  }

  private static int limitsFlags(ByteReader in, int known) {
    int at = in.position();
    int flags = in.u8();
    if ((flags & ~known) != 0) {
      throw ByteReader.malformed("malformed limits flags: found " + hex(flags), at);
    }
    return flags;
  }

  private static AddressType address(int flags) {
    return (flags & 4) != 0 ? AddressType.I64 : AddressType.I32;
  }

  private static Limits limits(ByteReader in, int flags) {
    long min = in.u64();
    return (flags & 1) == 0 ? Limits.from(min) : Limits.between(min, in.u64());
  }

  private static RuntimeException malformedType(String phrase, int code, int at) {
    if (code >= 0x80) {
      return ByteReader.malformed("integer representation too long: in a type", at);
    }
    return ByteReader.malformed(phrase + ": found " + hex(code), at);
  }

  static String hex(int value) {
    return String.format("0x%02x", value);
  }
}
