package dev.sampan.wasm.valid;

import static dev.sampan.wasm.model.TypeCode.BOTTOM;
import static dev.sampan.wasm.model.TypeCode.I32;
import static dev.sampan.wasm.model.TypeCode.NULLABLE;
import static dev.sampan.wasm.model.TypeCode.heap;
import static dev.sampan.wasm.model.TypeCode.isNullable;
import static dev.sampan.wasm.model.TypeCode.isReference;
import static dev.sampan.wasm.model.TypeCode.reference;

import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.ValType;
import java.util.List;

/** The rules for references, structures and arrays (Validation › Instructions). */
abstract class ReferenceRules extends ValidationState {

  ReferenceRules(ModuleContext context) {
    super(context);
  }

  // ---- references ----

  void referenceInstruction(Opcode op) {
    switch (op) {
      case REF_NULL -> {
        int type = reference(true, checkHeap(TypeReader.heapType(in)));
        push(type);
        if (live()) {
          sink().reference(op, type);
        }
      }
      case REF_IS_NULL -> {
        popReference();
        push(I32);
        plain(op);
      }
      case REF_AS_NON_NULL -> {
        push(popReference() & ~NULLABLE);
        plain(op);
      }
      case REF_EQ -> {
        int eq = reference(true, AbstractHeapType.EQ.ordinal());
        pop(eq);
        pop(eq);
        push(I32);
        plain(op);
      }
      case REF_FUNC -> {
        int function = function();
        if (!constant && !context.declaredFunctions.get(function)) {
          throw invalid("undeclared function reference " + function);
        }
        push(reference(false, types.heapCode(context.module.functionType(function))));
        index(op, function);
      }
      case REF_TEST, REF_TEST_NULL, REF_CAST, REF_CAST_NULL -> {
        boolean nullable = op == Opcode.REF_TEST_NULL || op == Opcode.REF_CAST_NULL;
        int type = reference(nullable, checkHeap(TypeReader.heapType(in)));
        pop(reference(true, types.top(heap(type)).ordinal()));
        boolean test = op == Opcode.REF_TEST || op == Opcode.REF_TEST_NULL;
        push(test ? I32 : type);
        if (live()) {
          sink().reference(op, type);
        }
      }
      case REF_I31 -> {
        pop(I32);
        push(reference(false, AbstractHeapType.I31.ordinal()));
        plain(op);
      }
      case ANY_CONVERT_EXTERN -> convert(op, AbstractHeapType.EXTERN, AbstractHeapType.ANY);
      case EXTERN_CONVERT_ANY -> convert(op, AbstractHeapType.ANY, AbstractHeapType.EXTERN);
      default -> {
        pop(reference(true, AbstractHeapType.I31.ordinal()));
        push(I32);
        plain(op);
      }
    }
  }

  void convert(Opcode op, AbstractHeapType from, AbstractHeapType to) {
    int type = pop(reference(true, from.ordinal()));
    push(reference(type == BOTTOM ? false : isNullable(type), to.ordinal()));
    plain(op);
  }

  // ---- structures and arrays ----

  void structure(Opcode op) {
    int index = in.u32();
    checkTypeIndex(index);
    CompositeType composite = types.type(index).composite();
    if (!(composite instanceof StructType struct)) {
      throw invalid("type mismatch: type " + index + " is not a structure type");
    }
    switch (op) {
      case STRUCT_NEW -> {
        List<FieldType> fields = struct.fields();
        for (int i = fields.size() - 1; i >= 0; i--) {
          pop(unpacked(fields.get(i).storage()));
        }
        push(reference(false, types.heapCode(index)));
        index(op, index);
      }
      case STRUCT_NEW_DEFAULT -> {
        struct.fields().forEach(this::requireDefault);
        push(reference(false, types.heapCode(index)));
        index(op, index);
      }
      default -> {
        int field = in.u32();
        if (Integer.compareUnsigned(field, struct.fields().size()) >= 0) {
          throw invalid("unknown field " + Integer.toUnsignedString(field));
        }
        FieldType type = struct.fields().get(field);
        if (op == Opcode.STRUCT_SET) {
          if (!type.mutable()) {
            throw invalid("immutable field " + field + " of type " + index);
          }
          pop(unpacked(type.storage()));
          pop(reference(true, types.heapCode(index)));
        } else {
          requirePacked(type.storage(), op != Opcode.STRUCT_GET);
          pop(reference(true, types.heapCode(index)));
          push(unpacked(type.storage()));
        }
        indices(op, index, field);
      }
    }
  }

