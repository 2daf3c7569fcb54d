package dev.sampan.wasm.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A heap type that needs no definition (Structure › Types › Heap Types). */
public enum AbstractHeapType implements HeapType {
  ANY(0x6E),
  EQ(0x6D),
  I31(0x6C),
  STRUCT(0x6B),
  ARRAY(0x6A),
  NONE(0x71),
  FUNC(0x70),
  NOFUNC(0x73),
  EXTERN(0x6F),
  NOEXTERN(0x72),
  EXN(0x69),
  NOEXN(0x74);

  private static final AbstractHeapType[] ALL = values();

  private final int code;

  AbstractHeapType(int code) {
    this.code = code;
  }

  /** The byte of the binary format. */
  public int code() {
    return code;
  }

  /** The type with the given {@link #ordinal()}. */
  static AbstractHeapType at(int ordinal) {
    return ALL[ordinal];
  }

  /** The keyword of the text format. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The abbreviation of the nullable reference to this type, such as {@code nullref}. */
  public String referenceText() {
    return switch (this) {
      case NONE -> "nullref";
      case NOFUNC -> "nullfuncref";
      case NOEXTERN -> "nullexternref";
      case NOEXN -> "nullexnref";
      case ANY, EQ, I31, STRUCT, ARRAY, FUNC, EXTERN, EXN -> text() + "ref";
    };
  }

  /** The largest type of the hierarchy this type belongs to. */
  public AbstractHeapType top() {
    return switch (this) {
      case ANY, EQ, I31, STRUCT, ARRAY, NONE -> ANY;
      case FUNC, NOFUNC -> FUNC;
      case EXTERN, NOEXTERN -> EXTERN;
      case EXN, NOEXN -> EXN;
    };
  }

  /** The smallest type of the hierarchy this type belongs to. */
  public AbstractHeapType bottom() {
    return switch (top()) {
      case FUNC -> NOFUNC;
      case EXTERN -> NOEXTERN;
      case EXN -> NOEXN;
      case ANY, EQ, I31, STRUCT, ARRAY, NONE, NOFUNC, NOEXTERN, NOEXN -> NONE;
    };
  }

  /** Whether this type is a subtype of another (Validation › Matching › Heap Types). */
  public boolean matches(AbstractHeapType other) {
    if (this == other) {
      return true;
    }
    return switch (other) {
      case ANY -> top() == ANY;
      case EQ -> this == I31 || this == STRUCT || this == ARRAY || this == NONE;
      case I31, STRUCT, ARRAY -> this == NONE;
      case FUNC -> this == NOFUNC;
      case EXTERN -> this == NOEXTERN;
      case EXN -> this == NOEXN;
      case NONE, NOFUNC, NOEXTERN, NOEXN -> false;
    };
  }

  /** The type of a byte of the binary format, or null. */
  public static @Nullable AbstractHeapType of(int code) {
    return switch (code) {
      case 0x6E -> ANY;
      case 0x6D -> EQ;
      case 0x6C -> I31;
      case 0x6B -> STRUCT;
      case 0x6A -> ARRAY;
      case 0x71 -> NONE;
      case 0x70 -> FUNC;
      case 0x73 -> NOFUNC;
      case 0x6F -> EXTERN;
      case 0x72 -> NOEXTERN;
      case 0x69 -> EXN;
      case 0x74 -> NOEXN;
      default -> null;
    };
  }

  @Override
  public String toString() {
    return text();
  }
}
