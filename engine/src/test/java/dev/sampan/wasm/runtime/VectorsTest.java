package dev.sampan.wasm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each vector instruction, found by its mnemonic, against a model on arrays of lanes. */
class VectorsTest {

  private static final int TRIALS = 2000;

  /** The v128 result for v128 operands, each two longs, low first. */
  private interface Model {
    long[] apply(long[]... operands);
  }

  /** One comparison of an instruction with its model on operands from the samples. */
  private interface Check {
    void run(Samples samples) throws ReflectiveOperationException;
  }

  private record Instruction(String mnemonic, List<Method> methods, Check check) {}

  private static final List<Instruction> INSTRUCTIONS = new ArrayList<>();

  static {
    bits();
    for (int width : new int[] {8, 16, 32, 64}) {
      integers(width);
      lanes(width);
      if (width > 8) {
        widening(width);
      }
      if (width < 32) {
        saturating(width);
      }
    }
    bytes();
    products();
    for (int width : new int[] {32, 64}) {
      floats(width);
      floatLanes(width);
    }
    conversions();
  }

  // Vectors and lanes

  private static long[] split(long[] vector, int width) {
    long[] lanes = new long[128 / width];
    for (int i = 0; i < lanes.length; i++) {
      long half = vector[i * width / 64];
      lanes[i] = cut(half >>> (i * width % 64), width);
    }
    return lanes;
  }

  private static long[] splitSigned(long[] vector, int width) {
    return Arrays.stream(split(vector, width)).map(a -> signed(a, width)).toArray();
  }

  private static long[] split(long[] vector, int width, boolean signed) {
    return signed ? splitSigned(vector, width) : split(vector, width);
  }

  private static long[] join(int width, IntFunction<Long> lane) {
    long[] vector = new long[2];
    for (int i = 0; i < 128 / width; i++) {
      vector[i * width / 64] |= cut(lane.apply(i), width) << (i * width % 64);
    }
    return vector;
  }

  private static long cut(long value, int width) {
    return width == 64 ? value : value & ((1L << width) - 1);
  }

  private static long signed(long value, int width) {
    return value << (64 - width) >> (64 - width);
  }

  private static long clamp(long value, int width, boolean signed) {
    long greatest = (1L << (signed ? width - 1 : width)) - 1;
    return Math.clamp(value, signed ? -greatest - 1 : 0, greatest);
  }

  private static double number(long bits, int width) {
    return width == 32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
  }

  private static long bits(double number, int width) {
    return width == 32
        ? Float.floatToRawIntBits((float) number) & 0xFFFF_FFFFL
        : Double.doubleToRawLongBits(number);
  }

  private static long[] integerVector(Samples samples, int width) {
    return join(width, i -> samples.integer(width));
  }

  private static long[] floatVector(Samples samples, int width) {
    return join(width, i -> samples.floatBits(width));
  }

  // The forms in which instructions are called

  private static Method method(String mnemonic, String suffix, Class<?> result, Class<?>... types) {
    Class<?> owner = Vectors.owner(mnemonic);
    try {
      Method method = owner.getMethod(Samples.methodName(mnemonic) + suffix, types);
      assertThat(method.getReturnType()).as(mnemonic).isEqualTo(result);
      return method;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(mnemonic, e);
    }
  }

  private static Class<?>[] longs(int count) {
    Class<?>[] types = new Class<?>[count];
    Arrays.fill(types, long.class);
    return types;
  }

  private static long call(Method method, Object... arguments)
      throws InvocationTargetException, IllegalAccessException {
    return ((Number) method.invoke(null, arguments)).longValue();
  }

  private static void add(String mnemonic, Check check, Method... methods) {
    INSTRUCTIONS.add(new Instruction(mnemonic, List.of(methods), check));
  }

