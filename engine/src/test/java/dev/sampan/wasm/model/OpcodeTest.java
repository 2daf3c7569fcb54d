package dev.sampan.wasm.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.runtime.Numerics;
import dev.sampan.wasm.runtime.Vectors;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The instruction table agrees with itself and with the methods that say what instructions do. */
class OpcodeTest {

  private static final Pattern WORD_START = Pattern.compile("[._]([a-z0-9])");

  /** The classes that hold a method for each regular instruction. */
  private static final List<Class<?>> MEANINGS =
      Stream.concat(
              Stream.of(Numerics.class),
              Stream.of("v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2")
                  .map(shape -> Vectors.owner(shape + ".x")))
          .toList();

  private static String camelCase(String mnemonic) {
    return WORD_START
        .matcher(mnemonic)
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  private static Class<?> carrier(int type) {
    return switch (type) {
      case TypeCode.I32 -> int.class;
      case TypeCode.I64 -> long.class;
      case TypeCode.F32 -> float.class;
      case TypeCode.F64 -> double.class;
      default -> throw new AssertionError("no carrier for type code " + type);
    };
  }

  /** A method that must exist: name, result, parameters. */
  private record Meaning(String name, Class<?> result, List<Class<?>> parameters) {
    @Override
    public String toString() {
      return result
          + " "
          + name
          + parameters.stream().map(Class::toString).collect(Collectors.joining(", ", "(", ")"));
    }
  }

  private static List<Meaning> lowAndHigh(String name, int longs) {
    return Stream.of("Low", "High").map(half -> longs(name + half, longs)).toList();
  }

  private static Meaning longs(String name, int count) {
    List<Class<?>> parameters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parameters.add(long.class);
    }
    return new Meaning(name, long.class, parameters);
  }

  private static List<Meaning> meanings(Opcode row) {
    String name = camelCase(row.text());
    Signature type = row.signature();
    return switch (row.kind()) {
      case UNARY, BINARY -> {
        List<Class<?>> parameters = new ArrayList<>();
        for (int i = 0; i < type.parameterCount(); i++) {
          parameters.add(carrier(type.parameter(i)));
        }
        yield List.of(new Meaning(name, carrier(type.result(0)), parameters));
      }
      case WIDE -> lowAndHigh(name, type.parameterCount());
      case VECTOR_UNARY -> List.of(longs(name, 1));
      case VECTOR_BINARY -> List.of(longs(name, 2));
      case VECTOR_TERNARY -> List.of(longs(name, 3));
      case VECTOR_SHIFT -> List.of(new Meaning(name, long.class, List.of(long.class, int.class)));
      case VECTOR_REDUCE -> List.of(new Meaning(name, int.class, List.of(long.class, long.class)));
      case VECTOR_CROSS_UNARY -> lowAndHigh(name, 2);
      case VECTOR_CROSS_BINARY -> lowAndHigh(name, 4);
      case SHUFFLE -> lowAndHigh(name, 6);
      case SPLAT -> List.of(new Meaning(name, long.class, List.of(carrier(type.parameter(0)))));
      case EXTRACT_LANE ->
          List.of(new Meaning(name, carrier(type.result(0)), List.of(long.class, int.class)));
      case REPLACE_LANE ->
          List.of(
              new Meaning(
                  name, long.class, List.of(long.class, carrier(type.parameter(1)), int.class)));
      default -> List.of();
    };
  }

  private static Class<?> owner(Opcode row) {
    return row.proposal() == Proposal.SIMD || row.proposal() == Proposal.RELAXED_SIMD
        ? Vectors.owner(row.text())
        : Numerics.class;
  }

  private static List<Meaning> methods(Class<?> owner) {
    return Arrays.stream(owner.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> !method.getName().equals("owner"))
        .map(OpcodeTest::meaning)
        .toList();
  }

  private static Meaning meaning(Method method) {
    return new Meaning(
        method.getName(), method.getReturnType(), List.of(method.getParameterTypes()));
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void regularRowHasItsMethodWithExactlyItsType(Opcode row) {
    assertThat(methods(owner(row))).containsAll(meanings(row));
  }

  @Test
  void everyMethodIsTheMeaningOfARow() {
    Set<String> wanted = new TreeSet<>();
    for (Opcode row : Opcode.values()) {
      meanings(row).forEach(meaning -> wanted.add(meaning.toString()));
    }
    Set<String> found = new TreeSet<>();
    for (Class<?> owner : MEANINGS) {
      methods(owner).forEach(meaning -> found.add(meaning.toString()));
    }
    assertThat(found).isEqualTo(wanted);
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void nameOfTheRowFollowsFromItsMnemonic(Opcode row) {
    String name = row.text().replace('.', '_').toUpperCase(Locale.ROOT);
    boolean ambiguous =
        Arrays.stream(Opcode.values()).filter(each -> each.text().equals(row.text())).count() > 1;
    if (ambiguous) {
      assertThat(row.name()).matches(Pattern.quote(name) + "(_[A-Z]+)?");
    } else {
      assertThat(row.name()).isEqualTo(name);
    }
  }

  @Test
  void codesAreUnique() {
    assertThat(Opcode.values()).extracting(Opcode::code).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void decodingTheCodeGivesTheRow(Opcode row) {
    int prefix = row.code() >> 16;
    if (prefix == 0) {
      assertThat(Opcode.isPrefix(row.code())).isFalse();
      assertThat(Opcode.of(row.code())).isSameAs(row);
    } else {
      assertThat(Opcode.isPrefix(prefix)).isTrue();
      assertThat(Opcode.of(prefix, row.code() & 0xFFFF)).isSameAs(row);
      assertThat(Opcode.of(prefix)).isNull();
    }
    assertThat(Opcode.at(row.ordinal())).isSameAs(row);
  }

  @Test
  void codesWithoutRowDecodeToNothing() {
    Set<Integer> codes =
        Arrays.stream(Opcode.values()).map(Opcode::code).collect(Collectors.toSet());
    for (int code = 0; code < 256; code++) {
      assertThat(Opcode.of(code) != null).isEqualTo(codes.contains(code));
    }
    for (int prefix = 0xFB; prefix <= 0xFE; prefix++) {
      for (int code = 0; code < 1000; code++) {
        assertThat(Opcode.of(prefix, code) != null).isEqualTo(codes.contains(prefix << 16 | code));
      }
      assertThat(Opcode.of(prefix, -1)).isNull();
      assertThat(Opcode.of(prefix, Integer.MAX_VALUE)).isNull();
    }
    assertThat(Opcode.count()).isEqualTo(codes.size());
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void widthIsGivenWhereMemoryIsAccessedOrLanesAreChosen(Opcode row) {
    boolean wanted =
        switch (row.immediates()) {
          case MEMARG, MEMARG_LANE, LANE -> true;
          default -> false;
        };
    assertThat(row.width() > 0).as("width %d", row.width()).isEqualTo(wanted);
    if (row.immediates() == Immediates.MEMARG) {
      assertThat(row.width()).isIn(1, 2, 4, 8, 16);
    }
  }
}
