package dev.sampan.wasm.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** String literals (Text Format › Lexical Format › Strings). */
final class Strings {

  private Strings() {}

  /**
   * The bytes that the inside of a string literal stands for; its escapes are known to be right.
   */
  static byte[] decode(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && bytes[at] != '\\') {
      at++;
    }
    if (at == end) {
      return Arrays.copyOfRange(bytes, start, end);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
    out.write(bytes, start, at - start);
    while (at < end) {
      byte b = bytes[at++];
      if (b != '\\') {
        out.write(b);
        continue;
      }
      byte escape = bytes[at++];
      switch (escape) {
        case 't' -> out.write('\t');
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case '"', '\'', '\\' -> out.write(escape);
        case 'u' -> {
          at++;
          int codePoint = 0;
          for (; bytes[at] != '}'; at++) {
            if (bytes[at] != '_') {
              codePoint = codePoint << 4 | Numbers.digit(bytes[at]);
            }
          }
          at++;
          out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        }
        default -> out.write(Numbers.digit(escape) << 4 | Numbers.digit(bytes[at++]));
      }
    }
    return out.toByteArray();
  }

  /** The text that bytes mean in UTF-8, or null if they are malformed. */
  static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The length of the well-formed UTF-8 sequence at a place, or 0 if there is none. */
  static int utf8Length(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || bytes.length - at < length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    // what would be too long a form, a surrogate, or past the last code point
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Appends a string literal for bytes. */
  static void quote(StringBuilder out, byte[] bytes, int start, int end) {
    out.append('"');
    for (int i = start; i < end; i++) {
      int b = bytes[i] & 0xFF;
      if (b == '"' || b == '\\') {
        out.append('\\').append((char) b);
      } else if (b >= 0x20 && b < 0x7F) {
        out.append((char) b);
      } else {
        out.append('\\')
            .append(Character.forDigit(b >> 4, 16))
            .append(Character.forDigit(b & 15, 16));
      }
    }
    out.append('"');
  }

  /** Appends a string literal for a name, in which letters of all scripts stay readable. */
  static void quote(StringBuilder out, String name) {
    out.append('"');
    name.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (Character.isLetterOrDigit(c) || c >= 0x20 && c < 0x7F) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
              }
            });
    out.append('"');
  }
}
