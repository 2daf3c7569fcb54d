package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;

/** Generated structures and arrays. Arrays are short, and most indices are in bounds. */
final class Aggregates extends Chapter {

  /** Indices at random are below this, and most arrays are not shorter. */
  private static final int USUAL_LENGTH = 4;

  Aggregates(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (type instanceof RefType reference && dice.percent(30)) {
      function.references().make(reference, depth);
      return true;
    }
    if (type == NumType.I32 && dice.oneIn(6)) {
      reference(dice.pick(types.arrays()), depth);
      code.op(ARRAY_LEN);
      return true;
    }
    return dice.percent(50) ? getField(type, depth) : getElement(type, depth);
  }

  private boolean getField(ValType wanted, int depth) {
    for (int attempt = 0; attempt < 5; attempt++) {
      int type = dice.pick(types.structs());
      List<FieldType> fields = ((StructType) types.composite(type)).fields();
      for (int i = 0; i < fields.size(); i++) {
        int field = (attempt + i) % fields.size();
        StorageType storage = fields.get(field).storage();
        if (types.matches(TypePool.unpacked(storage), wanted)) {
          reference(type, depth);
          boolean packed = storage instanceof PackedType;
          code.op(
              !packed ? STRUCT_GET : dice.percent(50) ? STRUCT_GET_S : STRUCT_GET_U, type, field);
          return true;
        }
      }
    }
    return false;
  }

  private boolean getElement(ValType wanted, int depth) {
    for (int attempt = 0; attempt < 5; attempt++) {
      int type = dice.pick(types.arrays());
      StorageType storage = element(type).storage();
      if (types.matches(TypePool.unpacked(storage), wanted)) {
        reference(type, depth);
        index(depth);
        boolean packed = storage instanceof PackedType;
        code.op(!packed ? ARRAY_GET : dice.percent(50) ? ARRAY_GET_S : ARRAY_GET_U, type);
        return true;
      }
    }
    return false;
  }

  @Override
  boolean statement(int depth) {
    if (dice.percent(40)) {
      return setField(depth);
    }
    int type = dice.pick(types.arrays());
    FieldType element = element(type);
    if (!element.mutable()) {
      return false;
    }
    ValType value = TypePool.unpacked(element.storage());
    switch (dice.below(6)) {
      case 0 -> {
        reference(type, depth);
        index(depth);
        function.expression(value, depth);
        code.i32(few()).op(ARRAY_FILL, type);
      }
      case 1 -> copy(type, depth);
      case 2, 3 -> {
        return init(type, value, depth);
      }
      default -> {
        reference(type, depth);
        index(depth);
        function.expression(value, depth);
        code.op(ARRAY_SET, type);
      }
    }
    return true;
  }

  private boolean setField(int depth) {
    int type = dice.pick(types.structs());
    List<FieldType> fields = ((StructType) types.composite(type)).fields();
    if (fields.isEmpty()) {
      return false;
    }
    int field = dice.below(fields.size());
    if (!fields.get(field).mutable()) {
      return false;
    }
    reference(type, depth);
    function.expression(TypePool.unpacked(fields.get(field).storage()), depth);
    code.op(STRUCT_SET, type, field);
    return true;
  }

  private void copy(int type, int depth) {
    int source = dice.pick(types.arrays());
    StorageType from = element(source).storage();
    StorageType to = element(type).storage();
    boolean fits =
        from instanceof PackedType || to instanceof PackedType
            ? from == to
            : types.matches((ValType) from, (ValType) to);
    int used = fits ? source : type;
    if (dice.percent(40)) {
      // within one array, where ranges may overlap
      int kept = function.fresh(new RefType(true, new TypeIndex(type)));
      reference(type, depth);
      function.teeLocal(kept);
      code.i32(few()).op(LOCAL_GET, kept);
      used = type;
    } else {
      reference(type, depth);
      code.i32(few());
      reference(used, depth);
    }
    code.i32(few()).i32(few()).op(ARRAY_COPY, type, used);
  }

