package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.SlotStruct;
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
    switch (opcode.kind()) {
      case STRUCT_NEW -> {
        var layout = layout(instance, type);
        SlotStruct object = new SlotStruct(layout);
        List<FieldType> fields = fields(instance, type);
        for (int i = 0; i < fields.size(); i++) {
          // operands have the same widths as fields, so they lie as the fields will
          int source = base + layout.slot(i);
          set(object, fields.get(i).storage(), i, numbers, references, source);
        }
        references[base] = HeapAccount.made(object, layout.bytes(), instance.heap());
      }
      case STRUCT_NEW_DEFAULT -> {
        var layout = layout(instance, type);
        references[base] =
            HeapAccount.made(new SlotStruct(layout), layout.bytes(), instance.heap());
      }
      case STRUCT_SET -> {
        SlotStruct object = object(references[base]);
        StorageType storage = fields(instance, type).get(field).storage();
        set(object, storage, field, numbers, references, base + 1);
      }
      default -> {
        SlotStruct object = object(references[base]);
        switch (fields(instance, type).get(field).storage()) {
          case RefType ref -> references[base] = object.reference(field);
          case PackedType packed ->
              numbers[base] =
                  StructObject.unpack(object.number(field), packed, opcode == Opcode.STRUCT_GET_S);
          case VecType vec -> {
            numbers[base] = object.number(field);
            numbers[base + 1] = object.high(field);
          }
          default -> numbers[base] = object.number(field);
        }
      }
    }
  }

  private static List<FieldType> fields(ModuleInstance instance, int type) {
    return ((StructType) instance.module().types().type(type).composite()).fields();
  }

  private static SlotStruct.Layout layout(ModuleInstance instance, int type) {
    return ((Interpreter) instance.module().executor()).layout(type);
  }

  private static SlotStruct object(@Nullable Object reference) {
    return (SlotStruct) StructObject.nonNull(reference);
  }

  private static void set(
      SlotStruct object,
      StorageType storage,
      int field,
      long[] numbers,
      @Nullable Object[] references,
      int source) {
    switch (storage) {
      case RefType ref -> object.reference(field, references[source]);
      case VecType vec -> object.vector(field, numbers[source], numbers[source + 1]);
      default -> object.number(field, numbers[source]);
    }
  }
}
