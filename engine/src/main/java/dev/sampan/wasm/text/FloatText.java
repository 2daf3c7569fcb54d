package dev.sampan.wasm.text;

/** Writes floats so that exactly the same bits can be read again. */
final class FloatText {

  private static final int F32_QUIET = 1 << 22;
  private static final long F64_QUIET = 1L << 51;

  private FloatText() {}

  static String f32(int bits) {
    int magnitude = bits & Integer.MAX_VALUE;
    int payload = bits & 0x7F_FFFF;
    String sign = bits < 0 ? "-" : "";
    if (magnitude >= 0x7F80_0000) {
      return sign + special(payload, payload == F32_QUIET);
    }
    return sign + decimal(Float.toString(Float.intBitsToFloat(magnitude)));
  }

  static String f64(long bits) {
    long magnitude = bits & Long.MAX_VALUE;
    long payload = bits & 0xF_FFFF_FFFF_FFFFL;
    String sign = bits < 0 ? "-" : "";
    if (magnitude >= 0x7FF0_0000_0000_0000L) {
      return sign + special(payload, payload == F64_QUIET);
    }
    return sign + decimal(Double.toString(Double.longBitsToDouble(magnitude)));
  }

  private static String special(long payload, boolean canonical) {
    if (payload == 0) {
      return "inf";
    }
    return canonical ? "nan" : "nan:0x" + Long.toHexString(payload);
  }

  private static String decimal(String java) {
    String text = java.endsWith(".0") ? java.substring(0, java.length() - 2) : java;
    return text.replace(".0E", "E").replace('E', 'e');
  }
}
