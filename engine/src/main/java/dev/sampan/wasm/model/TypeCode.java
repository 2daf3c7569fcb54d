package dev.sampan.wasm.model;

/**
 * Value types packed into an {@code int}, for the paths that handle millions of them.
 *
 * <p>Numbers and vectors are small constants. A reference type is {@link #REF}, the {@link
 * #NULLABLE} bit and a heap code: the ordinal of an {@link AbstractHeapType}, or {@link #CONCRETE}
 * plus the index of a type in the module's {@link TypeSpace}. Equal types have equal codes there,
 * because equivalent definitions share one index.
 */
public final class TypeCode {

  /** The type of a value that unreachable code never makes; a subtype of every value type. */
  public static final int BOTTOM = 0;

  public static final int I32 = 1;
  public static final int I64 = 2;
  public static final int F32 = 3;
  public static final int F64 = 4;
  public static final int V128 = 5;

  /** Marks a reference type. */
  public static final int REF = 1 << 30;

  /** Marks a reference type that contains null. */
  public static final int NULLABLE = 1 << 29;

  /** The first heap code of concrete types. */
  public static final int CONCRETE = 32;

  /** The heap code below all others, of a reference whose type is unknown in unreachable code. */
  public static final int BOTTOM_HEAP = 31;

  private static final int HEAP = NULLABLE - 1;

  private TypeCode() {}

  /** Whether the code is a reference type's. */
  public static boolean isReference(int code) {
    return (code & REF) != 0;
  }

  /** Whether the code is a reference type's that contains null. */
  public static boolean isNullable(int code) {
    return (code & NULLABLE) != 0;
  }

  /** The heap code of a reference type. */
  public static int heap(int code) {
    return code & HEAP;
  }

  /** The reference type of a heap code. */
  public static int reference(boolean nullable, int heap) {
    return REF | (nullable ? NULLABLE : 0) | heap;
  }

  /** The heap code of an abstract heap type. */
  public static int heap(AbstractHeapType type) {
    return type.ordinal();
  }

  /** The number of 64-bit slots a value takes: 2 for {@code v128}, 1 for all else. */
  public static int slots(int code) {
    return code == V128 ? 2 : 1;
  }
}
