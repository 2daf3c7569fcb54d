package dev.sampan.wasm.runtime;

import dev.sampan.wasm.I31;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Evaluates the constant expressions of an instance (Validation › Constant Expressions). */
final class ConstantExpressions {

  private final ModuleInstance instance;
  private final Aggregates aggregates;
  private final HeapAccount heap;
  private final List<@Nullable Object> stack = new ArrayList<>();

  ConstantExpressions(ModuleInstance instance) {
    this.instance = instance;
    this.heap = instance.heap();
    this.aggregates = instance.module().executor().aggregates();
  }

  /** The value of an expression that is an address, unsigned. */
  long address(Expr expression) {
    return switch (evaluate(expression)) {
      case Integer narrow -> Integer.toUnsignedLong(narrow);
      case Long wide -> wide;
      case null, default -> throw new AssertionError("an address is no integer; please report");
    };
  }

  /** The value of an expression, as the public interface gives values. */
  @Nullable Object evaluate(Expr expression) {
    ByteReader in = new ByteReader(expression.bytes(), expression.start(), expression.end());
    stack.clear();
    while (true) {
      Opcode opcode = InstructionReader.opcode(in);
      if (opcode == Opcode.END) {
        return stack.getLast();
      }
      push(value(opcode, in));
    }
  }

  private void push(@Nullable Object value) {
    stack.add(value);
  }

  private @Nullable Object pop() {
    return stack.removeLast();
  }

  private int popInt() {
    return (int) Objects.requireNonNull(pop());
  }

  private long popLong() {
    return (long) Objects.requireNonNull(pop());
  }

  private @Nullable Object value(Opcode opcode, ByteReader in) {
    return switch (opcode) {
      case I32_CONST -> in.s32();
      case I64_CONST -> in.s64();
      case F32_CONST -> Float.intBitsToFloat(in.fixed32());
      case F64_CONST -> Double.longBitsToDouble(in.fixed64());
      case V128_CONST -> new V128(in.fixed64(), in.fixed64());
      case I32_ADD -> popInt() + popInt();
      case I32_SUB -> -popInt() + popInt();
      case I32_MUL -> popInt() * popInt();
      case I64_ADD -> popLong() + popLong();
      case I64_SUB -> -popLong() + popLong();
      case I64_MUL -> popLong() * popLong();
      case GLOBAL_GET -> instance.globals()[in.u32()].get();
      case REF_NULL -> {
        TypeReader.heapType(in);
        yield null;
      }
      case REF_FUNC -> instance.function(in.u32());
      case REF_I31 -> new I31(popInt());
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> pop();
      case STRUCT_NEW -> structure(type(in), true);
      case STRUCT_NEW_DEFAULT -> structure(type(in), false);
      case ARRAY_NEW -> {
        DefType type = type(in);
        int length = popInt();
        @Nullable Object value = pop();
        ArrayObject array = array(type, length);
        for (int i = 0; i < length; i++) {
          set(array, i, value);
        }
        yield array;
      }
      case ARRAY_NEW_DEFAULT -> {
        DefType type = type(in);
        yield array(type, popInt());
      }
      case ARRAY_NEW_FIXED -> {
        DefType type = type(in);
        int length = in.u32();
        ArrayObject array = array(type, length);
        for (int i = length - 1; i >= 0; i--) {
          set(array, i, pop());
        }
        yield array;
      }
      default ->
          throw new AssertionError(opcode.text() + " in a constant expression; please report");
    };
  }

  private DefType type(ByteReader in) {
    return instance.module().types().type(in.u32());
  }

  private ArrayObject array(DefType type, int length) {
    int width = ArrayObject.width(type);
    HeapAccount.room(length, width, heap);
    ArrayObject array = aggregates.array(type, length);
    HeapAccount.madeArray(array, width, heap);
    return array;
  }

  private StructObject structure(DefType type, boolean fromStack) {
    StructObject object = aggregates.struct(type);
    HeapAccount.made(object, StructObject.bytes(type), heap);
    List<FieldType> fields = ((StructType) type.composite()).fields();
    for (int i = fields.size() - 1; fromStack && i >= 0; i--) {
      @Nullable Object value = pop();
      switch (fields.get(i).storage()) {
        case RefType ref -> object.reference(i, value);
        case VecType vec -> object.vector(i, low(value), high(value));
        default -> object.number(i, low(value));
      }
    }
    return object;
  }

  private static void set(ArrayObject array, int index, @Nullable Object value) {
    switch (((ArrayType) array.type().composite()).element().storage()) {
      case RefType ref -> array.reference(index, value);
      case VecType vec -> array.vector(index, low(value), high(value));
      default -> array.number(index, low(value));
    }
  }

  private static long low(@Nullable Object value) {
    return switch (value) {
      case Integer i -> i;
      case Long l -> l;
      case Float f -> Float.floatToRawIntBits(f);
      case Double d -> Double.doubleToRawLongBits(d);
      case V128 v -> v.low();
      case null, default -> throw new AssertionError("no number; please report");
    };
  }

  private static long high(@Nullable Object value) {
    return value instanceof V128 vector ? vector.high() : 0;
  }
}
