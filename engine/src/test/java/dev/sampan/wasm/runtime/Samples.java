package dev.sampan.wasm.runtime;

import java.util.Random;

/** Operands for the tests of the numeric instructions: boundary values mixed with random bits. */
final class Samples {

  /** Bits of floats at which something changes: zeros, limits, NaNs, halves, edges of integers. */
  private static final float[] FLOATS = {
    0f,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    0.5f,
    Math.nextDown(0.5f),
    Math.nextUp(0.5f),
    Math.nextDown(1f),
    1f,
    1.5f,
    2.5f,
    4.2f,
    0x1p23f,
    0x1p23f - 0.5f,
    0x1p23f + 1,
    Math.nextDown(0x1p31f),
    0x1p31f,
    Math.nextUp(0x1p31f),
    Math.nextDown(0x1p32f),
    0x1p32f,
    Math.nextDown(0x1p63f),
    0x1p63f,
    Math.nextUp(0x1p63f),
    Math.nextDown(0x1p64f),
    0x1p64f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY
  };

  private static final double[] DOUBLES = {
    0x1p-1022,
    Double.MIN_VALUE,
    Math.nextDown(0.5),
    Math.nextUp(0.5),
    Math.nextDown(1.0),
    0x1p52 - 0.5,
    0x1p52 + 1,
    0x1p53 + 2,
    Math.nextDown(0x1p31),
    0x1.fffffffep30,
    0x1.00000002p31,
    Math.nextDown(0x1.00000002p31),
    Math.nextDown(0x1p32),
    0x1.fffffffep31,
    Math.nextDown(0x1p63),
    Math.nextDown(0x1p64),
    0x1.fffffefffffffp127,
    0x1.ffffffp127,
    0x1p-149,
    0x1p-150,
    Math.nextUp(0x1p-150),
    Double.MAX_VALUE
  };

  /** Canonical, another quiet one, and two signalling ones. */
  private static final int[] FLOAT_NANS = {0x7FC0_0000, 0x7FC0_1234, 0x7F80_0001, 0x7FA0_0000};

  private static final long[] DOUBLE_NANS = {
    0x7FF8_0000_0000_0000L, 0x7FF8_0000_0000_1234L, 0x7FF0_0000_0000_0001L, 0x7FF4_0000_0000_0000L
  };

  private final Random random;

  Samples(String seed) {
    random = new Random(seed.hashCode());
  }

  /** The Java name of the method for an instruction. */
  static String methodName(String mnemonic) {
    var name = new StringBuilder();
    for (String word : mnemonic.split("[._]", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** The bits of an integer of a width, in the low bits of the result. */
  long integer(int width) {
    long bits =
        switch (random.nextInt(8)) {
          case 0 -> random.nextInt(5) - 2;
          case 1 -> (1L << (width - 1)) + random.nextInt(5) - 2;
          case 2 -> 1L << random.nextInt(width);
          case 3 -> (1L << random.nextInt(width)) - 1;
          case 4 -> random.nextLong() >>> random.nextInt(64);
          case 5 -> -(random.nextLong() >>> random.nextInt(64));
          default -> random.nextLong();
        };
    return width == 64 ? bits : bits & ((1L << width) - 1);
  }

  int f32Bits() {
    int sign = random.nextBoolean() ? 0 : Integer.MIN_VALUE;
    return sign
        ^ switch (random.nextInt(8)) {
          case 0, 1, 2 -> Float.floatToRawIntBits(FLOATS[random.nextInt(FLOATS.length)]);
          case 3 -> FLOAT_NANS[random.nextInt(FLOAT_NANS.length)];
          case 4 -> Float.floatToRawIntBits((random.nextInt(64) - 32) * 0.25f);
          case 5 -> Float.floatToRawIntBits((float) random.nextLong());
          default -> random.nextInt();
        };
  }

  long f64Bits() {
    long sign = random.nextBoolean() ? 0 : Long.MIN_VALUE;
    return sign
        ^ switch (random.nextInt(8)) {
          case 0 -> Double.doubleToRawLongBits(FLOATS[random.nextInt(FLOATS.length)]);
          case 1, 2 -> Double.doubleToRawLongBits(DOUBLES[random.nextInt(DOUBLES.length)]);
          case 3 -> DOUBLE_NANS[random.nextInt(DOUBLE_NANS.length)];
          case 4 -> Double.doubleToRawLongBits((random.nextInt(64) - 32) * 0.25);
          case 5 -> Double.doubleToRawLongBits((double) random.nextLong());
          default -> random.nextLong();
        };
  }

  /** The bits of a float of 32 or 64 bits. */
  long floatBits(int width) {
    return width == 32 ? f32Bits() & 0xFFFF_FFFFL : f64Bits();
  }
}
