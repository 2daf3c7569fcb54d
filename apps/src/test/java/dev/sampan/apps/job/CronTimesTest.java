package dev.sampan.apps.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CronTimesTest {

  /** The clock goes forward on 29 March 2026 at 2:00, and back on 25 October at 3:00. */
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static List<String> times(String cron, ZoneId zone, String from, int count) {
    CronTimes times = CronTimes.of(cron, zone);
    List<String> all = new ArrayList<>();
    Instant at = Instant.parse(from);
    for (int i = 0; i < count; i++) {
      at = times.after(at).orElseThrow();
      String local = at.atZone(zone).toOffsetDateTime().toString();
      all.add(local.substring(local.indexOf('-') + 1));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/20 * * * *  | 11-21T00:20Z, 11-21T00:40Z, 11-21T01:00Z",
        "@hourly       | 11-21T01:00Z, 11-21T02:00Z, 11-21T03:00Z",
        "@daily        | 11-22T00:00Z, 11-23T00:00Z, 11-24T00:00Z",
        "@midnight     | 11-22T00:00Z, 11-23T00:00Z, 11-24T00:00Z",
        "@weekly       | 11-22T00:00Z, 11-29T00:00Z, 12-06T00:00Z",
        "@monthly      | 12-01T00:00Z, 01-01T00:00Z, 02-01T00:00Z",
        "@yearly       | 01-01T00:00Z, 01-01T00:00Z, 01-01T00:00Z",
        "@annually     | 01-01T00:00Z, 01-01T00:00Z, 01-01T00:00Z",
        "30 9 * * 1-5  | 11-23T09:30Z, 11-24T09:30Z, 11-25T09:30Z",
        "0 9 * * sun   | 11-22T09:00Z, 11-29T09:00Z, 12-06T09:00Z",
        "0 9 * * 7     | 11-22T09:00Z, 11-29T09:00Z, 12-06T09:00Z",
        "0 0 13 * 5    | 11-27T00:00Z, 12-04T00:00Z, 12-11T00:00Z",
        "0 0 29 2 *    | 02-29T00:00Z, 02-29T00:00Z, 02-29T00:00Z",
      })
  void timesAreThoseOfUnix(String cron, String expected) {
    assertThat(times(cron, ZoneOffset.UTC, "2026-11-21T00:00:00Z", 3))
        .containsExactly(expected.split(", "));
  }

  @Test
  void timeThatIsLeftOutComesWhenTheClockHasBeenChanged() {
    assertThat(times("30 2 * * *", BERLIN, "2026-03-28T00:00:00Z", 3))
        .containsExactly("03-28T02:30+01:00", "03-29T03:00+02:00", "03-30T02:30+02:00");
    assertThat(times("*/30 * * * *", BERLIN, "2026-03-29T00:30:00Z", 3))
        .containsExactly("03-29T03:00+02:00", "03-29T03:30+02:00", "03-29T04:00+02:00");
  }

  @Test
  void timeThatComesTwiceCountsOnceUnlessEachHourHasIt() {
    assertThat(times("30 2 * * *", BERLIN, "2026-10-24T00:30:00Z", 2))
        .containsExactly("10-25T02:30+02:00", "10-26T02:30+01:00");
    assertThat(times("*/20 2 * * *", BERLIN, "2026-10-25T00:00:00Z", 4))
        .containsExactly(
            "10-25T02:20+02:00", "10-25T02:40+02:00", "10-26T02:00+01:00", "10-26T02:20+01:00");
    assertThat(times("30 * * * *", BERLIN, "2026-10-24T23:30:00Z", 4))
        .containsExactly(
            "10-25T02:30+02:00", "10-25T02:30+01:00", "10-25T03:30+01:00", "10-25T04:30+01:00");
    assertThat(times("*/30 * * * *", BERLIN, "2026-10-25T00:10:00Z", 4))
        .containsExactly(
            "10-25T02:30+02:00", "10-25T02:00+01:00", "10-25T02:30+01:00", "10-25T03:00+01:00");
  }

  @Test
  void timesOfAZoneWhoseDayBeginsAtOneComeEachDayOnce() {
    // there is no midnight on 6 September 2026
    assertThat(times("0 0 * * *", ZoneId.of("America/Santiago"), "2026-09-05T00:00:00Z", 3))
        .containsExactly("09-05T00:00-04:00", "09-06T01:00-03:00", "09-07T00:00-03:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "*/0 * * * *",
        "10-5 * * * *",
        "@reboot",
        "every day",
        "0 0 30 2 *"
      })
  void whatIsNoTimeIsRefused(String cron) {
    assertThatThrownBy(() -> CronTimes.of(cron, ZoneOffset.UTC))
        .isInstanceOf(AppException.class)
        .hasMessageStartingWith("expected times")
        .hasMessageContaining("'" + cron + "'");
  }
}
