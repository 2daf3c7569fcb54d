package dev.sampan.wasm.interpret;

import dev.sampan.wasm.I31;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.Values;
import org.jspecify.annotations.Nullable;

/** Runs the instructions on references of all kinds. */
final class ReferenceOps {

  private ReferenceOps() {}

  static void run(
      Opcode opcode,
      ModuleInstance instance,
      long[] numbers,
      @Nullable Object[] references,
      int base,
      int type) {
    Object reference = references[base];
    switch (opcode) {
      case REF_AS_NON_NULL -> {
        if (reference == null) {
          throw new Trap(Trap.Kind.NULL_REFERENCE);
        }
      }
      case REF_EQ -> numbers[base] = Values.same(reference, references[base + 1]) ? 1 : 0;
      case REF_TEST, REF_TEST_NULL ->
          numbers[base] = matches(reference, type, instance.module().types()) ? 1 : 0;
      case REF_CAST, REF_CAST_NULL -> {
        TypeSpace types = instance.module().types();
        if (!matches(reference, type, types)) {
          throw new Trap(
              Trap.Kind.CAST_FAILURE,
              "cast failure: expected "
                  + types.describe(type)
                  + ", found "
                  + (reference == null ? "null" : "another reference"));
        }
      }
      case REF_I31 -> references[base] = new I31((int) numbers[base]);
      case I31_GET_S, I31_GET_U -> {
        if (!(reference instanceof I31 integer)) {
          throw new Trap(Trap.Kind.NULL_I31_REFERENCE);
        }
        numbers[base] =
            opcode == Opcode.I31_GET_S ? integer.value() : integer.value() & 0x7FFF_FFFF;
      }
      default -> {
        // conversions between any and extern keep the object
      }
    }
  }

  private static boolean matches(@Nullable Object reference, int type, TypeSpace types) {
    return reference == null
        ? TypeCode.isNullable(type)
        : Values.matches(reference, types.heap(TypeCode.heap(type)));
  }
}
