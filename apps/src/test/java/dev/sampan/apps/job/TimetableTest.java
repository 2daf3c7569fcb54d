package dev.sampan.apps.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a schedule does when the clock does what clocks do. */
@Timeout(30)
class TimetableTest {

  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

  private static Timetable from(String cron, Instant seen) {
    return new Timetable(CronTimes.of(cron, ZoneOffset.UTC), seen);
  }

  private static Instant at(String time) {
    return Instant.parse("2026-11-21T" + time + "Z");
  }

  private static void nothing(Timetable table, Instant now) {
    assertThat(table.look(now).time()).isEmpty();
  }

  private static void comes(Timetable table, Instant now, Instant time) {
    assertThat(table.look(now)).isEqualTo(new Timetable.Due(Optional.of(time), false, 0));
  }

  @Test
  void eachTimeComesOnce() {
    Timetable table = from("*/5 * * * *", TEN);
    nothing(table, at("10:00:00"));
    nothing(table, at("10:04:59.999"));
    comes(table, at("10:05:00"), at("10:05:00"));
    nothing(table, at("10:05:00"));
    nothing(table, at("10:06:00"));
    comes(table, at("10:10:01"), at("10:10:00"));
    assertThat(table.next()).contains(at("10:15:00"));
  }

  @Test
  void clockThatJumpsForwardMissesTimes() {
    Timetable table = from("@hourly", TEN);
    assertThat(table.look(at("13:30:00")))
        .isEqualTo(new Timetable.Due(Optional.of(at("13:00:00")), true, 2));
    nothing(table, at("13:59:59"));
    comes(table, at("14:00:00"), at("14:00:00"));
  }

  @Test
  void timeThatHasJustComeIsKeptThoughOthersWereMissed() {
    Timetable table = from("@hourly", TEN);
    assertThat(table.look(at("13:00:20")))
        .isEqualTo(new Timetable.Due(Optional.of(at("13:00:00")), false, 2));
  }

  @Test
  void clockThatGoesBackALittleLetsNothingComeTwice() {
    Timetable table = from("*/5 * * * *", TEN);
    comes(table, at("10:05:00"), at("10:05:00"));
    nothing(table, at("10:01:00"));
    nothing(table, at("10:05:00"));
    nothing(table, at("10:09:59"));
    comes(table, at("10:10:00"), at("10:10:00"));
  }

  @Test
  void clockThatGoesBackADayDoesNotRepeatADailyTime() {
    Timetable table = from("0 9 * * *", Instant.parse("2026-11-20T09:00:00Z"));
    comes(table, at("09:00:00"), at("09:00:00"));
    nothing(table, at("08:00:00"));
    nothing(table, at("09:00:00"));
    comes(table, Instant.parse("2026-11-22T09:00:00Z"), Instant.parse("2026-11-22T09:00:00Z"));
  }

  @Test
  void clockThatGoesFarBackBeginsAnew() {
    Timetable table = from("*/5 * * * *", TEN);
    comes(table, at("10:05:00"), at("10:05:00"));
    nothing(table, at("08:02:00"));
    assertThat(table.next()).contains(at("08:05:00"));
    comes(table, at("08:05:00"), at("08:05:00"));
    comes(table, at("08:10:00"), at("08:10:00"));
  }

  @Test
  void clockThatWasWrongByYearsIsFollowedBothWays() {
    Timetable table = from("* * * * *", TEN);
    Instant future = Instant.parse("2056-01-01T00:00:30Z");
    Timetable.Due due = table.look(future);
    assertThat(due.time()).contains(Instant.parse("2056-01-01T00:00:00Z"));
    assertThat(due.late()).isFalse();
    assertThat(due.earlier()).isGreaterThanOrEqualTo(1_000);
    nothing(table, at("10:00:30"));
    comes(table, at("10:01:00"), at("10:01:00"));
  }

  @Test
  void timesSinceTheHostWasAwayAreMissed() {
    Timetable table = from("0 9 * * *", Instant.parse("2026-11-18T09:00:00Z"));
    assertThat(table.look(TEN)).isEqualTo(new Timetable.Due(Optional.of(at("09:00:00")), true, 2));
  }

  @Test
  void noteFromTheFutureDoesNotHoldTimesUp() {
    Timetable table = from("*/5 * * * *", TEN.plus(Duration.ofDays(400)));
    nothing(table, TEN);
    comes(table, at("10:05:00"), at("10:05:00"));
  }
}
