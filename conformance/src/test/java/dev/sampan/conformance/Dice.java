package dev.sampan.conformance;

import java.util.List;
import java.util.SplittableRandom;

/** Chance for generated programs: numbers near the edges of their types come often. */
final class Dice {

  private static final int[] INTS = {
    0,
    1,
    -1,
    2,
    3,
    4,
    5,
    7,
    8,
    10,
    15,
    16,
    24,
    31,
    32,
    33,
    63,
    64,
    100,
    127,
    128,
    -128,
    255,
    256,
    1000,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0x7FFF_FFFE,
    0x8000_0000,
    0x8000_0001,
    0xFFFF_FFFE,
    0xFFFF_FFF0,
    0xAAAA_AAAA,
    0x5555_5555,
    0x0102_0304
  };

  private static final long[] LONGS = {
    0x1_0000_0000L,
    0xFFFF_FFFFL,
    0x8000_0000L,
    0x8000_0001L,
    0x7FFF_FFFF_FFFF_FFFFL,
    0x7FFF_FFFF_FFFF_FFFEL,
    0x8000_0000_0000_0000L,
    0x8000_0000_0000_0001L,
    0xFFFF_FFFF_0000_0000L,
    0x0102_0304_0506_0708L,
    0xAAAA_AAAA_AAAA_AAAAL,
    1L << 53,
    (1L << 53) + 1,
    -(1L << 53)
  };

  /** NaNs of both kinds, infinities, zeros, borders of the integers and of the format itself. */
  private static final int[] FLOATS = {
    0x0000_0000,
    0x8000_0000,
    0x3F80_0000,
    0xBF80_0000,
    0x3F00_0000,
    0xBF00_0000,
    0x3FC0_0000,
    0x4020_0000,
    0x4000_0000,
    0x4040_0000,
    0x4120_0000,
    0x7F80_0000,
    0xFF80_0000,
    0x7FC0_0000,
    0xFFC0_0000,
    0x7FC1_2345,
    0x7FA0_0000,
    0x7F80_0001,
    0xFF80_0001,
    0x0000_0001,
    0x8000_0001,
    0x007F_FFFF,
    0x0080_0000,
    0x7F7F_FFFF,
    0xFF7F_FFFF,
    0x4F00_0000,
    0x4EFF_FFFF,
    0xCF00_0000,
    0xCF00_0001,
    0x4F80_0000,
    0x4F7F_FFFF,
    0x5F00_0000,
    0x5EFF_FFFF,
    0xDF00_0000,
    0x5F80_0000,
    0x4B00_0001,
    0x4AFF_FFFF,
    0x3DCC_CCCD,
    0x4049_0FDB
  };

  private static final long[] DOUBLES = {
    0x0000_0000_0000_0000L,
    0x8000_0000_0000_0000L,
    0x3FF0_0000_0000_0000L,
    0xBFF0_0000_0000_0000L,
    0x3FE0_0000_0000_0000L,
    0xBFE0_0000_0000_0000L,
    0x3FF8_0000_0000_0000L,
    0x4000_0000_0000_0000L,
    0x4024_0000_0000_0000L,
    0x7FF0_0000_0000_0000L,
    0xFFF0_0000_0000_0000L,
    0x7FF8_0000_0000_0000L,
    0xFFF8_0000_0000_0000L,
    0x7FF8_0000_0001_2345L,
    0x7FF4_0000_0000_0000L,
    0x7FF0_0000_0000_0001L,
    0xFFF0_0000_0000_0001L,
    0x0000_0000_0000_0001L,
    0x000F_FFFF_FFFF_FFFFL,
    0x0010_0000_0000_0000L,
    0x7FEF_FFFF_FFFF_FFFFL,
    0x41DF_FFFF_FFC0_0000L,
    0x41E0_0000_0000_0000L,
    0xC1E0_0000_0000_0000L,
    0xC1E0_0000_0020_0000L,
    0x41EF_FFFF_FFE0_0000L,
    0x41F0_0000_0000_0000L,
    0x43E0_0000_0000_0000L,
    0x43DF_FFFF_FFFF_FFFFL,
    0xC3E0_0000_0000_0000L,
    0x43F0_0000_0000_0000L,
    0x4330_0000_0000_0001L,
    0x47EF_FFFF_F000_0000L,
    0x3FB9_9999_9999_999AL,
    0x4009_21FB_5444_2D18L
  };

  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A number from 0 to below a bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number between two, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** True so many times of a hundred. */
  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** True once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // nothing is stored
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** An index, each as likely as its weight says. */
  int weighted(int[] weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    int at = random.nextInt(sum);
    int index = 0;
    while (at >= weights[index]) {
      at -= weights[index++];
    }
    return index;
  }

  int i32() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextInt(-100, 100);
      case 2 -> 1 << random.nextInt(32);
      case 3 -> (1 << random.nextInt(32)) + random.nextInt(-1, 2);
      default -> INTS[random.nextInt(INTS.length)];
    };
  }

  long i64() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> 1L << random.nextInt(64);
      case 2 -> (1L << random.nextInt(64)) + random.nextInt(-1, 2);
      case 3, 4, 5 -> INTS[random.nextInt(INTS.length)];
      default -> LONGS[random.nextInt(LONGS.length)];
    };
  }

  /** The bits of an {@code f32}. */
  int f32() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt();
      case 1 -> Float.floatToRawIntBits(random.nextInt(-1000, 1000) / 8f);
      case 2 -> Float.floatToRawIntBits((float) i32());
      default -> FLOATS[random.nextInt(FLOATS.length)];
    };
  }

  /** The bits of an {@code f64}. */
  long f64() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> Double.doubleToRawLongBits(random.nextInt(-1000, 1000) / 8.0);
      case 2 -> Double.doubleToRawLongBits((double) i64());
      default -> DOUBLES[random.nextInt(DOUBLES.length)];
    };
  }

  /** Half of the bits of a {@code v128}. */
  long lanes() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> f64();
      case 2 -> f32() & 0xFFFF_FFFFL | (long) f32() << 32;
      case 3 -> i32() & 0xFFFF_FFFFL | (long) i32() << 32;
      case 4 -> (i32() & 0xFF) * 0x0101_0101_0101_0101L ^ random.nextInt(0x10000);
      default -> i64();
    };
  }
}
