package dev.sampan.wasm.interpret;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.StructObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the instructions on structures. */
final class StructOps {

  private StructOps() {}

  static void run(
      Opcode opcode,
      ModuleInstance instance,
      long[] numbers,
      @Nullable Object[] references,
      int base,
      int type,
      int field) {
    var layout = ((Interpreter) instance.module().executor()).layout(type);
    switch (opcode.kind()) {
      case STRUCT_NEW -> {
        StructObject object = new StructObject(instance.module().types().type(type), layout);
        List<FieldType> fields = fields(instance, type);
        for (int i = 0; i < fields.size(); i++) {
          // operands have the same widths as fields, so they lie as the fields will
          int slot = layout.slot(i);
          set(object, fields.get(i).storage(), slot, numbers, references, base + slot);
        }
        references[base] = object;
      }
      case STRUCT_NEW_DEFAULT ->
          references[base] = new StructObject(instance.module().types().type(type), layout);
      case STRUCT_SET -> {
        StructObject object = object(references[base]);
        StorageType storage = fields(instance, type).get(field).storage();
        set(object, storage, layout.slot(field), numbers, references, base + 1);
      }
      default -> {
        StructObject object = object(references[base]);
        int slot = layout.slot(field);
        switch (fields(instance, type).get(field).storage()) {
          case RefType ref -> references[base] = object.reference(slot);
          case PackedType packed ->
              numbers[base] =
                  StructObject.unpack(object.number(slot), packed, opcode == Opcode.STRUCT_GET_S);
          case VecType vec -> {
            numbers[base] = object.number(slot);
            numbers[base + 1] = object.number(slot + 1);
          }
          default -> numbers[base] = object.number(slot);
        }
      }
    }
  }

  private static List<FieldType> fields(ModuleInstance instance, int type) {
    return ((StructType) instance.module().types().type(type).composite()).fields();
  }

  private static StructObject object(@Nullable Object reference) {
    if (reference == null) {
      throw new Trap(Trap.Kind.NULL_STRUCTURE_REFERENCE);
    }
    return (StructObject) reference;
  }

  private static void set(
      StructObject object,
      StorageType storage,
      int slot,
      long[] numbers,
      @Nullable Object[] references,
      int source) {
    if (storage instanceof RefType) {
      object.reference(slot, references[source]);
      return;
    }
    object.number(slot, numbers[source]);
    if (storage == VecType.V128) {
      object.number(slot + 1, numbers[source + 1]);
    }
  }
}
