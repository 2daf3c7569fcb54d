package dev.sampan.wasm.valid;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.Matching;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeMap;
import dev.sampan.wasm.model.TypeRegistry;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import java.util.List;

/** Checks types (Validation › Types) and closes a module's definitions. */
final class TypeValidator {

  private TypeValidator() {}

  /** The closed types of a module. */
  static TypeSpace close(List<RecType> groups, TypeRegistry registry) {
    TypeSpace space = new TypeSpace(registry);
    for (RecType group : groups) {
      int start = space.size();
      int end = start + group.types().size();
      for (int i = 0; i < group.types().size(); i++) {
        SubType type = group.types().get(i);
        for (TypeUse supertype : type.supertypes()) {
          checkIndex(supertype, start + i);
        }
        if (type.supertypes().size() > 1) {
          throw new InvalidException(
              "sub type: type " + (start + i) + " declares more than one supertype");
        }
        TypeMap.composite(type.composite(), use -> checkIndex(use, end));
      }
      space.add(group);
      for (int i = start; i < end; i++) {
        checkSupertype(space.type(i), i);
      }
    }
    return space;
  }

  private static TypeUse checkIndex(TypeUse use, int limit) {
    if (use instanceof TypeIndex index && Integer.compareUnsigned(index.index(), limit) >= 0) {
      throw new InvalidException("unknown type " + index);
    }
    return use;
  }

  private static void checkSupertype(DefType type, int index) {
    DefType above = type.supertype();
    if (above == null) {
      return;
    }
    if (type.depth() > ModuleLimits.SUBTYPING_DEPTH) {
      throw new InvalidException(
          "sub type: type "
              + index
              + " has more than "
              + ModuleLimits.SUBTYPING_DEPTH
              + " supertypes");
    }
    if (above.isFinal() || !Matching.composite(type.composite(), above.composite())) {
      throw new InvalidException(
          "sub type: type "
              + index
              + " "
              + type
              + " does not match its supertype "
              + above
              + (above.isFinal() ? ", which is final" : ""));
    }
  }

  /** Checks a type of an import. */
  static void extern(ExternType type, TypeSpace types) {
    switch (type) {
      case ExternFuncType func -> function(func.type(), types);
      case TableType table -> table(table, types);
      case MemoryType memory -> memory(memory);
      case GlobalType global -> value(global.type(), types);
      case TagType tag -> tag(tag, types);
    }
  }

  /** Checks that a use means a function type, and yields it. */
  static FuncType function(TypeUse use, TypeSpace types) {
    checkIndex(use, types.size());
    if (!(types.type(((TypeIndex) use).index()).composite() instanceof FuncType func)) {
      throw new InvalidException("type mismatch: type " + use + " is not a function type");
    }
    return func;
  }

  static void tag(TagType tag, TypeSpace types) {
    FuncType type = function(tag.type(), types);
    if (!type.results().isEmpty()) {
      throw new InvalidException("non-empty tag result type: " + type);
    }
  }

  static void value(ValType type, TypeSpace types) {
    TypeMap.value(type, use -> checkIndex(use, types.size()));
  }

  static void reference(RefType type, TypeSpace types) {
    value(type, types);
  }

  static void table(TableType table, TypeSpace types) {
    reference(table.element(), types);
    checkOrder(table.limits());
    if (table.address() == AddressType.I32) {
      long largest = 0xFFFF_FFFFL;
      if (exceeds(table.limits(), largest)) {
        throw new InvalidException("table size must be at most 2^32-1, found " + table.limits());
      }
    }
  }

  static void memory(MemoryType memory) {
    if (memory.pageSizeLog2() != 0 && memory.pageSizeLog2() != 16) {
      throw new InvalidException(
          "invalid custom page size: expected 1 or 65536, found 2^" + memory.pageSizeLog2());
    }
    checkOrder(memory.limits());
    int addressBits = memory.address() == AddressType.I32 ? 32 : 64;
    int pageBits = addressBits - memory.pageSizeLog2();
    if (pageBits < 64 && exceeds(memory.limits(), 1L << pageBits)) {
      throw new InvalidException(
          memory.address() == AddressType.I32 && memory.pageSizeLog2() == 16
              ? "memory size must be at most 65536 pages (4GiB), found " + memory.limits()
              : "memory size must be at most 2^" + pageBits + " pages, found " + memory.limits());
    }
    if (memory.shared() && !memory.limits().bounded()) {
      throw new InvalidException("shared memory must have maximum");
    }
  }

  private static boolean exceeds(Limits limits, long largest) {
    return Long.compareUnsigned(limits.min(), largest) > 0
        || limits.bounded() && Long.compareUnsigned(limits.max(), largest) > 0;
  }

  private static void checkOrder(Limits limits) {
    if (limits.bounded() && Long.compareUnsigned(limits.min(), limits.max()) > 0) {
      throw new InvalidException("size minimum must not be greater than maximum: " + limits);
    }
  }
}