  /** The same method for each half; operands of integer lanes, or float lanes if width is < 0. */
  private static void laneWise(String mnemonic, int operands, int width, Model model) {
    Method method = method(mnemonic, "", long.class, longs(operands));
    add(
        mnemonic,
        samples -> {
          long[][] values = operands(samples, operands, width);
          long[] result = {
            call(method, half(values, 0).boxed().toArray()),
            call(method, half(values, 1).boxed().toArray())
          };
          assertVector(mnemonic, values, result, model.apply(values));
        },
        method);
  }

  private static void acrossHalves(String mnemonic, int operands, int width, Model model) {
    Method low = method(mnemonic, "Low", long.class, longs(operands * 2));
    Method high = method(mnemonic, "High", long.class, longs(operands * 2));
    add(
        mnemonic,
        samples -> {
          long[][] values = operands(samples, operands, width);
          Object[] flat = Arrays.stream(values).flatMapToLong(LongStream::of).boxed().toArray();
          assertVector(
              mnemonic,
              values,
              new long[] {call(low, flat), call(high, flat)},
              model.apply(values));
        },
        low,
        high);
  }

  private static long[][] operands(Samples samples, int count, int width) {
    long[][] values = new long[count][];
    for (int i = 0; i < count; i++) {
      boolean repeat = i > 0 && samples.below(16) == 0;
      values[i] =
          repeat
              ? values[0]
              : width > 0 ? integerVector(samples, width) : floatVector(samples, -width);
    }
    return values;
  }

  private static LongStream half(long[][] values, int half) {
    return Arrays.stream(values).mapToLong(v -> v[half]);
  }

  private static void assertVector(
      String mnemonic, long[][] operands, long[] actual, long[] expected) {
    assertThat(hex(actual)).as("%s %s", mnemonic, hex(operands)).isEqualTo(hex(expected));
  }

  private static String hex(long[]... vectors) {
    var text = new StringBuilder();
    for (long[] v : vectors) {
      text.append("%016x_%016x ".formatted(v[1], v[0]));
    }
    return text.toString();
  }

  // v128

  private static void bits() {
    bitwise("v128.not", 1, (a, b) -> ~a);
    bitwise("v128.and", 2, (a, b) -> a & b);
    bitwise("v128.andnot", 2, (a, b) -> a & ~b);
    bitwise("v128.or", 2, (a, b) -> a | b);
    bitwise("v128.xor", 2, (a, b) -> a ^ b);
    select("v128.bitselect", 8);
    reduction("v128.any_true", 64, lanes -> Arrays.stream(lanes).anyMatch(a -> a != 0) ? 1 : 0);
  }

  private static void bitwise(String mnemonic, int operands, LongBinaryOperator model) {
    laneWise(
        mnemonic, operands, 64, v -> join(64, i -> model.applyAsLong(v[0][i], v[v.length - 1][i])));
  }

  private static void select(String mnemonic, int width) {
    laneWise(mnemonic, 3, width, v -> join(64, i -> (v[0][i] & v[2][i]) | (v[1][i] & ~v[2][i])));
  }

  // Integers

  private static void integers(int width) {
    String shape = shape("i", width);
    comparisons(shape, width, true, "_s");
    if (width < 64) {
      comparisons(shape, width, false, "_u");
    }
    binary(shape + "eq", width, true, (a, b) -> a == b ? -1 : 0);
    binary(shape + "ne", width, true, (a, b) -> a != b ? -1 : 0);
    unary(shape + "abs", width, true, a -> a < 0 ? -a : a);
    unary(shape + "neg", width, true, a -> -a);
    binary(shape + "add", width, true, (a, b) -> a + b);
    binary(shape + "sub", width, true, (a, b) -> a - b);
    if (width > 8) {
      binary(shape + "mul", width, true, (a, b) -> a * b);
    }
    if (width < 64) {
      for (boolean signed : new boolean[] {true, false}) {
        String suffix = signed ? "_s" : "_u";
        binary(shape + "min" + suffix, width, signed, Math::min);
        binary(shape + "max" + suffix, width, signed, Math::max);
      }
    }
    shift(shape + "shl", width, false, (a, n) -> a << n);
    shift(shape + "shr_s", width, true, (a, n) -> a >> n);
    shift(shape + "shr_u", width, false, (a, n) -> a >>> n);
    select(shape + "relaxed_laneselect", width);
    reduction(
        shape + "all_true", width, lanes -> Arrays.stream(lanes).allMatch(a -> a != 0) ? 1 : 0);
    reduction(
        shape + "bitmask",
        width,
        lanes ->
            IntStream.range(0, lanes.length)
                .filter(i -> signed(lanes[i], width) < 0)
                .map(i -> 1 << i)
                .sum());
  }

