package dev.sampan.wasm.text;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.model.Opcode;
import org.jspecify.annotations.Nullable;

/** A place among tokens, and what parsers ask there. */
public final class TokenCursor {

  private static final int SHOWN = 40;

  private final Tokens tokens;
  private int at;
  private int knownOffset;
  private int knownLine = 1;

  /** A cursor at a token. */
  public TokenCursor(Tokens tokens, int position) {
    this.tokens = tokens;
    this.at = position;
  }

  /** The index of the next token. */
  public int position() {
    return at;
  }

  /** Moves to a token. */
  public void position(int newPosition) {
    at = newPosition;
  }

  /** All tokens. */
  public Tokens tokens() {
    return tokens;
  }

  /** The line of the next token, from 1; cheap if asked for in the order of the text. */
  public int line() {
    int offset = tokens.start(at);
    byte[] bytes = tokens.source().bytes();
    if (offset < knownOffset) {
      knownOffset = 0;
      knownLine = 1;
    }
    for (; knownOffset < offset; knownOffset++) {
      if (bytes[knownOffset] == '\n') {
        knownLine++;
      }
    }
    return knownLine;
  }

  /** The kind of the next token. */
  public TokenKind kind() {
    return tokens.kind(at);
  }

  /** The kind of the token behind the next one. */
  TokenKind following() {
    return kind() == TokenKind.END ? TokenKind.END : tokens.kind(at + 1);
  }

  /** Whether the next token is of a kind. */
  public boolean at(TokenKind kind) {
    return kind() == kind;
  }

  /** The next token as it is written. */
  public String text() {
    return tokens.text(at);
  }

  /** Passes over the next token. */
  public void advance() {
    if (kind() != TokenKind.END) {
      at++;
    }
  }

  /** Whether the next token is a keyword. */
  public boolean at(Keyword keyword) {
    return isKeyword(at, keyword);
  }

  /** Whether the next tokens are a left parenthesis and a keyword. */
  public boolean atOpen(Keyword keyword) {
    return kind() == TokenKind.LEFT && isKeyword(at + 1, keyword);
  }

  /** Whether the next tokens are a left parenthesis and an instruction. */
  boolean atOpenInstruction() {
    return kind() == TokenKind.LEFT && tokens.kind(at + 1) == TokenKind.OPCODE;
  }

  private boolean isKeyword(int index, Keyword keyword) {
    return tokens.kind(index) == TokenKind.KEYWORD && tokens.value(index) == ~keyword.ordinal();
  }

  /** The keyword that is the next token, or null. */
  public @Nullable Keyword keyword() {
    return keywordAt(at);
  }

  /** The keyword behind the left parenthesis that is the next token, or null. */
  public @Nullable Keyword openKeyword() {
    return kind() == TokenKind.LEFT ? keywordAt(at + 1) : null;
  }

  private @Nullable Keyword keywordAt(int index) {
    return tokens.kind(index) == TokenKind.KEYWORD ? Keyword.at(~tokens.value(index)) : null;
  }

  /** The instruction that the next token names, or null. */
  public @Nullable Opcode opcode() {
    return kind() == TokenKind.OPCODE ? Opcode.at(tokens.value(at)) : null;
  }

  /** The instruction behind the left parenthesis that is the next token, or null. */
  public @Nullable Opcode openOpcode() {
    return atOpenInstruction() ? Opcode.at(tokens.value(at + 1)) : null;
  }

  /** Passes over a keyword if it is next. */
  public boolean accept(Keyword keyword) {
    if (at(keyword)) {
      at++;
      return true;
    }
    return false;
  }

  /** Passes over a left parenthesis and a keyword if they are next. */
  public boolean acceptOpen(Keyword keyword) {
    if (atOpen(keyword)) {
      at += 2;
      return true;
    }
    return false;
  }

  /** Passes over a left parenthesis and a keyword, which must be next. */
  void expectOpen(Keyword keyword) {
    if (!acceptOpen(keyword)) {
      throw unexpected("\"(" + keyword.text() + "\"");
    }
  }

  /** Passes over a keyword, which must be next. */
  void expect(Keyword keyword) {
    if (!accept(keyword)) {
      throw unexpected("\"" + keyword.text() + "\"");
    }
  }

  /** Passes over a left parenthesis, which must be next. */
  public void open() {
    if (!at(TokenKind.LEFT)) {
      throw unexpected("\"(\"");
    }
    at++;
  }

  /** Passes over a right parenthesis, which must be next. */
  public void close() {
    if (!at(TokenKind.RIGHT)) {
      throw unexpected("\")\"");
    }
    at++;
  }

  /** The right parenthesis that belongs to the left parenthesis or annotation that is next. */
  public int closing() {
    return tokens.value(at);
  }

  /** Passes over everything in the parentheses that open next. */
  public void skip() {
    at = closing();
    advance();
  }

