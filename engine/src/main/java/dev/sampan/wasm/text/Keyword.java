package dev.sampan.wasm.text;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A word of the text format or of test scripts that is no instruction. A word that is listed
 * neither here nor among the instructions is an unknown operator wherever it stands.
 */
public enum Keyword {
  // Modules
  MODULE,
  TYPE,
  REC,
  SUB,
  FINAL,
  FUNC,
  PARAM,
  RESULT,
  LOCAL,
  STRUCT,
  ARRAY,
  FIELD,
  MUT,
  REF,
  NULL,
  IMPORT,
  EXPORT,
  TABLE,
  MEMORY,
  GLOBAL,
  TAG,
  START,
  ELEM,
  DATA,
  OFFSET,
  ITEM,
  DECLARE,
  SHARED,
  PAGESIZE,

  // Code
  THEN,
  DO,
  CATCH_REF,
  CATCH_ALL_REF,
  I8X16,
  I16X8,
  I32X4,
  I64X2,
  F32X4,
  F64X2,

  // Types
  I8,
  I16,
  I32,
  I64,
  F32,
  F64,
  V128,
  ANY,
  EQ,
  I31,
  NONE,
  NOFUNC,
  EXTERN,
  NOEXTERN,
  EXN,
  NOEXN,
  ANYREF,
  EQREF,
  I31REF,
  STRUCTREF,
  ARRAYREF,
  NULLREF,
  FUNCREF,
  NULLFUNCREF,
  EXTERNREF,
  NULLEXTERNREF,
  EXNREF,
  NULLEXNREF,

  // Scripts
  BINARY,
  QUOTE,
  DEFINITION,
  INSTANCE,
  REGISTER,
  INVOKE,
  GET,
  ASSERT_RETURN,
  ASSERT_TRAP,
  ASSERT_EXHAUSTION,
  ASSERT_EXCEPTION,
  ASSERT_MALFORMED,
  ASSERT_MALFORMED_CUSTOM,
  ASSERT_INVALID,
  ASSERT_INVALID_CUSTOM,
  ASSERT_UNLINKABLE,
  EITHER,
  THREAD,
  WAIT,
  NAN_CANONICAL("nan:canonical"),
  NAN_ARITHMETIC("nan:arithmetic"),
  REF_EXTERN("ref.extern"),
  REF_HOST("ref.host"),
  REF_STRUCT("ref.struct"),
  REF_ARRAY("ref.array"),
  REF_ANY("ref.any"),
  REF_EXN("ref.exn");

  private static final Keyword[] ALL = values();

  private final @Nullable String text;

  Keyword() {
    this.text = null;
  }

  Keyword(String text) {
    this.text = text;
  }

  /** The word as it is written. */
  public String text() {
    return text != null ? text : name().toLowerCase(Locale.ROOT);
  }

  /** The keyword with an ordinal, without a copy of the table. */
  static Keyword at(int ordinal) {
    return ALL[ordinal];
  }
}
