package dev.sampan.wasm.compile;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.I31;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.Values;
import org.jspecify.annotations.Nullable;

/** What instructions of compiled code on references of all kinds mean. */
public final class References {

  private static final String O = FunctionShape.OBJECT;

  static final Member IS_NULL = Member.of(References.class, "isNull", "(" + O + ")I");
  static final Member SAME = Member.of(References.class, "same", "(" + O + O + ")I");
  static final Member NON_NULL = Member.of(References.class, "nonNull", "(" + O + ")" + O);
  static final Member FUNCTION =
      Member.of(References.class, "function", "(I" + FunctionShape.INSTANCE + ")" + O);
  static final Member TEST =
      Member.of(References.class, "test", "(" + O + "I" + FunctionShape.INSTANCE + ")I");
  static final Member CAST =
      Member.of(References.class, "cast", "(" + O + "I" + FunctionShape.INSTANCE + ")" + O);
  static final Member I31 = Member.of(References.class, "i31", "(I)" + O);
  static final Member I31_S = Member.of(References.class, "i31Signed", "(" + O + ")I");
  static final Member I31_U = Member.of(References.class, "i31Unsigned", "(" + O + ")I");
  static final Member SELECT = Member.of(References.class, "select", "(" + O + O + "I)" + O);
  static final Member UNREACHABLE =
      Member.of(References.class, "unreachable", "()Ljava/lang/Throwable;");
  static final Member THROWN =
      Member.of(References.class, "thrown", "(" + O + ")Ljava/lang/Throwable;");

  static final Member ARRAY_OF_SLOTS =
      Member.of(
          References.class, "arrayOfSlots", "([J[" + O + "III" + FunctionShape.INSTANCE + ")" + O);
  static final Member TESTED = Member.of(References.class, "tested", "(I" + O + ")I");
  static final Member CHECKED =
      Member.of(References.class, "checked", "(" + O + "II" + FunctionShape.INSTANCE + ")" + O);

  private References() {}

  public static int isNull(@Nullable Object reference) {
    return reference == null ? 1 : 0;
  }

  public static int same(@Nullable Object a, @Nullable Object b) {
    return Values.same(a, b) ? 1 : 0;
  }

  public static Object nonNull(@Nullable Object reference) {
    if (reference == null) {
      throw nullReference();
    }
    return reference;
  }

  private static Trap nullReference() {
    return new Trap(Trap.Kind.NULL_REFERENCE);
  }

  public static Object function(int index, CompiledInstance in) {
    return in.instance.function(index);
  }

  public static int test(@Nullable Object reference, int type, CompiledInstance in) {
    boolean matches =
        reference == null
            ? TypeCode.isNullable(type)
            : Values.matches(reference, in.types.heap(TypeCode.heap(type)));
    return matches ? 1 : 0;
  }

  public static @Nullable Object cast(@Nullable Object reference, int type, CompiledInstance in) {
    if (test(reference, type, in) == 0) {
      throw castFailure(reference, type, in.types);
    }
    return reference;
  }

  /** The result of a test that null passes, after one that null does not pass. */
  public static int tested(int matches, @Nullable Object reference) {
    return reference == null ? 1 : matches;
  }

  /** The reference, if a test for the type's class has said yes, or if it may be null and is. */
  public static @Nullable Object checked(
      @Nullable Object reference, int matches, int type, CompiledInstance in) {
    if (matches == 0 && (reference != null || !TypeCode.isNullable(type))) {
      throw castFailure(reference, type, in.types);
    }
    return reference;
  }

  static Trap castFailure(@Nullable Object reference, int type, TypeSpace types) {
    return new Trap(
        Trap.Kind.CAST_FAILURE,
        "cast failure: expected "
            + types.describe(type)
            + ", found "
            + (reference == null ? "null" : "another reference"));
  }

  public static Object i31(int value) {
    return new I31(value);
  }

  public static int i31Signed(@Nullable Object reference) {
    if (!(reference instanceof I31 integer)) {
      throw nullI31();
    }
    return integer.value();
  }

  public static int i31Unsigned(@Nullable Object reference) {
    return i31Signed(reference) & 0x7FFF_FFFF;
  }

  private static Trap nullI31() {
    return new Trap(Trap.Kind.NULL_I31_REFERENCE);
  }

  /** A new array with elements from slots. */
  public static Object arrayOfSlots(
      long[] numbers,
      @Nullable Object[] references,
      int from,
      int count,
      int type,
      CompiledInstance in) {
    DefType definition = in.types.type(type);
    ArrayObject array = GeneratedAggregates.INSTANCE.array(definition, count);
    switch (((ArrayType) definition.composite()).element().storage()) {
      case RefType ref -> {
        for (int i = 0; i < count; i++) {
          array.reference(i, references[from + i]);
        }
      }
      case VecType vec -> {
        for (int i = 0; i < count; i++) {
          array.vector(i, numbers[from + 2 * i], numbers[from + 2 * i + 1]);
        }
      }
      case NumType num -> setNumbers(array, numbers, from, count);
      case PackedType packed -> setNumbers(array, numbers, from, count);
    }
    return array;
  }

  private static void setNumbers(ArrayObject array, long[] numbers, int from, int count) {
    for (int i = 0; i < count; i++) {
      array.number(i, numbers[from + i]);
    }
  }

  // ---- select ----

  public static int select(int a, int b, int condition) {
    return condition != 0 ? a : b;
  }

  public static long select(long a, long b, int condition) {
    return condition != 0 ? a : b;
  }

  public static float select(float a, float b, int condition) {
    return condition != 0 ? a : b;
  }

  public static double select(double a, double b, int condition) {
    return condition != 0 ? a : b;
  }

  public static @Nullable Object select(@Nullable Object a, @Nullable Object b, int condition) {
    return condition != 0 ? a : b;
  }

  // ---- what is thrown ----

  public static Throwable unreachable() {
    return new Trap(Trap.Kind.UNREACHABLE);
  }

  /** What {@code throw_ref} throws. */
  public static Throwable thrown(@Nullable Object reference) {
    if (reference == null) {
      return new Trap(Trap.Kind.NULL_EXCEPTION_REFERENCE);
    }
    return (GuestException) reference;
  }
}
