package dev.sampan.wasm.text;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.MalformedException;
import java.nio.charset.StandardCharsets;

/**
 * A text with the name it is known by. It knows how to point at a place in itself.
 *
 * @param name the file's name, for messages
 * @param bytes the text in UTF-8; not to be changed
 */
public record Source(String name, byte[] bytes) {

  /** How much of a long line is shown on either side of the place. */
  private static final int CONTEXT = 60;

  /** A text that has been decoded already. */
  public static Source of(String name, String text) {
    return new Source(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The line of a byte, from 1. */
  public int line(int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return line;
  }

  /** A failure at a place, whose message ends with the line and a caret under the place. */
  public MalformedException malformed(String message, int offset) {
    return new MalformedException(message + place(offset));
  }

  /** A failure of validation at a place, pointed at in the same way. */
  InvalidException invalid(String message, int offset) {
    return new InvalidException(message + place(offset));
  }

  private String place(int offset) {
    int start = offset;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    int end = offset;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    String before = text(start, offset);
    String after = text(offset, end);
    String number = Integer.toString(line(offset));
    int column = before.codePointCount(0, before.length()) + 1;
    String left = before.length() > CONTEXT ? "…" + lastOf(before) : before;
    String right = after.length() > CONTEXT ? firstOf(after) + "…" : after;
    String margin = " ".repeat(number.length());
    return "\n"
        + (margin + "--> " + name + ":" + number + ":" + column + "\n")
        + (margin + " |\n")
        + (number + " | " + left + right + "\n")
        + (margin + " | " + blank(left) + "^");
  }

  private String text(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private static String lastOf(String text) {
    int start = text.length() - CONTEXT;
    return text.substring(Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start);
  }

  private static String firstOf(String text) {
    return text.substring(
        0, Character.isLowSurrogate(text.charAt(CONTEXT)) ? CONTEXT - 1 : CONTEXT);
  }

  /** White space as wide as a text, tabs kept, so that the caret stands under its place. */
  private static String blank(String text) {
    StringBuilder blank = new StringBuilder();
    text.codePoints().forEach(c -> blank.append(c == '\t' ? '\t' : ' '));
    return blank.toString();
  }
}
