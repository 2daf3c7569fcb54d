package dev.sampan.wasm;

import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import org.jspecify.annotations.Nullable;

/** How values of Wasm types look in Java. */
public final class JavaTypes {

  private JavaTypes() {}

  /** The class that stands for a type in exact method handles. */
  public static Class<?> carrier(ValType type) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> int.class;
            case I64 -> long.class;
            case F32 -> float.class;
            case F64 -> double.class;
          };
      case VecType vec -> V128.class;
      case RefType ref -> Object.class;
    };
  }

  /** Whether a Java class may be written where a type is declared. */
  public static boolean fits(Class<?> java, ValType type) {
    return java == carrier(type)
        || java == boolean.class && type == NumType.I32
        || type instanceof RefType && !java.isPrimitive();
  }

  /** A Wasm value for a Java place: makes a boolean of an {@code i32} if that is wanted. */
  public static @Nullable Object toJava(@Nullable Object value, Class<?> wanted) {
    return wanted == boolean.class && value instanceof Integer number ? number != 0 : value;
  }

  /** A Java value for a Wasm place: makes an {@code i32} of a boolean. */
  public static @Nullable Object toWasm(@Nullable Object value) {
    return value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : value;
  }

  static @Nullable Object argument(Call call, int index, ValType type) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> call.i32(index);
            case I64 -> call.i64(index);
            case F32 -> call.f32(index);
            case F64 -> call.f64(index);
          };
      case VecType vec -> call.v128(index);
      case RefType ref -> call.ref(index);
    };
  }

  static void result(Call call, ValType type, @Nullable Object value) {
    switch (type) {
      case RefType ref -> call.resultRef(value);
      case VecType vec -> call.result(required(value, V128.class));
      case NumType num -> {
        switch (num) {
          case I32 -> call.result((int) required(value, Integer.class));
          case I64 -> call.result((long) required(value, Long.class));
          case F32 -> call.result((float) required(value, Float.class));
          case F64 -> call.result((double) required(value, Double.class));
        }
      }
    }
  }

  private static <T> T required(@Nullable Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("expected a result of " + type + ", found " + value);
    }
    return type.cast(value);
  }
}
