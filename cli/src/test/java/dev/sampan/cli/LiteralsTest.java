package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.I31;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "+7, 7",
    "-2147483648, -2147483648",
    "4294967295, -1",
    "0xffff_ffff, -1",
    "-0x8000_0000, -2147483648",
    "1_000, 1000"
  })
  void integersAreReadAsSignedOrUnsigned(String text, int value) {
    assertThat(Literals.parse(NumType.I32, text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "4294967296", "-2147483649", "1.0", "0x", "1_", "_1", "1e3", "٣", " 1"})
  void otherTextsAreNoIntegers(String text) {
    assertThatThrownBy(() -> Literals.parse(NumType.I32, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is no i32");
  }

  @Test
  void longIntegersHave64Bits() {
    assertThat(Literals.parse(NumType.I64, "18446744073709551615")).isEqualTo(-1L);
    assertThat(Literals.parse(NumType.I64, "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0x3ff0000000000000",
    "-0.0, 0x8000000000000000",
    "1., 0x3ff0000000000000",
    "1_0.5e-1, 0x3ff0cccccccccccd",
    "0x1.8, 0x3ff8000000000000",
    "0x1p-1, 0x3fe0000000000000",
    "inf, 0x7ff0000000000000",
    "-inf, 0xfff0000000000000",
    "nan, 0x7ff8000000000000",
    "-nan, 0xfff8000000000000",
    "nan:0x1, 0x7ff0000000000001"
  })
  void floatsAreReadToTheBit(String text, String bits) {
    Object value = Literals.parse(NumType.F64, text);

    assertThat(value).isInstanceOf(Double.class);
    assertThat("0x%016x".formatted(Double.doubleToRawLongBits((Double) value))).isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1d", "NaN", "Infinity", ".5", "1e400", "nan:0x0", "0x", "e1", "--1"})
  void otherTextsAreNoFloats(String text) {
    assertThatThrownBy(() -> Literals.parse(NumType.F64, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is no f64");
  }

  @Test
  void shortFloatsAreRoundedOnce() {
    // through a double it would be rounded to the even neighbour
    assertThat(Literals.parse(NumType.F32, "1.00000017881393432617187499"))
        .isEqualTo(1.00000011920928955078125f);
    assertThatThrownBy(() -> Literals.parse(NumType.F32, "1e39")).hasMessageContaining("no f32");
  }

  @ParameterizedTest
  @CsvSource({
    "i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 -1, 0x0807060504030201, 0xff0f0e0d0c0b0a09",
    "i16x8 1 2 3 4 5 6 7 0xffff, 0x0004000300020001, 0xffff000700060005",
    "i32x4 1 2 3 4, 0x0000000200000001, 0x0000000400000003",
    "i64x2 -1 1, 0xffffffffffffffff, 0x0000000000000001",
    "f32x4 1 -0 inf nan, 0x800000003f800000, 0x7fc000007f800000",
    "f64x2 1 2, 0x3ff0000000000000, 0x4000000000000000"
  })
  void vectorsAreReadInEveryShape(String text, String low, String high) {
    V128 value = (V128) Literals.parse(VecType.V128, text);

    assertThat(value)
        .isEqualTo(
            new V128(
                Long.parseUnsignedLong(low.substring(2), 16),
                Long.parseUnsignedLong(high.substring(2), 16)));
    assertThat(Literals.parse(VecType.V128, Literals.print(VecType.V128, value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "i32x4 1 2 3", "i64x2 1 2 3", "i7x3 1 2 3", "f16x8 1"})
  void otherTextsAreNoVectors(String text) {
    assertThatThrownBy(() -> Literals.parse(VecType.V128, text))
        .hasMessage("'" + text + "' is no v128");
  }

  @Test
  void onlyNullIsAReference() {
    assertThat(Literals.parse(RefType.EXTERNREF, "null")).isNull();
    assertThatThrownBy(() -> Literals.parse(RefType.FUNCREF, "0"))
        .hasMessage("'0' is no funcref; only null can be given");
    RefType strict = new RefType(false, AbstractHeapType.FUNC);
    assertThatThrownBy(() -> Literals.parse(strict, "null")).hasMessage("'null' is no (ref func)");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1.5, 1.5",
    "-0.0, -0",
    "1e10, 1e10",
    "1.5e-10, 1.5e-10",
    "inf, inf",
    "-inf, -inf",
    "nan, nan",
    "-nan:0x8000000000001, -nan:0x8000000000001",
    "123456.75, 123456.75"
  })
  void floatsArePrintedAsTheTextFormatHasThem(String text, String printed) {
    ValType type = NumType.F64;

    assertThat(Literals.print(type, Literals.parse(type, text))).isEqualTo(printed);
  }

  @Test
  void referencesArePrintedByKind() {
    RefType any = new RefType(true, AbstractHeapType.ANY);

    assertThat(Literals.print(any, null)).isEqualTo("null");
    assertThat(Literals.print(any, new I31(5))).isEqualTo("ref.any");
    assertThat(Literals.print(RefType.EXTERNREF, "x")).isEqualTo("ref.extern");
  }
}
