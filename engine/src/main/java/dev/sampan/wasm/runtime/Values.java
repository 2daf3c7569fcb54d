package dev.sampan.wasm.runtime;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.I31;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RecIndex;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values between Java objects and slots, and the types of references at run time. */
public final class Values {

  private Values() {}

  /** The number of slots that values of some types take. */
  public static int slots(List<ValType> types) {
    int slots = 0;
    for (ValType type : types) {
      slots += slots(type);
    }
    return slots;
  }

  /** The number of slots that a value of a type takes. */
  public static int slots(ValType type) {
    return type == VecType.V128 ? 2 : 1;
  }

  /**
   * Refuses a Java object that is no value of a type.
   *
   * @throws IllegalArgumentException naming both
   */
  public static void check(ValType type, @Nullable Object value) {
    boolean fits =
        switch (type) {
          case NumType num ->
              switch (num) {
                case I32 -> value instanceof Integer;
                case I64 -> value instanceof Long;
                case F32 -> value instanceof Float;
                case F64 -> value instanceof Double;
              };
          case VecType vec -> value instanceof V128;
          case RefType ref -> matches(value, ref);
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "expected a value of type "
              + type
              + ", found "
              + (value == null ? "null" : value.getClass().getName() + " " + value));
    }
  }

  /**
   * Puts a value into its slots, after checking its type.
   *
   * @return the slot behind it
   */
  public static int store(
      ValType type,
      @Nullable Object value,
      long[] numbers,
      @Nullable Object[] references,
      int slot) {
    check(type, value);
    switch (value) {
      case Integer i when type instanceof NumType -> numbers[slot] = i;
      case Long l when type instanceof NumType -> numbers[slot] = l;
      case Float f when type instanceof NumType -> numbers[slot] = Float.floatToRawIntBits(f);
      case Double d when type instanceof NumType -> numbers[slot] = Double.doubleToRawLongBits(d);
      case V128 v when type instanceof VecType -> {
        numbers[slot] = v.low();
        numbers[slot + 1] = v.high();
      }
      case null, default -> references[slot] = value;
    }
    return slot + slots(type);
  }

  /** The value of a type in its slots. */
  public static @Nullable Object load(
      ValType type, long[] numbers, @Nullable Object[] references, int slot) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> (int) numbers[slot];
            case I64 -> numbers[slot];
            case F32 -> Float.intBitsToFloat((int) numbers[slot]);
            case F64 -> Double.longBitsToDouble(numbers[slot]);
          };
      case VecType vec -> new V128(numbers[slot], numbers[slot + 1]);
      case RefType ref -> references[slot];
    };
  }

  /** The values of some types in slots from 0 on. */
  public static @Nullable Object[] load(
      List<ValType> types, long[] numbers, @Nullable Object[] references) {
    return load(types, numbers, references, 0);
  }

  /** The values of some types in slots from a base on. */
  public static @Nullable Object[] load(
      List<ValType> types, long[] numbers, @Nullable Object[] references, int base) {
    @Nullable Object[] values = new Object[types.size()];
    int slot = base;
    for (int i = 0; i < values.length; i++) {
      values[i] = load(types.get(i), numbers, references, slot);
      slot += slots(types.get(i));
    }
    return values;
  }

  /** Whether a reference is of a type, as {@code ref.test} asks. */
  public static boolean matches(@Nullable Object value, RefType type) {
    return value == null ? type.nullable() : matches(value, type.heap());
  }

  /** Whether a reference that is not null is of a heap type. */
  public static boolean matches(Object value, HeapType type) {
    return switch (type) {
      case AbstractHeapType abstractType ->
          switch (abstractType) {
            case ANY, EXTERN -> true;
            case EQ -> value instanceof I31 || value instanceof Aggregate;
            case I31 -> value instanceof I31;
            case STRUCT -> value instanceof StructObject;
            case ARRAY -> value instanceof ArrayObject;
            case FUNC -> value instanceof FuncInstance;
            case EXN -> value instanceof GuestException;
            case NONE, NOFUNC, NOEXTERN, NOEXN -> false;
          };
      case DefType definition ->
          switch (value) {
            case Aggregate aggregate -> aggregate.type().isSubtypeOf(definition);
            case FuncInstance function -> function.definition().isSubtypeOf(definition);
            default -> false;
          };
      case TypeIndex open -> throw new AssertionError("type " + open + " is not closed");
      case RecIndex open -> throw new AssertionError("type " + open + " is not closed");
    };
  }

  /** Whether two references are the same, as {@code ref.eq} asks. */
  public static boolean same(@Nullable Object a, @Nullable Object b) {
    return a == b || a instanceof I31 first && first.equals(b);
  }
}
