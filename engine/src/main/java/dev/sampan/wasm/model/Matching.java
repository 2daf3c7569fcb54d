package dev.sampan.wasm.model;

import java.util.List;

/** Subtyping of closed types (Validation › Matching). */
public final class Matching {

  private Matching() {}

  /** Whether a heap type is a subtype of another. */
  public static boolean heap(HeapType type, HeapType other) {
    return switch (other) {
      case DefType definition ->
          switch (type) {
            case DefType own -> own.isSubtypeOf(definition);
            case AbstractHeapType own -> own == definition.kind().bottom();
            case TypeIndex open -> throw open(open);
            case RecIndex open -> throw open(open);
          };
      case AbstractHeapType abstractType ->
          switch (type) {
            case DefType own -> own.kind().matches(abstractType);
            case AbstractHeapType own -> own.matches(abstractType);
            case TypeIndex open -> throw open(open);
            case RecIndex open -> throw open(open);
          };
      case TypeIndex open -> throw open(open);
      case RecIndex open -> throw open(open);
    };
  }

  /** Whether a reference type is a subtype of another. */
  public static boolean reference(RefType type, RefType other) {
    return (!type.nullable() || other.nullable()) && heap(type.heap(), other.heap());
  }

  /** Whether a value type is a subtype of another. */
  public static boolean value(ValType type, ValType other) {
    return type instanceof RefType ref && other instanceof RefType otherRef
        ? reference(ref, otherRef)
        : type.equals(other);
  }

  /** Whether a composite type is a subtype of another. */
  public static boolean composite(CompositeType type, CompositeType other) {
    return switch (other) {
      case FuncType func ->
          type instanceof FuncType own
              && values(func.parameters(), own.parameters())
              && values(own.results(), func.results());
      case StructType struct ->
          type instanceof StructType own && fields(own.fields(), struct.fields());
      case ArrayType array ->
          type instanceof ArrayType own && field(own.element(), array.element());
    };
  }

  /** Whether what has a type can be imported where another type is declared. */
  public static boolean extern(ExternType type, ExternType other) {
    return switch (other) {
      case ExternFuncType func ->
          type instanceof ExternFuncType own && heap(own.type(), func.type());
      case TagType tag -> type instanceof TagType own && own.type().equals(tag.type());
      case GlobalType global ->
          type instanceof GlobalType own
              && own.mutable() == global.mutable()
              && value(own.type(), global.type())
              && (!global.mutable() || value(global.type(), own.type()));
      case TableType table ->
          type instanceof TableType own
              && own.address() == table.address()
              && own.limits().matches(table.limits())
              && reference(own.element(), table.element())
              && reference(table.element(), own.element());
      case MemoryType memory ->
          type instanceof MemoryType own
              && own.address() == memory.address()
              && own.shared() == memory.shared()
              && own.pageSizeLog2() == memory.pageSizeLog2()
              && own.limits().matches(memory.limits());
    };
  }

  private static boolean values(List<ValType> types, List<ValType> others) {
    if (types.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < types.size(); i++) {
      if (!value(types.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fields(List<FieldType> types, List<FieldType> others) {
    if (types.size() < others.size()) {
      return false;
    }
    for (int i = 0; i < others.size(); i++) {
      if (!field(types.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean field(FieldType type, FieldType other) {
    return type.mutable() == other.mutable()
        && storage(type.storage(), other.storage())
        && (!type.mutable() || storage(other.storage(), type.storage()));
  }

  private static boolean storage(StorageType type, StorageType other) {
    return type instanceof ValType value && other instanceof ValType otherValue
        ? value(value, otherValue)
        : type.equals(other);
  }

  private static AssertionError open(TypeUse use) {
    return new AssertionError("type " + use + " is not closed; please report");
  }
}