  /** The bytes of the string that must be next. */
  public byte[] string() {
    if (!at(TokenKind.STRING)) {
      throw unexpected("a string");
    }
    return tokens.string(at++);
  }

  /** The name that the string that must be next stands for. */
  public String name() {
    int start = at;
    String name = Strings.utf8(string());
    if (name == null) {
      throw malformed("malformed UTF-8 encoding: in a name", start);
    }
    return name;
  }

  /** The identifier that is next, without its dollar sign, or null. */
  public @Nullable String id() {
    return at(TokenKind.ID) ? tokens.id(at++) : null;
  }

  /** An unsigned integer of 32 bits. */
  int u32(String what) {
    return (int) unsigned(what, "i32", 0xFFFF_FFFFL);
  }

  /** An unsigned integer of 64 bits. */
  long u64(String what) {
    return unsigned(what, "i64", -1L);
  }

  /** An unsigned integer of 8 bits. */
  int u8(String what) {
    return (int) unsigned(what, "i8", 0xFF);
  }

  private long unsigned(String what, String type, long largest) {
    if (!at(TokenKind.NAT)) {
      throw unexpected(what);
    }
    try {
      long value = Numbers.unsigned(tokens.source().bytes(), tokens.start(at), tokens.end(at));
      if (Long.compareUnsigned(value, largest) > 0) {
        throw new ArithmeticException();
      }
      at++;
      return value;
    } catch (ArithmeticException e) {
      throw malformed(type + " constant out of range: " + what + " cannot be " + shown(at), at);
    }
  }

  /** The number behind the equals sign of {@code offset=} or {@code align=}. */
  long argument() {
    int prefix = at(TokenKind.OFFSET) ? "offset=".length() : "align=".length();
    try {
      long value =
          Numbers.unsigned(tokens.source().bytes(), tokens.start(at) + prefix, tokens.end(at));
      at++;
      return value;
    } catch (ArithmeticException e) {
      throw malformed("i64 constant out of range: " + shown(at), at);
    }
  }

  /** The integer that must be next, of a number of bits, sign-extended if negative. */
  public long integer(int bits) {
    if (!at(TokenKind.NAT) && !at(TokenKind.INT)) {
      throw unexpected("an integer");
    }
    try {
      long value = Numbers.integer(tokens.source().bytes(), tokens.start(at), tokens.end(at), bits);
      at++;
      return value;
    } catch (ArithmeticException e) {
      throw outOfRange("i" + bits);
    }
  }

  /** The bits of the number that must be next, as a float of 32 bits. */
  public int f32() {
    requireNumber();
    try {
      int value = Numbers.f32(tokens.source().bytes(), tokens.start(at), tokens.end(at));
      at++;
      return value;
    } catch (ArithmeticException e) {
      throw outOfRange("f32");
    }
  }

  /** The bits of the number that must be next, as a float of 64 bits. */
  public long f64() {
    requireNumber();
    try {
      long value = Numbers.f64(tokens.source().bytes(), tokens.start(at), tokens.end(at));
      at++;
      return value;
    } catch (ArithmeticException e) {
      throw outOfRange("f64");
    }
  }

  private void requireNumber() {
    if (!kind().isNumber()) {
      throw unexpected("a number");
    }
  }

  private MalformedException outOfRange(String type) {
    return malformed("constant out of range: " + shown(at) + " does not fit " + type, at);
  }

  /** A failure at a token. */
  MalformedException malformed(String message, int token) {
    return tokens.source().malformed(message, tokens.start(token));
  }

  /** A failure at the next token. */
  public MalformedException malformed(String message) {
    return malformed(message, at);
  }

  /** The failure that something else than the next token was wanted. */
  public MalformedException unexpected(String expected) {
    TokenKind kind = kind();
    if (kind == TokenKind.RESERVED) {
      return malformed("unknown operator " + tokens.text(at) + ": expected " + expected);
    }
    if (kind == TokenKind.BRANCH_HINT_ANNOTATION) {
      return malformed("misplaced @metadata.code.branch_hint annotation: expected " + expected);
    }
    if (kind.isAnnotation()) {
      String id = kind == TokenKind.NAME_ANNOTATION ? "@name" : "@custom";
      return malformed("misplaced " + id + " annotation: expected " + expected);
    }
    return malformed("unexpected token: expected " + expected + " but found " + shown(at));
  }

  private String shown(int token) {
    TokenKind kind = tokens.kind(token);
    if (kind == TokenKind.END) {
      return "the end of the text";
    }
    String text = tokens.text(token);
    if (text.length() > SHOWN) {
      return kind == TokenKind.STRING ? "a string" : "\"" + text.substring(0, SHOWN) + "…\"";
    }
    return kind == TokenKind.STRING ? "the string " + text : "\"" + text + "\"";
  }
}