  private static String shape(String kind, int width) {
    return kind + width + "x" + 128 / width + ".";
  }

  private static void comparisons(String shape, int width, boolean signed, String suffix) {
    binary(shape + "lt" + suffix, width, signed, (a, b) -> a < b ? -1 : 0);
    binary(shape + "gt" + suffix, width, signed, (a, b) -> a > b ? -1 : 0);
    binary(shape + "le" + suffix, width, signed, (a, b) -> a <= b ? -1 : 0);
    binary(shape + "ge" + suffix, width, signed, (a, b) -> a >= b ? -1 : 0);
  }

  private static void saturating(int width) {
    String shape = shape("i", width);
    for (boolean signed : new boolean[] {true, false}) {
      String suffix = signed ? "_s" : "_u";
      binary(shape + "add_sat" + suffix, width, signed, (a, b) -> clamp(a + b, width, signed));
      binary(shape + "sub_sat" + suffix, width, signed, (a, b) -> clamp(a - b, width, signed));
      acrossHalves(
          shape + "narrow_" + shape("i", width * 2).replace('.', '_') + suffix.substring(1),
          2,
          width * 2,
          v -> {
            int half = 64 / width;
            long[] a = splitSigned(v[0], width * 2);
            long[] b = splitSigned(v[1], width * 2);
            return join(width, i -> clamp(i < half ? a[i] : b[i - half], width, signed));
          });
    }
    binary(shape + "avgr_u", width, false, (a, b) -> (a + b + 1) / 2);
  }

  private static void widening(int width) {
    int narrow = width / 2;
    String shape = shape("i", width);
    String source = shape("i", narrow).replace('.', '_');
    for (boolean signed : new boolean[] {true, false}) {
      String suffix = source + (signed ? "s" : "u");
      for (boolean upper : new boolean[] {false, true}) {
        int first = upper ? 128 / width : 0;
        String place = upper ? "high_" : "low_";
        acrossHalves(
            shape + "extend_" + place + suffix,
            1,
            narrow,
            v -> join(width, i -> split(v[0], narrow, signed)[first + i]));
        acrossHalves(
            shape + "extmul_" + place + suffix,
            2,
            narrow,
            v ->
                join(
                    width,
                    i ->
                        split(v[0], narrow, signed)[first + i]
                            * split(v[1], narrow, signed)[first + i]));
      }
      if (width < 64) {
        laneWise(
            shape + "extadd_pairwise_" + suffix,
            1,
            narrow,
            v -> {
              long[] a = split(v[0], narrow, signed);
              return join(width, i -> a[2 * i] + a[2 * i + 1]);
            });
      }
    }
  }

  private static void products() {
    binary("i16x8.q15mulr_sat_s", 16, true, VectorsTest::q15);
    binary("i16x8.relaxed_q15mulr_s", 16, true, VectorsTest::q15);
    laneWise("i32x4.dot_i16x8_s", 2, 16, v -> dot(v[0], v[1], 16));
    laneWise("i16x8.relaxed_dot_i8x16_i7x16_s", 2, 8, v -> dot(v[0], v[1], 8));
    laneWise(
        "i32x4.relaxed_dot_i8x16_i7x16_add_s",
        3,
        8,
        v -> {
          long[] dot = splitSigned(dot(v[0], v[1], 8), 16);
          long[] c = split(v[2], 32);
          return join(32, i -> dot[2 * i] + dot[2 * i + 1] + c[i]);
        });
  }

