package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "1_000, 1000",
    "7B, 7",
    "1K, 1024",
    "1k, 1024",
    "2KB, 2048",
    "2KiB, 2048",
    "64M, 67108864",
    "64MiB, 67108864",
    "1G, 1073741824",
    "3T, 3298534883328"
  })
  void sizesAreBytesOrPowersOf1024(String text, long bytes) {
    assertThat(Quantity.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "64Q", "-1", "1.5G", "64 M", "_1", "1iB", "0x10", "1PB", "٣"})
  void whatIsNoSizeSaysWhatWasExpected(String text) {
    assertThatThrownBy(() -> Quantity.size(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a size such as 4096, 64M or 1G, found '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8388608T", "99999999999999999999G"})
  void sizesThatAreTooLargeSaySo(String text) {
    assertThatThrownBy(() -> Quantity.size(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a size below 8 EiB, found '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "1ns, PT0.000000001S",
    "3us, PT0.000003S",
    "500ms, PT0.5S",
    "2s, PT2S",
    "1.5s, PT1.5S",
    "1m, PT1M",
    "2h, PT2H"
  })
  void durationsHaveAUnit(String text, Duration duration) {
    assertThat(Quantity.duration(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "s", "0s", "-1s", "2d", "2 s", "1.2.3s", "0.1ns", "9999999999h"})
  void whatIsNoDurationSaysWhatWasExpected(String text) {
    assertThatThrownBy(() -> Quantity.duration(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a duration such as 500ms, 2s or 1m, found '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "2", "8", "-3", "3.0", "4K", "99999999999999999999"})
  void numbersOutsideTheirRangeSayTheRange(String text) {
    assertThatThrownBy(() -> Quantity.number(text, 3, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a number from 3 to 7, found '" + text + "'");
    assertThatThrownBy(() -> Quantity.number("x", 3, Long.MAX_VALUE))
        .hasMessage("expected a number of at least 3, found 'x'");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1000, 1000 bytes",
    "1024, 1 KiB",
    "67108864, 64 MiB",
    "1536, 1536 bytes"
  })
  void sizesArePrintedWithTheLargestUnitThatFits(long bytes, String text) {
    assertThat(Quantity.text(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"PT2S, 2s", "PT0.5S, 500ms", "PT60M, 1h", "PT90S, 90s", "PT0.000000001S, 1ns"})
  void durationsArePrintedWithTheLargestUnitThatFits(Duration duration, String text) {
    assertThat(Quantity.text(duration)).isEqualTo(text);
  }
}
