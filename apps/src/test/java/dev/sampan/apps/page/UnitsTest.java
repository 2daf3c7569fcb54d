package dev.sampan.apps.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {

  @Test
  void amountsAreShort() {
    assertThat(Units.bytes(0)).isEqualTo("0 B");
    assertThat(Units.bytes(1023)).isEqualTo("1023 B");
    assertThat(Units.bytes(65536)).isEqualTo("64 KiB");
    assertThat(Units.bytes(1.5 * (1 << 20))).isEqualTo("1.5 MiB");
    assertThat(Units.bytes(20.25 * (1 << 30))).isEqualTo("20.3 GiB");
    assertThat(Units.count(999)).isEqualTo("999");
    assertThat(Units.count(1_250_000)).isEqualTo("1.25 M");
    assertThat(Units.percent(0)).isEqualTo("0 %");
    assertThat(Units.percent(1.234)).isEqualTo("123 %");
    assertThat(Units.percent(0.0123)).isEqualTo("1.2 %");
  }

  @Test
  void timesAreShort() {
    assertThat(Units.seconds(0)).isEqualTo("0 ms");
    assertThat(Units.seconds(0.00123)).isEqualTo("1.23 ms");
    assertThat(Units.seconds(1.5)).isEqualTo("1.5 s");
    assertThat(Units.seconds(4000)).isEqualTo("1 h 6 min");
    assertThat(Units.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Units.duration(Duration.ofMinutes(3))).isEqualTo("3 min 0 s");
    assertThat(Units.duration(Duration.ofHours(50))).isEqualTo("2 d 2 h");
  }
}
