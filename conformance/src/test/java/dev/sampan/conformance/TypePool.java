package dev.sampan.conformance;

import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of a generated module. Function types for blocks are added while code is written; the
 * type section is made last.
 */
final class TypePool {

  private static final List<NumType> NUMBERS = List.of(NumType.values());

  private final Dice dice;
  private final Flavour flavour;
  private final List<RecType> groups = new ArrayList<>();
  private final List<SubType> types = new ArrayList<>();
  private final Map<FuncType, Integer> functionTypes = new HashMap<>();
  private final List<Integer> structs = new ArrayList<>();
  private final List<Integer> arrays = new ArrayList<>();

  /** Types of values; the frequent ones stand several times. */
  private final List<ValType> values = new ArrayList<>();

  TypePool(Dice dice, Flavour flavour) {
    this.dice = dice;
    this.flavour = flavour;
    for (int i = 0; i < 4; i++) {
      values.add(NumType.I32);
      values.add(i == 0 ? NumType.F32 : i == 1 ? NumType.F64 : NumType.I64);
    }
    if (flavour.has(Flavour.Part.VECTORS)) {
      values.addAll(List.of(VecType.V128, VecType.V128, VecType.V128));
    }
    if (flavour.has(Flavour.Part.AGGREGATES)) {
      aggregates();
      if (dice.percent(30)) {
        // the same group again: other indices, the same types
        group(groups.getFirst().types());
      }
      for (AbstractHeapType heap :
          List.of(AbstractHeapType.STRUCT, AbstractHeapType.ARRAY, AbstractHeapType.NONE)) {
        values.add(new RefType(true, heap));
      }
      for (int index : dice.percent(50) ? structs : arrays) {
        values.add(new RefType(true, new TypeIndex(index)));
        values.add(new RefType(dice.percent(50), new TypeIndex(index)));
      }
    }
    if (flavour.has(Flavour.Part.REFERENCES) || flavour.has(Flavour.Part.TABLES)) {
      values.add(RefType.FUNCREF);
      values.add(RefType.EXTERNREF);
      values.add(new RefType(false, AbstractHeapType.FUNC));
    }
    if (flavour.has(Flavour.Part.REFERENCES)) {
      for (AbstractHeapType heap :
          List.of(AbstractHeapType.ANY, AbstractHeapType.EQ, AbstractHeapType.I31)) {
        values.add(new RefType(true, heap));
        values.add(new RefType(false, heap));
      }
      values.add(new RefType(false, AbstractHeapType.EXTERN));
    }
    if (flavour.has(Flavour.Part.EXCEPTIONS)) {
      values.add(new RefType(true, AbstractHeapType.EXN));
    }
    functions();
  }

  private void functions() {
    function(List.of(), List.of());
    int count = dice.between(3, 7);
    for (int i = 0; i < count; i++) {
      boolean many = dice.oneIn(25);
      function(
          values(many ? dice.between(5, 40) : dice.between(0, 4)),
          values(many ? dice.between(3, 20) : dice.pick(0, 1, 1, 1, 2, 3)));
    }
    if (flavour.has(Flavour.Part.REFERENCES)) {
      FuncType type = new FuncType(values(dice.between(0, 2)), values(dice.between(0, 2)));
      int open = single(new SubType(false, List.of(), type));
      int below = single(new SubType(dice.percent(50), List.of(new TypeIndex(open)), type));
      values.add(new RefType(true, new TypeIndex(open)));
      values.add(new RefType(false, new TypeIndex(below)));
    }
  }

  // Making types

