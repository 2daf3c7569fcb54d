package dev.sampan.wasm.model;

import java.util.function.Function;

/** Replaces the type uses inside types, leaving the structure as it is. */
public final class TypeMap {

  private TypeMap() {}

  /** A sub type with its uses replaced. */
  public static SubType sub(SubType type, Function<TypeUse, TypeUse> map) {
    return new SubType(
        type.isFinal(),
        type.supertypes().stream().map(map).toList(),
        composite(type.composite(), map));
  }

  /** A composite type with its uses replaced. */
  public static CompositeType composite(CompositeType type, Function<TypeUse, TypeUse> map) {
    return switch (type) {
      case FuncType func ->
          new FuncType(
              func.parameters().stream().map(value -> value(value, map)).toList(),
              func.results().stream().map(value -> value(value, map)).toList());
      case StructType struct ->
          new StructType(struct.fields().stream().map(field -> field(field, map)).toList());
      case ArrayType array -> new ArrayType(field(array.element(), map));
    };
  }

  /** A value type with its uses replaced. */
  public static ValType value(ValType type, Function<TypeUse, TypeUse> map) {
    return switch (type) {
      case RefType ref -> reference(ref, map);
      case NumType num -> num;
      case VecType vec -> vec;
    };
  }

  /** A reference type with its uses replaced. */
  public static RefType reference(RefType type, Function<TypeUse, TypeUse> map) {
    return type.heap() instanceof TypeUse use ? new RefType(type.nullable(), map.apply(use)) : type;
  }

  /** An external type with its uses replaced. */
  public static ExternType extern(ExternType type, Function<TypeUse, TypeUse> map) {
    return switch (type) {
      case ExternFuncType func -> new ExternFuncType(map.apply(func.type()));
      case TagType tag -> new TagType(map.apply(tag.type()));
      case GlobalType global -> new GlobalType(value(global.type(), map), global.mutable());
      case TableType table ->
          new TableType(table.address(), table.limits(), reference(table.element(), map));
      case MemoryType memory -> memory;
    };
  }

  private static FieldType field(FieldType field, Function<TypeUse, TypeUse> map) {
    return field.storage() instanceof ValType type
        ? new FieldType(value(type, map), field.mutable())
        : field;
  }
}