  int unpacked(StorageType storage) {
    return switch (storage) {
      case PackedType packed -> I32;
      case ValType value -> types.code(value);
    };
  }

  void requireDefault(FieldType field) {
    int type = unpacked(field.storage());
    if (isReference(type) && !isNullable(type)) {
      throw invalid(
          "type mismatch: "
              + name()
              + " expects fields with a default, found "
              + types.describe(type));
    }
  }

  void requirePacked(StorageType storage, boolean expected) {
    if (storage instanceof PackedType != expected) {
      throw invalid(
          "type mismatch: "
              + name()
              + " expects "
              + (expected ? "a packed field" : "a field that is not packed")
              + ", found "
              + storage);
    }
  }

  FieldType arrayElement(int index) {
    checkTypeIndex(index);
    if (!(types.type(index).composite() instanceof ArrayType array)) {
      throw invalid("type mismatch: type " + index + " is not an array type");
    }
    return array.element();
  }

  void requireMutable(FieldType element, int index) {
    if (!element.mutable()) {
      throw invalid("immutable array: type " + index);
    }
  }

  void array(Opcode op) {
    if (op == Opcode.ARRAY_LEN) {
      pop(reference(true, AbstractHeapType.ARRAY.ordinal()));
      push(I32);
      plain(op);
      return;
    }
    int index = in.u32();
    FieldType element = arrayElement(index);
    int value = unpacked(element.storage());
    int nullable = reference(true, types.heapCode(index));
    int created = nullable & ~NULLABLE;
    switch (op) {
      case ARRAY_NEW -> {
        pop(I32);
        pop(value);
        push(created);
        index(op, index);
      }
      case ARRAY_NEW_DEFAULT -> {
        requireDefault(element);
        pop(I32);
        push(created);
        index(op, index);
      }
      case ARRAY_NEW_FIXED -> {
        int count = in.u32();
        if (Integer.compareUnsigned(count, ModuleLimits.NEW_FIXED_OPERANDS) > 0) {
          throw invalid(
              "too many operands: "
                  + Integer.toUnsignedString(count)
                  + ", limit "
                  + ModuleLimits.NEW_FIXED_OPERANDS);
        }
        for (int i = 0; i < count; i++) {
          pop(value);
        }
        push(created);
        indices(op, index, count);
      }
      case ARRAY_NEW_DATA, ARRAY_INIT_DATA -> {
        int segment = dataSegment();
        boolean init = op == Opcode.ARRAY_INIT_DATA;
        if (init) {
          requireMutable(element, index);
        }
        if (isReference(value)) {
          throw invalid("array type is not numeric or vector: found " + types.describe(value));
        }
        arrayFromSegment(init, nullable, created);
        indices(op, index, segment);
      }
      case ARRAY_NEW_ELEM, ARRAY_INIT_ELEM -> {
        int segment = checkElement(in.u32());
        boolean init = op == Opcode.ARRAY_INIT_ELEM;
        if (init) {
          requireMutable(element, index);
        }
        requireMatch(context.elementTypes[segment], value);
        arrayFromSegment(init, nullable, created);
        indices(op, index, segment);
      }
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
        requirePacked(element.storage(), op != Opcode.ARRAY_GET);
        pop(I32);
        pop(nullable);
        push(value);
        index(op, index);
      }
      case ARRAY_SET -> {
        requireMutable(element, index);
        pop(value);
        pop(I32);
        pop(nullable);
        index(op, index);
      }
      case ARRAY_FILL -> {
        requireMutable(element, index);
        pop(I32);
        pop(value);
        pop(I32);
        pop(nullable);
        index(op, index);
      }
      default -> {
        int source = in.u32();
        FieldType from = arrayElement(source);
        requireMutable(element, index);
        boolean match =
            element.storage() instanceof PackedType || from.storage() instanceof PackedType
                ? element.storage() == from.storage()
                : types.matches(unpacked(from.storage()), value);
        if (!match) {
          throw invalid(
              "array types do not match: " + element.storage() + " and " + from.storage());
        }
        pop(I32);
        pop(I32);
        pop(reference(true, types.heapCode(source)));
        pop(I32);
        pop(nullable);
        indices(op, index, source);
      }
    }
  }

  void arrayFromSegment(boolean init, int nullable, int created) {
    pop(I32);
    pop(I32);
    if (init) {
      pop(I32);
      pop(nullable);
    } else {
      push(created);
    }
  }
}