  private void aggregates() {
    int first = types.size();
    int count = dice.between(3, 6);
    List<SubType> group = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int before = i == 0 ? 0 : dice.below(i);
      // the first two are a structure and an array, so that there are both
      boolean wanted = i == 0 || i > 1 && dice.percent(60);
      if (i > 1 && dice.percent(50)) {
        group.add(below(group.get(before), first + before, first + i, first + count));
      } else {
        CompositeType composite =
            wanted
                ? new StructType(fields(dice.between(0, 5), first + i, first + count))
                : new ArrayType(field(first + i, first + count));
        group.add(new SubType(false, List.of(), composite));
      }
    }
    group(group);
  }

  private SubType below(SubType above, int index, int own, int end) {
    CompositeType composite =
        switch (above.composite()) {
          case StructType struct -> {
            List<FieldType> all = new ArrayList<>(struct.fields());
            all.addAll(fields(dice.between(0, 3), own, end));
            yield new StructType(all);
          }
          case ArrayType array -> array;
          case FuncType function -> function;
        };
    return new SubType(false, List.of(new TypeIndex(index)), composite);
  }

  private List<FieldType> fields(int count, int own, int end) {
    List<FieldType> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(field(own, end));
    }
    return fields;
  }

  /** A field of the type {@code own} of a group that ends before {@code end}. */
  private FieldType field(int own, int end) {
    StorageType storage =
        switch (dice.below(8)) {
          case 0 -> PackedType.I8;
          case 1 -> PackedType.I16;
          case 2 -> new RefType(true, new TypeIndex(dice.below(end)));
          // types before this one can be made first, others perhaps never
          case 3 ->
              own == 0
                  ? new RefType(false, AbstractHeapType.I31)
                  : new RefType(dice.percent(50), new TypeIndex(dice.below(own)));
          case 4 -> new RefType(true, dice.pick(AbstractHeapType.ANY, AbstractHeapType.FUNC));
          case 5 -> flavour.has(Flavour.Part.VECTORS) ? VecType.V128 : NumType.I64;
          default -> dice.pick(NUMBERS);
        };
    return new FieldType(storage, dice.percent(75));
  }

  private void group(List<SubType> group) {
    int shift = types.size();
    for (SubType each : group) {
      int index = types.size();
      SubType type = shift == 0 ? each : shifted(each, shift);
      types.add(type);
      switch (type.composite()) {
        case StructType struct -> structs.add(index);
        case ArrayType array -> arrays.add(index);
        case FuncType function -> functionTypes.putIfAbsent(function, index);
      }
    }
    groups.add(new RecType(List.copyOf(types.subList(shift, types.size()))));
  }

  private static SubType shifted(SubType type, int by) {
    CompositeType composite =
        switch (type.composite()) {
          case StructType struct ->
              new StructType(struct.fields().stream().map(field -> shifted(field, by)).toList());
          case ArrayType array -> new ArrayType(shifted(array.element(), by));
          case FuncType function -> function;
        };
    List<TypeUse> above =
        type.supertypes().stream()
            .<TypeUse>map(use -> new TypeIndex(((TypeIndex) use).index() + by))
            .toList();
    return new SubType(type.isFinal(), above, composite);
  }

  private static FieldType shifted(FieldType field, int by) {
    return field.storage() instanceof RefType(boolean nullable, TypeIndex(int index))
        ? new FieldType(new RefType(nullable, new TypeIndex(index + by)), field.mutable())
        : field;
  }

  private int single(SubType type) {
    types.add(type);
    groups.add(new RecType(List.of(type)));
    return types.size() - 1;
  }

  /** The index of a function type, which is added if it is new. */
  int function(List<ValType> parameters, List<ValType> results) {
    return functionTypes.computeIfAbsent(
        new FuncType(parameters, results), type -> single(SubType.of(type)));
  }

  // Asking for types

  List<RecType> groups() {
    return groups;
  }

  int count() {
    return types.size();
  }

  CompositeType composite(int index) {
    return types.get(index).composite();
  }

  FuncType function(int index) {
    return (FuncType) composite(index);
  }

  List<Integer> structs() {
    return structs;
  }

  List<Integer> arrays() {
    return arrays;
  }

  ValType value() {
    return dice.pick(values);
  }

  List<ValType> values(int count) {
    List<ValType> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(value());
    }
    return list;
  }

  static boolean hasDefault(ValType type) {
    return !(type instanceof RefType reference) || reference.nullable();
  }

  /** What a field's value is on the stack. */
  static ValType unpacked(StorageType storage) {
    return switch (storage) {
      case PackedType packed -> NumType.I32;
      case ValType value -> value;
    };
  }

  // Matching; never claims what validation would deny

  boolean matches(ValType type, ValType other) {
    if (type == other) {
      return true;
    }
    return type instanceof RefType(boolean nullable, HeapType heap)
        && other instanceof RefType(boolean otherNullable, HeapType otherHeap)
        && (!nullable || otherNullable)
        && matches(heap, otherHeap);
  }

  boolean matches(List<ValType> list, List<ValType> others) {
    if (list.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < list.size(); i++) {
      if (!matches(list.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  boolean matches(HeapType type, HeapType other) {
    if (type.equals(other)) {
      return true;
    }
    if (other instanceof AbstractHeapType wanted) {
      return kind(type).matches(wanted);
    }
    if (type instanceof AbstractHeapType given) {
      return given == given.bottom() && given == kind(other).bottom();
    }
    for (TypeUse above : types.get(((TypeIndex) type).index()).supertypes()) {
      if (matches(above, other)) {
        return true;
      }
    }
    return false;
  }

  /** The abstract type just above a heap type, or itself. */
  AbstractHeapType kind(HeapType type) {
    return switch (type) {
      case AbstractHeapType given -> given;
      case TypeUse use ->
          switch (composite(((TypeIndex) use).index())) {
            case StructType struct -> AbstractHeapType.STRUCT;
            case ArrayType array -> AbstractHeapType.ARRAY;
            case FuncType function -> AbstractHeapType.FUNC;
          };
    };
  }
}
