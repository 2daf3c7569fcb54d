package dev.sampan.wasm.text;

import dev.sampan.wasm.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a text into tokens (Text Format › Lexical Format). */
public final class Lexer {

  private static final boolean[] IDENTIFIER = new boolean[128];

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      IDENTIFIER[c] = true;
      IDENTIFIER[c - 'a' + 'A'] = true;
    }
    for (char c : "0123456789!#$%&'*+-./:<=>?@\\^_`|~".toCharArray()) {
      IDENTIFIER[c] = true;
    }
  }

  private final Source source;
  private final byte[] bytes;
  private final Tokens tokens;
  private int at;

  /** The tokens whose right parenthesis is to come. */
  private int[] open = new int[32];

  private int depth;

  private Lexer(Source source) {
    this.source = source;
    this.bytes = source.bytes();
    this.tokens = new Tokens(source);
  }

  /**
   * The tokens of a text.
   *
   * @throws MalformedException if there is something that can be no token
   */
  public static Tokens read(Source source) {
    return new Lexer(source).read();
  }

  private Tokens read() {
    while (at < bytes.length) {
      switch (bytes[at]) {
        case ' ', '\t', '\n', '\r' -> at++;
        case '(' -> left();
        case ')' -> {
          if (depth > 0) {
            tokens.value(open[--depth], tokens.count());
          }
          tokens.add(TokenKind.RIGHT, at, at + 1, 0);
          at++;
        }
        case ';' -> {
          if (next(1) == ';') {
            lineComment();
          } else {
            reserved();
          }
        }
        case ',', '[', ']', '{', '}' -> reserved();
        default -> {
          if (bytes[at] != '"' && !isIdentifier(at)) {
            throw illegalCharacter();
          }
          word();
        }
      }
    }
    while (depth > 0) {
      tokens.value(open[--depth], tokens.count());
    }
    tokens.add(TokenKind.END, at, at, 0);
    return tokens;
  }

  private int next(int distance) {
    return at + distance < bytes.length ? bytes[at + distance] : -1;
  }

  private boolean isIdentifier(int index) {
    return index < bytes.length && bytes[index] >= 0 && IDENTIFIER[bytes[index]];
  }

  private void reserved() {
    tokens.add(TokenKind.RESERVED, at, at + 1, 0);
    at++;
  }

  private void left() {
    if (next(1) == ';') {
      blockComment();
    } else if (next(1) == '@') {
      annotation();
    } else {
      push(TokenKind.LEFT, at, at + 1);
      at++;
    }
  }

  private void push(TokenKind kind, int start, int end) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, depth * 2);
    }
    open[depth++] = tokens.count();
    tokens.add(kind, start, end, 0);
  }

  private void lineComment() {
    while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
      at += character();
    }
  }

  private void blockComment() {
    int start = at;
    int nesting = 1;
    at += 2;
    while (nesting > 0) {
      if (at >= bytes.length) {
        throw source.malformed("unclosed comment", start);
      }
      if (bytes[at] == '(' && next(1) == ';') {
        nesting++;
        at += 2;
      } else if (bytes[at] == ';' && next(1) == ')') {
        nesting--;
        at += 2;
      } else {
        at += character();
      }
    }
  }

  /** The number of bytes of the character at the cursor. */
  private int character() {
    int length = Strings.utf8Length(bytes, at);
    if (length == 0) {
      throw source.malformed("malformed UTF-8 encoding", at);
    }
    return length;
  }

  private MalformedException illegalCharacter() {
    character();
    return source.malformed("illegal character", at);
  }

  /** Anything up to white space or a parenthesis. */
  private void word() {
    int start = at;
    int hash = 0;
    boolean strings = false;
    while (true) {
      while (isIdentifier(at)) {
        hash = Vocabulary.hash(hash, bytes[at]);
        at++;
      }
      if (at >= bytes.length || bytes[at] != '"') {
        break;
      }
      strings = true;
      MalformedException error = string();
      if (error != null) {
        boolean quotedId = at == start + 1 && bytes[start] == '$';
        throw quotedId ? source.malformed("empty identifier", start) : error;
      }
    }
    if (bytes[start] == '$') {
      identifier(start);
    } else if (strings) {
      boolean single = bytes[start] == '"' && closing(start) == at;
      tokens.add(single ? TokenKind.STRING : TokenKind.RESERVED, start, at, 0);
    } else {
      plain(start, hash);
    }
  }

  /** The index behind the string literal that begins at a place. */
  private int closing(int start) {
    int index = start + 1;
    while (bytes[index] != '"') {
      index += bytes[index] == '\\' ? 2 : 1;
    }
    return index + 1;
  }

  private void identifier(int start) {
    if (at == start + 1) {
      throw source.malformed("empty identifier", start);
    }
    boolean quoted = bytes[start + 1] == '"';
    if (quoted ? closing(start + 1) != at : containsString(start)) {
      tokens.add(TokenKind.RESERVED, start, at, 0);
      return;
    }
    if (quoted) {
      byte[] name = Strings.decode(bytes, start + 2, at - 1);
      if (name.length == 0) {
        throw source.malformed("empty identifier", start);
      }
      if (Strings.utf8(name) == null) {
        throw source.malformed("malformed UTF-8 encoding: in an identifier", start);
      }
    }
    tokens.add(TokenKind.ID, start, at, 0);
  }

  private boolean containsString(int start) {
    for (int i = start; i < at; i++) {
      if (bytes[i] == '"') {
        return true;
      }
    }
    return false;
  }

  private void plain(int start, int hash) {
    int meaning = Vocabulary.find(bytes, start, at, hash);
    if (meaning >= 0) {
      tokens.add(TokenKind.OPCODE, start, at, meaning);
    } else if (meaning != Vocabulary.UNKNOWN) {
      tokens.add(TokenKind.KEYWORD, start, at, meaning);
    } else if (isArgument(start, "offset=")) {
      tokens.add(TokenKind.OFFSET, start, at, 0);
    } else if (isArgument(start, "align=")) {
      tokens.add(TokenKind.ALIGN, start, at, 0);
    } else {
      TokenKind number = Numbers.classify(bytes, start, at);
      tokens.add(number != null ? number : TokenKind.RESERVED, start, at, 0);
    }
  }

  private boolean isArgument(int start, String prefix) {
    int number = start + prefix.length();
    return number < at
        && bytes[number - 1] == '='
        && new String(bytes, start, prefix.length(), StandardCharsets.US_ASCII).equals(prefix)
        && Numbers.classify(bytes, number, at) == TokenKind.NAT;
  }

  /** Passes over a string literal, and returns what is wrong with it; then the cursor stays. */
  private @Nullable MalformedException string() {
    int start = at;
    int index = at + 1;
    while (index < bytes.length && bytes[index] != '"' && bytes[index] != '\n') {
      byte b = bytes[index];
      if (b == '\\') {
        int length = escape(index);
        if (length == 0) {
          return source.malformed("illegal escape", index);
        }
        index += length;
      } else if (b >= 0 && b < 0x20 || b == 0x7F) {
        return source.malformed("illegal character", index);
      } else {
        int length = Strings.utf8Length(bytes, index);
        if (length == 0) {
          return source.malformed("malformed UTF-8 encoding", index);
        }
        index += length;
      }
    }
    if (index >= bytes.length || bytes[index] == '\n') {
      return source.malformed("unclosed string", start);
    }
    at = index + 1;
    return null;
  }

  /** The length of the escape at a place, or 0 if it is none. */
  private int escape(int start) {
    if (bytes.length - start < 3) {
      return 0;
    }
    return switch (bytes[start + 1]) {
      case 't', 'n', 'r', '"', '\'', '\\' -> 2;
      case 'u' -> unicodeEscape(start);
      default ->
          Numbers.digit(bytes[start + 1]) >= 0 && Numbers.digit(bytes[start + 2]) >= 0 ? 3 : 0;
    };
  }

  private int unicodeEscape(int start) {
    if (bytes[start + 2] != '{') {
      return 0;
    }
    int index = start + 3;
    int value = 0;
    boolean digit = false;
    while (index < bytes.length && bytes[index] != '}') {
      if (bytes[index] == '_' && digit) {
        digit = false;
      } else {
        int next = Numbers.digit(bytes[index]);
        value = value << 4 | next;
        if (next < 0 || value > Character.MAX_CODE_POINT) {
          return 0;
        }
        digit = true;
      }
      index++;
    }
    boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    return index >= bytes.length || !digit || surrogate ? 0 : index + 1 - start;
  }

  private void annotation() {
    int start = at;
    at += 2;
    int idStart = at;
    String id;
    if (next(0) == '"') {
      if (string() != null) {
        throw source.malformed("empty annotation id", start);
      }
      byte[] name = Strings.decode(bytes, idStart + 1, at - 1);
      id = Strings.utf8(name);
      if (id == null) {
        throw source.malformed("malformed UTF-8 encoding: in an annotation id", idStart);
      }
    } else {
      while (isIdentifier(at)) {
        at++;
      }
      id = new String(bytes, idStart, at - idStart, StandardCharsets.US_ASCII);
    }
    if (id.isEmpty()) {
      throw source.malformed("empty annotation id", start);
    }
    switch (id) {
      case "custom" -> push(TokenKind.CUSTOM_ANNOTATION, start, at);
      case "name" -> push(TokenKind.NAME_ANNOTATION, start, at);
      case "metadata.code.branch_hint" -> push(TokenKind.BRANCH_HINT_ANNOTATION, start, at);
      default -> skipAnnotation(start);
    }
  }

  /** Passes over an annotation that means nothing to us; any tokens may stand in it. */
  private void skipAnnotation(int start) {
    int nesting = 1;
    while (nesting > 0) {
      if (at >= bytes.length) {
        throw source.malformed("unclosed annotation", start);
      }
      switch (bytes[at]) {
        case '(' -> {
          if (next(1) == ';') {
            blockComment();
          } else {
            nesting++;
            at++;
          }
        }
        case ')' -> {
          nesting--;
          at++;
        }
        case '"' -> {
          MalformedException error = string();
          if (error != null) {
            throw error;
          }
        }
        case ';' -> {
          if (next(1) == ';') {
            lineComment();
          } else {
            at++;
          }
        }
        case ' ', '\t', '\n', '\r', ',', '[', ']', '{', '}' -> at++;
        default -> {
          if (!isIdentifier(at)) {
            throw illegalCharacter();
          }
          at++;
        }
      }
    }
  }
}
