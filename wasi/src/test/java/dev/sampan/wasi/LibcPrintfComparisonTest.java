package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code printf} beside that of the machine's own C library, for conversions put together by
 * chance. Where a {@code long} of the guest is shorter than the machine's, the machine is given an
 * {@code int}.
 */
class LibcPrintfComparisonTest {

  private static final int CASES = 3000;
  private static final SplittableRandom RANDOM = new SplittableRandom(20);

  private static final int[] INTEGERS = {
    0,
    1,
    -1,
    7,
    42,
    -42,
    127,
    128,
    255,
    256,
    32768,
    65535,
    100_000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xDEADBEEF
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    1.5,
    2.5,
    0.1,
    9.995,
    99.5,
    123456,
    1234567,
    999999.5,
    0.0001,
    0.00001,
    0.000099995,
    1e15,
    1e22,
    1e23,
    -1e100,
    1e300,
    5e-324,
    2.2250738585072014e-308,
    Double.MAX_VALUE,
    1 / 3.0,
    1e-7,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final String[] STRINGS = {
    "",
    "a",
    "hello",
    "a rather long text, longer than 63 " + "characters, so that no field may cut it short"
  };

  /**
   * One conversion.
   *
   * @param format as the guest has it
   * @param hosts as the machine has it
   * @param value the argument
   * @param code the argument in C
   */
  private record Case(String format, String hosts, Object value, String code) {
    int room() {
      return value instanceof String text ? text.length() + 64 : 64;
    }
  }

  private static <T> T any(List<T> list) {
    return list.get(RANDOM.nextInt(list.size()));
  }

  private static String shape() {
    StringBuilder text = new StringBuilder("%");
    for (char flag : "-+ #0".toCharArray()) {
      if (RANDOM.nextInt(4) == 0) {
        text.append(flag);
      }
    }
    if (RANDOM.nextBoolean()) {
      text.append(any(List.of(1, 2, 5, 8, 12, 20, 40, 80)));
    }
    if (RANDOM.nextBoolean()) {
      text.append(any(List.of(".", ".0", ".1", ".2", ".3", ".5", ".10", ".17", ".30", ".90")));
    }
    return text.toString();
  }

  private static Case integer() {
    String shape = shape();
    String letter = any(List.of("d", "i", "u", "o", "x", "X"));
    if (RANDOM.nextInt(3) == 0) {
      long value = RANDOM.nextBoolean() ? RANDOM.nextLong() : INTEGERS[RANDOM.nextInt(16)];
      String length = any(List.of("ll", "j"));
      return new Case(
          shape + length + letter,
          shape + "ll" + letter,
          value,
          "(long long)%dULL"
              .formatted(value)
              .replace("-9223372036854775808ULL", "0x8000000000000000ULL"));
    }
    int value = RANDOM.nextBoolean() ? RANDOM.nextInt() : INTEGERS[RANDOM.nextInt(16)];
    String length = any(List.of("", "", "h", "hh", "l", "z", "t"));
    String hosts = length.startsWith("h") ? length : "";
    return new Case(
        shape + length + letter, shape + hosts + letter, value, "(int)0x%xu".formatted(value));
  }

  private static Case floating() {
    double value =
        switch (RANDOM.nextInt(4)) {
          case 0 -> Double.longBitsToDouble(RANDOM.nextLong());
          case 1 -> RANDOM.nextInt(-1_000_000, 1_000_000) / 1000.0;
          default -> DOUBLES[RANDOM.nextInt(DOUBLES.length)];
        };
    String shape = shape();
    String letter = any(List.of("f", "F", "e", "E", "g", "G"));
    if (shape.contains("#") && letter.equalsIgnoreCase("g")) {
      // glibc forgets the zeros of %#g where rounding makes a new digit; thirds have none such
      value = Math.pow(10, RANDOM.nextInt(-30, 30)) / 3;
    }
    return new Case(
        shape + any(List.of("", "", "l")) + letter,
        shape + letter,
        value,
        "bits(0x%xULL)".formatted(Double.doubleToRawLongBits(value)));
  }

  private static Case other() {
    String shape = shape();
    return switch (RANDOM.nextInt(3)) {
      case 0 -> {
        String text = STRINGS[RANDOM.nextInt(STRINGS.length)];
        yield new Case(shape + "s", shape + "s", text, '"' + text + '"');
      }
      case 1 -> {
        int value = RANDOM.nextInt(33, 127);
        yield new Case(shape + "c", shape + "c", value, String.valueOf(value));
      }
      default -> {
        int value = INTEGERS[RANDOM.nextInt(INTEGERS.length)];
        yield new Case(shape + "p", shape + "p", value, "(void *)0x%xUL".formatted(value));
      }
    };
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      cases.add(
          switch (RANDOM.nextInt(5)) {
            case 0, 1 -> integer();
            case 2, 3 -> floating();
            default -> other();
          });
    }
    return cases;
  }

  /** What the machine's C library makes of the cases, a line each. */
  private static List<String> expected(List<Case> cases, Path folder) throws IOException {
    Toolchain.require("gcc");
    StringBuilder code =
        new StringBuilder(
            """
            #include <stdio.h>
            #include <string.h>
            static double bits(unsigned long long bits) {
              double value;
              memcpy(&value, &bits, 8);
              return value;
            }
            static char text[400];
            int main(void) {
            """);
    for (Case each : cases) {
      code.append(
          "snprintf(text, %d, \"%s\", %s); puts(text);\n"
              .formatted(each.room(), each.hosts, each.code));
    }
    Path source = Files.writeString(folder.resolve("expected.c"), code.append("return 0; }\n"));
    Path program = folder.resolve("expected");
    Toolchain.run(List.of("gcc", "-w", "-O0", "-o", program.toString(), source.toString()));
    byte[] output = Toolchain.run(List.of(program.toString()));
    return new String(output, StandardCharsets.US_ASCII).lines().toList();
  }

  @Test
  void conversionsAreThoseOfTheMachinesLibrary(@TempDir Path folder) throws IOException {
    List<Case> cases = cases();
    List<String> expected = expected(cases, folder);
    assertThat(expected).hasSameSizeAs(cases);
    List<String> found = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    try (LibcGuest guest = new LibcGuest()) {
      for (int i = 0; i < CASES; i++) {
        String name = cases.get(i) + ": ";
        String text = guest.printf(cases.get(i).format, cases.get(i).value);
        if (!text.equals(expected.get(i))) {
          found.add(name + "[" + text + "]");
          wanted.add(name + "[" + expected.get(i) + "]");
        }
      }
    }
    assertThat(found).isEqualTo(wanted);
  }
}
