package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimersTest {

  private static final long MS = 1_000_000;

  private final Timers timers = new Timers(3);

  @Test
  void timerStrikesOnceOrAgainAndAgain() {
    int once = timers.create(10, false, true, 0);
    int often = timers.create(4, true, true, 0);
    assertThat(timers.nextDue()).isEqualTo(4 * MS);
    assertThat(timers.strike(3 * MS)).isNull();
    assertThat(timers.strike(4 * MS)).isEqualTo(often);
    assertThat(timers.strike(4 * MS)).isNull();
    assertThat(timers.strike(8 * MS)).isEqualTo(often);
    assertThat(timers.strike(11 * MS)).isEqualTo(once);
    assertThat(timers.strike(11 * MS)).isNull();
    assertThat(timers.strike(12 * MS)).isEqualTo(often);
  }

  @Test
  void missedStrikesAreNotMadeUpFor() {
    int often = timers.create(10, true, true, 0);
    assertThat(timers.strike(95 * MS)).isEqualTo(often);
    assertThat(timers.strike(95 * MS)).isNull();
    assertThat(timers.nextDue()).isEqualTo(105 * MS);
  }

  @Test
  void timerThatWasNotStartedWaitsForARestart() {
    int id = timers.create(10, true, false, 0);
    assertThat(timers.nextDue()).isEqualTo(Long.MAX_VALUE);
    timers.restart(id, 20, 5 * MS);
    assertThat(timers.nextDue()).isEqualTo(25 * MS);
    timers.cancel(id);
    assertThat(timers.nextDue()).isEqualTo(Long.MAX_VALUE);
    timers.restart(id, 1, 30 * MS);
    assertThat(timers.strike(31 * MS)).isEqualTo(id);
  }

  @Test
  void cancelledAndStruckTimersCountUntilTheyAreDestroyed() {
    int a = timers.create(1, false, true, 0);
    timers.create(1, false, true, 0);
    timers.create(1, false, true, 0);
    timers.strike(1 * MS);
    assertThat(timers.create(1, false, true, 0)).isEqualTo(-1);
    timers.destroy(a);
    assertThat(timers.create(1, false, true, 0)).isPositive().isNotEqualTo(a);
  }

  @Test
  void newTimerTakesThePlaceOfTheOneThatWasCancelledFirst() {
    int a = timers.create(1, false, true, 0);
    int b = timers.create(1, false, true, 0);
    int c = timers.create(1, false, true, 0);
    timers.cancel(b);
    timers.cancel(a);
    assertThat(timers.create(5, false, true, 0)).isPositive();
    timers.restart(b, 1, 0);
    timers.restart(a, 1, 0);
    assertThat(timers.strike(2 * MS)).isIn(a, c);
    assertThat(timers.strike(2 * MS)).isIn(a, c);
    assertThat(timers.strike(2 * MS)).isNull();
  }

  @Test
  void intervalsAreUnsignedAndAtLeastAMillisecond() {
    int id = timers.create(0, true, true, 0);
    assertThat(timers.nextDue()).isEqualTo(MS);
    timers.restart(id, 0xffff_ffffL, 0);
    assertThat(timers.nextDue()).isEqualTo(0xffff_ffffL * MS);
  }

  @Test
  void unknownTimersAreIgnored() {
    timers.cancel(9);
    timers.destroy(9);
    timers.restart(9, 1, 0);
    assertThat(timers.nextDue()).isEqualTo(Long.MAX_VALUE);
  }
}
