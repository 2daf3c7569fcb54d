package dev.sampan.wasm.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The tokens of a text, in arrays because a module may have millions. The last token is {@link
 * TokenKind#END}.
 */
public final class Tokens {

  private final Source source;
  private int count;
  private byte[] kinds = new byte[256];
  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private int[] values = new int[256];

  Tokens(Source source) {
    this.source = source;
  }

  void add(TokenKind kind, int start, int end, int value) {
    if (count == kinds.length) {
      int room = Math.toIntExact(count * 2L);
      kinds = Arrays.copyOf(kinds, room);
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
      values = Arrays.copyOf(values, room);
    }
    kinds[count] = (byte) kind.ordinal();
    starts[count] = start;
    ends[count] = end;
    values[count] = value;
    count++;
  }

  void value(int index, int value) {
    values[index] = value;
  }

  /** The text. */
  public Source source() {
    return source;
  }

  /** The number of tokens, with the last one that only marks the end. */
  public int count() {
    return count;
  }

  /** The kind of a token. */
  public TokenKind kind(int index) {
    return TokenKind.at(kinds[index]);
  }

  /** Where a token begins in the text. */
  public int start(int index) {
    return starts[index];
  }

  /** Where a token ends in the text. */
  public int end(int index) {
    return ends[index];
  }

  /**
   * What a token means: for an instruction or keyword its {@link Vocabulary} entry, for a left
   * parenthesis or annotation the index of the right parenthesis, or of the end if it is unclosed.
   */
  int value(int index) {
    return values[index];
  }

  /** The token as it is written. */
  public String text(int index) {
    return new String(
        source.bytes(), starts[index], ends[index] - starts[index], StandardCharsets.UTF_8);
  }

  /** The bytes that a string token stands for. */
  public byte[] string(int index) {
    return Strings.decode(source.bytes(), starts[index] + 1, ends[index] - 1);
  }

  /** The identifier without its dollar sign and quotes. */
  String id(int index) {
    byte[] bytes = source.bytes();
    int start = starts[index] + 1;
    return bytes[start] == '"'
        ? new String(Strings.decode(bytes, start + 1, ends[index] - 1), StandardCharsets.UTF_8)
        : new String(bytes, start, ends[index] - start, StandardCharsets.US_ASCII);
  }
}