  private static long q15(long a, long b) {
    return clamp(Math.floorDiv(a * b + (1 << 14), 1 << 15), 16, true);
  }

  private static long[] dot(long[] v, long[] w, int width) {
    long[] a = splitSigned(v, width);
    long[] b = splitSigned(w, width);
    return join(2 * width, i -> a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1]);
  }

  private static void bytes() {
    unary("i8x16.popcnt", 8, false, Long::bitCount);
    for (String name : new String[] {"i8x16.swizzle", "i8x16.relaxed_swizzle"}) {
      acrossHalves(
          name,
          2,
          8,
          v -> {
            long[] a = split(v[0], 8);
            long[] lanes = split(v[1], 8);
            return join(8, i -> lanes[i] < 16 ? a[(int) lanes[i]] : 0);
          });
    }
    Method low = method("i8x16.shuffle", "Low", long.class, longs(6));
    Method high = method("i8x16.shuffle", "High", long.class, longs(6));
    add(
        "i8x16.shuffle",
        samples -> {
          long[] a = integerVector(samples, 8);
          long[] b = integerVector(samples, 8);
          long[] lanes = join(8, i -> (long) samples.below(32));
          long[] bytes =
              LongStream.concat(LongStream.of(split(a, 8)), LongStream.of(split(b, 8))).toArray();
          long[] expected = join(8, i -> bytes[(int) split(lanes, 8)[i]]);
          Object[] arguments = {a[0], a[1], b[0], b[1], lanes[0], lanes[1]};
          assertVector(
              "i8x16.shuffle",
              new long[][] {a, b, lanes},
              new long[] {call(low, arguments), call(high, arguments)},
              expected);
        },
        low,
        high);
  }

  private static void unary(String mnemonic, int width, boolean signed, LongUnaryOperator model) {
    laneWise(
        mnemonic,
        1,
        width,
        v -> join(width, i -> model.applyAsLong(split(v[0], width, signed)[i])));
  }

  private static void binary(String mnemonic, int width, boolean signed, LongBinaryOperator model) {
    laneWise(
        mnemonic,
        2,
        width,
        v -> {
          long[] a = split(v[0], width, signed);
          long[] b = split(v[1], width, signed);
          return join(width, i -> model.applyAsLong(a[i], b[i]));
        });
  }

  private static void shift(String mnemonic, int width, boolean signed, LongBinaryOperator model) {
    Method method = method(mnemonic, "", long.class, long.class, int.class);
    add(
        mnemonic,
        samples -> {
          long[] a = integerVector(samples, width);
          int count = samples.below(4) == 0 ? (int) samples.integer(32) : samples.below(2 * width);
          long[] lanes = split(a, width, signed);
          assertVector(
              mnemonic + " by " + count,
              new long[][] {a},
              new long[] {call(method, a[0], count), call(method, a[1], count)},
              join(width, i -> model.applyAsLong(lanes[i], Math.floorMod(count, width))));
        },
        method);
  }

  private interface Reduction {
    int apply(long[] lanes);
  }

  private static void reduction(String mnemonic, int width, Reduction model) {
    Method method = method(mnemonic, "", int.class, long.class, long.class);
    add(
        mnemonic,
        samples -> {
          long[] v = samples.below(4) == 0 ? new long[2] : integerVector(samples, width);
          if (samples.below(4) == 0) {
            v[samples.below(2)] ^= samples.integer(64);
          }
          assertThat(call(method, v[0], v[1]))
              .as("%s %s", mnemonic, hex(v))
              .isEqualTo(model.apply(split(v, width)));
        },
        method);
  }

  private static void lanes(int width) {
    String shape = shape("i", width);
    Class<?> type = width == 64 ? long.class : int.class;
    splat(shape, width, type);
    if (width < 32) {
      extractLane(shape + "extract_lane_s", width, type, true);
      extractLane(shape + "extract_lane_u", width, type, false);
    } else {
      extractLane(shape + "extract_lane", width, type, true);
    }
    replaceLane(shape, width, type);
  }

  private static void splat(String shape, int width, Class<?> type) {
    Method splat = method(shape + "splat", "", long.class, type);
    add(
        shape + "splat",
        samples -> {
          long value = lane(samples, width, type);
          long half = call(splat, box(value, type));
          assertVector(
              shape + "splat",
              new long[][] {{value, 0}},
              new long[] {half, half},
              join(width, i -> value));
        },
        splat);
  }

  private static void extractLane(String mnemonic, int width, Class<?> type, boolean signed) {
    Method method = method(mnemonic, "", type, long.class, int.class);
    add(
        mnemonic,
        samples -> {
          long[] v = {samples.integer(64), samples.integer(64)};
          int lane = samples.below(64 / width);
          Object result = method.invoke(null, v[1], lane);
          assertThat(unbox(result))
              .as("%s %s, %d", mnemonic, hex(v), lane)
              .isEqualTo(
                  type == float.class
                      ? split(v, width)[64 / width + lane]
                      : split(v, width, signed)[64 / width + lane]);
        },
        method);
  }

  private static void replaceLane(String shape, int width, Class<?> type) {
    String mnemonic = shape + "replace_lane";
    Method method = method(mnemonic, "", long.class, long.class, type, int.class);
    add(
        mnemonic,
        samples -> {
          long[] v = {0, samples.integer(64)};
          int lane = samples.below(64 / width);
          long value = lane(samples, width, type);
          long[] lanes = split(v, width);
          lanes[64 / width + lane] = value;
          assertVector(
              mnemonic,
              new long[][] {v, {value, lane}},
              new long[] {0, call(method, v[1], box(value, type), lane)},
              join(width, i -> lanes[i]));
        },
        method);
  }

  /** An operand for a lane: all 32 bits of an i32 even where the lane takes fewer. */
  private static long lane(Samples samples, int width, Class<?> type) {
    if (type == float.class || type == double.class) {
      return samples.floatBits(width);
    }
    return samples.integer(Math.max(width, 32));
  }

  private static Object box(long value, Class<?> type) {
    if (type == int.class) {
      return (int) value;
    }
    if (type == float.class) {
      return Float.intBitsToFloat((int) value);
    }
    return type == double.class ? (Object) Double.longBitsToDouble(value) : (Object) value;
  }

  private static long unbox(Object value) {
    return switch (value) {
      case Float f -> Float.floatToRawIntBits(f) & 0xFFFF_FFFFL;
      case Double d -> Double.doubleToRawLongBits(d);
      default -> ((Number) value).longValue();
    };
  }

  // Floats

  private interface DoubleComparison {
    boolean test(double a, double b);
  }

  private interface DoubleOperation {
    double apply(double a, double b);
  }

  private static void floats(int width) {
    String shape = shape("f", width);
    compare(shape + "eq", width, (a, b) -> a == b);
    compare(shape + "ne", width, (a, b) -> a != b);
    compare(shape + "lt", width, (a, b) -> a < b);
    compare(shape + "gt", width, (a, b) -> a > b);
    compare(shape + "le", width, (a, b) -> a <= b);
    compare(shape + "ge", width, (a, b) -> a >= b);
    long sign = 1L << (width - 1);
    floatBits(shape + "abs", 1, width, (a, b) -> a & ~sign);
    floatBits(shape + "neg", 1, width, (a, b) -> a ^ sign);
    floatBits(shape + "pmin", 2, width, (a, b) -> number(b, width) < number(a, width) ? b : a);
    floatBits(shape + "pmax", 2, width, (a, b) -> number(a, width) < number(b, width) ? b : a);
    arithmetic(shape + "ceil", width, Math::ceil);
    arithmetic(shape + "floor", width, Math::floor);
    arithmetic(shape + "trunc", width, a -> a < 0 ? Math.ceil(a) : Math.floor(a));
    arithmetic(shape + "nearest", width, Math::rint);
    arithmetic(shape + "sqrt", width, Math::sqrt);
    arithmetic(shape + "add", width, (a, b) -> a + b);
    arithmetic(shape + "sub", width, (a, b) -> a - b);
    arithmetic(shape + "mul", width, (a, b) -> a * b);
    arithmetic(shape + "div", width, (a, b) -> a / b);
    for (String name : new String[] {"", "relaxed_"}) {
      arithmetic(shape + name + "min", width, Math::min);
      arithmetic(shape + name + "max", width, Math::max);
    }
    laneWise(shape + "relaxed_madd", 3, -width, v -> multiplyAdd(v, width, 1), width);
    laneWise(shape + "relaxed_nmadd", 3, -width, v -> multiplyAdd(v, width, -1), width);
  }

  private static long[] multiplyAdd(long[][] v, int width, int sign) {
    return join(
        width,
        i -> {
          double product =
              number(split(v[0], width)[i], width) * sign * number(split(v[1], width)[i], width);
          double rounded = width == 32 ? (float) product : product;
          return bits(rounded + number(split(v[2], width)[i], width), width);
        });
  }

  private static void compare(String mnemonic, int width, DoubleComparison model) {
    laneWise(
        mnemonic,
        2,
        -width,
        v -> {
          long[] a = split(v[0], width);
          long[] b = split(v[1], width);
          return join(width, i -> model.test(number(a[i], width), number(b[i], width)) ? -1L : 0L);
        });
  }

  private static void floatBits(
      String mnemonic, int operands, int width, LongBinaryOperator model) {
    laneWise(
        mnemonic,
        operands,
        -width,
        v -> {
          long[] a = split(v[0], width);
          long[] b = split(v[v.length - 1], width);
          return join(width, i -> model.applyAsLong(a[i], b[i]));
        });
  }

  private static void arithmetic(String mnemonic, int width, DoubleUnaryOperator model) {
    laneWise(
        mnemonic,
        1,
        -width,
        v ->
            join(
                width, i -> bits(model.applyAsDouble(number(split(v[0], width)[i], width)), width)),
        width);
  }

  /** A float operation may be modelled in double and rounded again: 53 bits are enough for that. */
  private static void arithmetic(String mnemonic, int width, DoubleOperation model) {
    laneWise(
        mnemonic,
        2,
        -width,
        v -> {
          long[] a = split(v[0], width);
          long[] b = split(v[1], width);
          return join(
              width, i -> bits(model.apply(number(a[i], width), number(b[i], width)), width));
        },
        width);
  }

  /** As the form above, but where the model says NaN any quiet NaN will do. */
  private static void laneWise(
      String mnemonic, int operands, int width, Model model, int resultWidth) {
    Method method = method(mnemonic, "", long.class, longs(operands));
    add(
        mnemonic,
        samples -> {
          long[][] values = operands(samples, operands, width);
          long[] result = {
            call(method, half(values, 0).boxed().toArray()),
            call(method, half(values, 1).boxed().toArray())
          };
          assertFloats(mnemonic, values, result, model.apply(values), resultWidth);
        },
        method);
  }

  private static void assertFloats(
      String mnemonic, long[][] operands, long[] actual, long[] expected, int width) {
    assertVector(mnemonic, operands, unifyNans(actual, width), unifyQuiet(expected, width));
  }

  /** Makes all quiet NaNs one, and leaves signalling ones to be seen. */
  private static long[] unifyNans(long[] vector, int width) {
    long canonical = width == 32 ? 0x7FC0_0000L : 0x7FF8_0000_0000_0000L;
    return join(
        width,
        i -> {
          long lane = split(vector, width)[i];
          return (lane & canonical) == canonical ? canonical : lane;
        });
  }

  private static long[] unifyQuiet(long[] vector, int width) {
    return join(
        width,
        i -> {
          long lane = split(vector, width)[i];
          return Double.isNaN(number(lane, width)) ? bits(Double.NaN, width) : lane;
        });
  }

  private static void floatLanes(int width) {
    String shape = shape("f", width);
    Class<?> type = width == 32 ? float.class : double.class;
    splat(shape, width, type);
    extractLane(shape + "extract_lane", width, type, false);
    replaceLane(shape, width, type);
  }

  // Conversions

  private static void conversions() {
    for (boolean signed : new boolean[] {true, false}) {
      String suffix = signed ? "s" : "u";
      laneWise(
          "f32x4.convert_i32x4_" + suffix,
          1,
          32,
          v -> join(32, i -> bits((float) split(v[0], 32, signed)[i], 32)));
      acrossHalves(
          "f64x2.convert_low_i32x4_" + suffix,
          1,
          32,
          v -> join(64, i -> bits((double) split(v[0], 32, signed)[i], 64)));
      for (String name : new String[] {"trunc_sat", "relaxed_trunc"}) {
        laneWise(
            "i32x4." + name + "_f32x4_" + suffix,
            1,
            -32,
            v -> join(32, i -> clamp((long) number(split(v[0], 32)[i], 32), 32, signed)));
        acrossHalves(
            "i32x4." + name + "_f64x2_" + suffix + "_zero",
            1,
            -64,
            v -> join(32, i -> i < 2 ? clamp((long) number(v[0][i], 64), 32, signed) : 0L));
      }
    }
    floatsAcrossHalves(
        "f32x4.demote_f64x2_zero",
        64,
        32,
        v -> join(32, i -> i < 2 ? bits((float) number(v[0][i], 64), 32) : 0L));
    floatsAcrossHalves(
        "f64x2.promote_low_f32x4",
        32,
        64,
        v -> join(64, i -> bits(number(split(v[0], 32)[i], 32), 64)));
  }

  private static void floatsAcrossHalves(String mnemonic, int from, int to, Model model) {
    Method low = method(mnemonic, "Low", long.class, longs(2));
    Method high = method(mnemonic, "High", long.class, longs(2));
    add(
        mnemonic,
        samples -> {
          long[] v = floatVector(samples, from);
          long[] result = {call(low, v[0], v[1]), call(high, v[0], v[1])};
          assertFloats(mnemonic, new long[][] {v}, result, model.apply(v), to);
        },
        low,
        high);
  }

  // The tests over all instructions

  @TestFactory
  Stream<DynamicTest> everyInstructionFollowsItsModel() {
    return INSTRUCTIONS.stream()
        .map(
            instruction ->
                dynamicTest(
                    instruction.mnemonic(),
                    () -> {
                      var samples = new Samples(instruction.mnemonic());
                      for (int i = 0; i < TRIALS; i++) {
                        instruction.check().run(samples);
                      }
                    }));
  }

  @Test
  void everyMethodBelongsToAnInstruction() {
    assertThat(INSTRUCTIONS.stream().map(Instruction::mnemonic))
        .hasSize(213 + 20)
        .doesNotHaveDuplicates();
    assertThat(
            owners()
                .flatMap(owner -> Arrays.stream(owner.getDeclaredMethods()))
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .filter(m -> !m.getName().equals("owner")))
        .containsExactlyInAnyOrderElementsOf(
            INSTRUCTIONS.stream().flatMap(i -> i.methods().stream()).toList());
  }

  private static Stream<Class<?>> owners() {
    return INSTRUCTIONS.stream().<Class<?>>map(i -> Vectors.owner(i.mnemonic())).distinct();
  }

  /** HotSpot takes up to 325 bytes of bytecode at a hot call site. */
  @Test
  void everyMethodIsSmallEnoughToBeInlinedWhereHot() {
    assertThat(Stream.concat(owners(), Stream.of(Lanes.class)))
        .allSatisfy(
            owner -> {
              for (var method : parse(owner).methods()) {
                method
                    .code()
                    .ifPresent(
                        code ->
                            assertThat(((CodeAttribute) code).codeLength())
                                .as(method.methodName().stringValue())
                                .isLessThanOrEqualTo(325));
              }
            });
  }

  private static ClassModel parse(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(in.readAllBytes());
    }
  }

  @Test
  void ownerRefusesScalarInstructions() {
    assertThatThrownBy(() -> Vectors.owner("i32.add"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a vector instruction: \"i32.add\"");
    assertThatThrownBy(() -> Vectors.owner("nop")).isInstanceOf(IllegalArgumentException.class);
  }

  // Hard cases, literally

  @Test
  void saturationStopsAtTheLimits() {
    assertThat(VectorI8x16.i8x16AddSatS(0x7F80_7F80_0000_0000L, 0x01FF_7F80_0000_0000L))
        .isEqualTo(0x7F80_7F80_0000_0000L);
    assertThat(VectorI16x8.i16x8Q15mulrSatS(0x8000_8000_8000_8000L, 0x8000_7FFF_0000_8000L))
        .isEqualTo(0x7FFF_8001_0000_7FFFL);
    assertThat(
            VectorI8x16.i8x16NarrowI16x8ULow(0xFFFF_0100_00FF_8000L, 0x7FFF_0001_0000_0080L, 0, 0))
        .isEqualTo(0xFF01_0080_00FF_FF00L);
  }

  @Test
  void signedDotProductsWrapAround() {
    assertThat(VectorI32x4.i32x4DotI16x8S(0x8000_8000_0001_0002L, 0x8000_8000_0003_0004L))
        .isEqualTo(0x8000_0000_0000_000BL);
    assertThat(VectorI16x8.i16x8RelaxedDotI8x16I7x16S(0x8080L, 0x8080L)).isEqualTo(0x8000L);
  }

  @Test
  void relaxedMultiplyAddRoundsTwice() {
    long a = Double.doubleToRawLongBits(1 + 0x1p-30);
    long c = Double.doubleToRawLongBits(-1 - 0x1p-29);
    assertThat(VectorF64x2.f64x2RelaxedMadd(a, a, c)).isZero();
    assertThat(Math.fma(1 + 0x1p-30, 1 + 0x1p-30, -1 - 0x1p-29)).isEqualTo(0x1p-60);
  }

  @Test
  void swizzleGivesZeroPastTheLastLane() {
    long low = 0x0706_0504_0302_0100L;
    long high = 0x0F0E_0D0C_0B0A_0908L;
    long lanes = 0xFF80_1110_0F08_0701L;
    assertThat(VectorI8x16.i8x16SwizzleLow(low, high, lanes, 0)).isEqualTo(0x0F08_0701L);
    assertThat(VectorI8x16.i8x16SwizzleHigh(low, high, 0, lanes)).isEqualTo(0x0F08_0701L);
  }

  @Test
  void pseudoMinimumKeepsSignallingNansAndTheFirstZero() {
    long signalling = 0x7FF0_0000_0000_0001L;
    assertThat(VectorF64x2.f64x2Pmin(signalling, 0)).isEqualTo(signalling);
    assertThat(VectorF64x2.f64x2Pmin(0, signalling)).isZero();
    assertThat(VectorF64x2.f64x2Pmin(0, Long.MIN_VALUE)).isZero();
    assertThat(VectorF32x4.f32x4Pmax(0x8000_0000_7F80_0001L, 0x3F80_0000L))
        .isEqualTo(0x8000_0000_7F80_0001L);
  }
}
