package dev.sampan.cli;

import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RecIndex;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values as words on a command line, in the notation of the text format. */
final class Literals {

  private static final String NUM = "\\d+(?:_\\d+)*";
  private static final String HEX = "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*";
  private static final Pattern INTEGER =
      Pattern.compile("([+-]?)(?:0x(" + HEX + ")|(" + NUM + "))");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?" + NUM + "(?:\\.(?:" + NUM + ")?)?(?:[eE][+-]?" + NUM + ")?");
  private static final Pattern HEX_FLOAT =
      Pattern.compile("[+-]?0x" + HEX + "(?:\\.(?:" + HEX + ")?)?([pP][+-]?" + NUM + ")?");
  private static final Pattern NAN = Pattern.compile("([+-]?)nan(?::0x(" + HEX + "))?");
  private static final Pattern SHAPE = Pattern.compile("([if])(\\d+)x(\\d+)");

  private Literals() {}

  /**
   * Reads a value.
   *
   * @return what {@link dev.sampan.wasm.Func#call} takes for the type
   * @throws IllegalArgumentException if the text is no value of the type
   */
  static @Nullable Object parse(ValType type, String text) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> (int) integer(text, 32);
            case I64 -> integer(text, 64);
            case F32 -> Float.intBitsToFloat(f32(text));
            case F64 -> Double.longBitsToDouble(f64(text));
          };
      case VecType vec -> vector(text);
      case RefType ref -> {
        if (!ref.nullable() || !text.equals("null")) {
          throw wrong(text, ref.nullable() ? type + "; only null can be given" : type.toString());
        }
        yield null;
      }
    };
  }

  private static IllegalArgumentException wrong(String text, String type) {
    return new IllegalArgumentException("'" + text + "' is no " + type);
  }

  private static long integer(String text, int bits) {
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      throw wrong(text, "i" + bits);
    }
    String hex = matcher.group(2);
    String digits = hex != null ? hex : matcher.group(3);
    BigInteger value = new BigInteger(digits.replace("_", ""), hex != null ? 16 : 10);
    if (matcher.group(1).equals("-")) {
      value = value.negate();
    }
    if (value.compareTo(BigInteger.ONE.shiftLeft(bits - 1).negate()) < 0
        || value.bitLength() > bits) {
      throw wrong(text, "i" + bits + " (out of range)");
    }
    return value.longValue();
  }

  private static int f32(String text) {
    Matcher nan = NAN.matcher(text);
    if (nan.matches()) {
      return (int) (nan(nan, 23, "f32") | (nan.group(1).equals("-") ? 1L << 31 : 0));
    }
    String number = number(text, "f32");
    float value = Float.parseFloat(number);
    if (Float.isInfinite(value) && !number.endsWith("Infinity")) {
      throw wrong(text, "f32 (out of range)");
    }
    return Float.floatToRawIntBits(value);
  }

  private static long f64(String text) {
    Matcher nan = NAN.matcher(text);
    if (nan.matches()) {
      return nan(nan, 52, "f64") | (nan.group(1).equals("-") ? Long.MIN_VALUE : 0);
    }
    String number = number(text, "f64");
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value) && !number.endsWith("Infinity")) {
      throw wrong(text, "f64 (out of range)");
    }
    return Double.doubleToRawLongBits(value);
  }

  /** The bits of a NaN without its sign. */
  private static long nan(Matcher nan, int payloadBits, String type) {
    String digits = nan.group(2);
    BigInteger payload =
        digits == null
            ? BigInteger.ONE.shiftLeft(payloadBits - 1)
            : new BigInteger(digits.replace("_", ""), 16);
    if (payload.signum() == 0 || payload.bitLength() > payloadBits) {
      throw wrong(nan.group(), type + " (out of range)");
    }
    long exponent = payloadBits == 23 ? 0xFFL : 0x7FFL;
    return exponent << payloadBits | payload.longValue();
  }

  /** The same number as Java writes it. */
  private static String number(String text, String type) {
    if (text.matches("[+-]?inf")) {
      return text.replace("inf", "Infinity");
    }
    Matcher hex = HEX_FLOAT.matcher(text);
    if (hex.matches()) {
      return text.replace("_", "") + (hex.group(1) == null ? "p0" : "");
    }
    if (!DECIMAL.matcher(text).matches()) {
      throw wrong(text, type);
    }
    return text.replace("_", "");
  }

  private static V128 vector(String text) {
    String[] words = text.strip().split("\\s+");
    Matcher shape = SHAPE.matcher(words[0]);
    int bits = shape.matches() ? bits(shape, words.length - 1) : 0;
    if (bits == 0) {
      throw wrong(text, "v128");
    }
    long[] halves = new long[2];
    for (int i = 0; i < words.length - 1; i++) {
      String word = words[i + 1];
      long lane =
          shape.group(1).equals("i") ? integer(word, bits) : bits == 32 ? f32(word) : f64(word);
      halves[i * bits / 64] |= (lane & -1L >>> 64 - bits) << i * bits % 64;
    }
    return new V128(halves[0], halves[1]);
  }

  /** The bits of a lane, or 0 if there is no such shape or if it has another number of lanes. */
  private static int bits(Matcher shape, int lanes) {
    return switch (shape.group()) {
      case "i8x16" -> lanes == 16 ? 8 : 0;
      case "i16x8" -> lanes == 8 ? 16 : 0;
      case "i32x4", "f32x4" -> lanes == 4 ? 32 : 0;
      case "i64x2", "f64x2" -> lanes == 2 ? 64 : 0;
      default -> 0;
    };
  }

  /** Writes a name as a string, so that nothing in it can do harm to a terminal. */
  static String name(String name) {
    String escaped =
        name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t");
    return '"' + visible(escaped) + '"';
  }

  /** A text with all but line breaks and tabs of its control characters made visible. */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                visible.append("\\u{%x}".formatted(c));
              } else {
                visible.appendCodePoint(c);
              }
            });
    return visible.toString();
  }

  /** Writes a value that {@link dev.sampan.wasm.Results} holds. */
  static String print(ValType type, @Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Float f -> print(f);
      case Double d -> print(d);
      case V128 v -> "i64x2 0x%016x 0x%016x".formatted(v.low(), v.high());
      default -> type instanceof RefType ref ? "ref." + kind(ref.heap()) : value.toString();
    };
  }

  private static String kind(HeapType heap) {
    return switch (heap) {
      case AbstractHeapType type -> type.text();
      case DefType type -> type.kind().text();
      case TypeIndex index -> throw new AssertionError("an open type; please report");
      case RecIndex index -> throw new AssertionError("an open type; please report");
    };
  }

  private static String print(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (!Float.isNaN(value)) {
      return decimal(Float.toString(value));
    }
    return nan(bits < 0, bits & 0x7F_FFFF, 0x40_0000);
  }

  private static String print(double value) {
    long bits = Double.doubleToRawLongBits(value);
    if (!Double.isNaN(value)) {
      return decimal(Double.toString(value));
    }
    return nan(bits < 0, bits & 0xF_FFFF_FFFF_FFFFL, 0x8_0000_0000_0000L);
  }

  private static String nan(boolean negative, long payload, long canonical) {
    String suffix = payload == canonical ? "" : ":0x" + Long.toHexString(payload);
    return (negative ? "-nan" : "nan") + suffix;
  }

  /** A number as Java writes it, in the notation of the text format. */
  private static String decimal(String java) {
    String text = java.endsWith(".0") ? java.substring(0, java.length() - 2) : java;
    return text.replace("Infinity", "inf").replace(".0E", "e").replace('E', 'e');
  }
}