  private boolean init(int type, ValType value, int depth) {
    if (!(value instanceof RefType)) {
      if (world.data.isEmpty()) {
        return false;
      }
      reference(type, depth);
      code.i32(dice.below(2));
      int segment = fromData(type);
      code.op(ARRAY_INIT_DATA, type, segment);
      return true;
    }
    for (int segment = 0; segment < world.elements.size(); segment++) {
      if (types.matches(world.elements.get(segment).type(), value)) {
        reference(type, depth);
        code.i32(dice.below(2));
        fromElements(segment);
        code.op(ARRAY_INIT_ELEM, type, segment);
        return true;
      }
    }
    return false;
  }

  /** Leaves start and count in a data segment, and tells which. */
  private int fromData(int type) {
    int segment = dice.below(world.data.size());
    int size = world.data.get(segment);
    int start = dice.below(size + 1);
    int most = (size - start) / bytes(element(type).storage());
    code.i32(start).i32(dice.oneIn(20) ? -1 : Math.min(most, few()));
    return segment;
  }

  private void fromElements(int segment) {
    int size = world.elements.get(segment).size();
    int start = dice.below(size + 1);
    code.i32(start).i32(dice.oneIn(20) ? -1 : Math.min(size - start, few()));
  }

  private static int bytes(StorageType storage) {
    return switch (storage) {
      case PackedType packed -> packed == PackedType.I8 ? 1 : 2;
      case NumType num -> num == NumType.I32 || num == NumType.F32 ? 4 : 8;
      case VecType vec -> 16;
      case RefType reference -> throw new IllegalArgumentException(reference.toString());
    };
  }

  // Operands

  private FieldType element(int type) {
    return ((ArrayType) types.composite(type)).element();
  }

  /** A reference to access, seldom null. */
  private void reference(int type, int depth) {
    function.expression(new RefType(dice.oneIn(20), new TypeIndex(type)), depth);
  }

  private void index(int depth) {
    if (dice.percent(50)) {
      code.i32(few());
    } else {
      function.i32(depth);
      if (!dice.oneIn(25)) {
        code.i32(USUAL_LENGTH - 1).op(I32_AND);
      }
    }
  }

  private int few() {
    return dice.oneIn(40) ? dice.i32() : dice.below(3);
  }

  // New ones

  void newStruct(int type, int depth) {
    List<FieldType> fields = ((StructType) types.composite(type)).fields();
    boolean defaults =
        fields.stream().allMatch(field -> TypePool.hasDefault(TypePool.unpacked(field.storage())));
    if (defaults && dice.percent(25)) {
      code.op(STRUCT_NEW_DEFAULT, type);
      return;
    }
    for (FieldType field : fields) {
      function.expression(TypePool.unpacked(field.storage()), depth);
    }
    code.op(STRUCT_NEW, type);
  }

  void newArray(int type, int depth) {
    ValType value = TypePool.unpacked(element(type).storage());
    switch (depth <= 0 ? dice.below(2) : dice.below(5)) {
      case 0 -> {
        function.expression(value, depth);
        length();
        code.op(ARRAY_NEW, type);
      }
      case 1 -> {
        if (TypePool.hasDefault(value)) {
          length();
          code.op(ARRAY_NEW_DEFAULT, type);
        } else {
          code.op(ARRAY_NEW_FIXED, type, 0);
        }
      }
      case 2 -> fromSegment(type, value, depth);
      default -> fixed(type, value, depth);
    }
  }

  private void length() {
    code.i32(dice.oneIn(12) ? dice.pick(0, 1, -1) : dice.between(USUAL_LENGTH, 20));
  }

  private void fixed(int type, ValType value, int depth) {
    int count = dice.oneIn(12) ? dice.below(USUAL_LENGTH) : dice.between(USUAL_LENGTH, 6);
    for (int i = 0; i < count; i++) {
      function.expression(value, depth > 1 ? depth - 1 : 0);
    }
    code.op(ARRAY_NEW_FIXED, type, count);
  }

  private void fromSegment(int type, ValType value, int depth) {
    if (!(value instanceof RefType)) {
      if (!world.data.isEmpty()) {
        int segment = fromData(type);
        code.op(ARRAY_NEW_DATA, type, segment);
        return;
      }
    } else {
      for (int segment = 0; segment < world.elements.size(); segment++) {
        if (types.matches(world.elements.get(segment).type(), value)) {
          fromElements(segment);
          code.op(ARRAY_NEW_ELEM, type, segment);
          return;
        }
      }
    }
    fixed(type, value, depth);
  }
}
