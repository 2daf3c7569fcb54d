package dev.sampan.wasm.text;

/** What sort of token a piece of text is (Text Format › Lexical Format › Tokens). */
public enum TokenKind {
  LEFT,
  RIGHT,
  /** An instruction's mnemonic. */
  OPCODE,
  /** Another word of the language. */
  KEYWORD,
  /** An identifier, plain or quoted. */
  ID,
  STRING,
  /** An integer without sign. */
  NAT,
  /** An integer with sign. */
  INT,
  FLOAT,
  /** {@code offset=} with its number. */
  OFFSET,
  /** {@code align=} with its number. */
  ALIGN,
  /** The beginning of {@code (@custom …)}. */
  CUSTOM_ANNOTATION,
  /** The beginning of {@code (@name …)}. */
  NAME_ANNOTATION,
  /** The beginning of {@code (@metadata.code.branch_hint …)}. */
  BRANCH_HINT_ANNOTATION,
  /** Something that looks like a token and means nothing. */
  RESERVED,
  /** Behind the last token. */
  END;

  private static final TokenKind[] ALL = values();

  /** The kind with an ordinal, without a copy of the table. */
  static TokenKind at(int ordinal) {
    return ALL[ordinal];
  }

  boolean isNumber() {
    return this == NAT || this == INT || this == FLOAT;
  }

  boolean isAnnotation() {
    return this == CUSTOM_ANNOTATION || this == NAME_ANNOTATION || this == BRANCH_HINT_ANNOTATION;
  }
}
