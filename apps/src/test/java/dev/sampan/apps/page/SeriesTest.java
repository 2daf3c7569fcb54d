package dev.sampan.apps.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sampan.apps.page.Series.Measure;
import dev.sampan.apps.page.Series.Range;
import org.junit.jupiter.api.Test;

class SeriesTest {

  @Test
  void ringHoldsTheLatestValues() {
    Ring ring = new Ring(3);
    assertThat(ring.latest(3)).isEmpty();
    for (int i = 1; i <= 5; i++) {
      ring.add(i);
      assertThat(ring.latest(10)).hasSize(Math.min(i, 3)).endsWith(i);
    }
    assertThat(ring.latest(10)).containsExactly(3, 4, 5);
    assertThat(ring.latest(2)).containsExactly(4, 5);
  }

  @Test
  void ringKnowsWhatHasNotChangedForLong() {
    Ring ring = new Ring(4);
    for (int i = 0; i < 10; i++) {
      ring.add(7);
    }
    assertThat(ring.latest(4)).containsExactly(7, 7, 7, 7);
    ring.add(8);
    assertThat(ring.latest(4)).containsExactly(7, 7, 7, 8);
  }

  private static Reading reading(int second) {
    return new Reading(
        1000 + second, 0.5 * second, 100L * second, 10L * second, second, 0.02 * second);
  }

  @Test
  void whatGrowsIsShownForEachSecond() {
    Series series = new Series();
    for (int second = 0; second < 25; second++) {
      series.add(reading(second), 1);
    }
    assertThat(series.latest(Measure.MEMORY, 2)).containsExactly(1023, 1024);
    assertThat(series.latest(Measure.CPU, 1)).containsExactly(0.5f);
    assertThat(series.latest(Measure.FUEL, 1)).containsExactly(100);
    assertThat(series.latest(Measure.CALLS, 1)).containsExactly(10);
    assertThat(series.latest(Measure.ERRORS, 1)).containsExactly(1);
    assertThat(series.latest(Measure.LATENCY, 1)[0]).isCloseTo(2f, within(0.001f));
    assertThat(series.latest(Range.MINUTES).get("calls")).hasSize(25).startsWith(0).endsWith(10);
    // of ten seconds the mean; nothing is known of what was before the first one
    assertThat(series.latest(Range.HOUR).get("calls")).containsExactly(9, 10);
    assertThat(series.latest(Range.HOUR).get("memory")).containsExactly(1004.5f, 1014.5f);
  }

  @Test
  void lateReadingsCountForTheTimeTheyTook() {
    Series series = new Series();
    series.add(reading(0), 1);
    series.add(reading(4), 2);
    assertThat(series.latest(Measure.CALLS, 1)).containsExactly(20);
  }

  @Test
  void whatBeginsAnewIsNotNegative() {
    Series series = new Series();
    series.add(reading(100), 1);
    series.add(reading(1), 1);
    assertThat(series.latest(Measure.CALLS, 1)).containsExactly(0);
    assertThat(series.latest(Measure.LATENCY, 1)).containsExactly(0);
  }

  @Test
  void onlySoMuchIsKept() {
    Series series = new Series();
    for (int second = 0; second < 4000; second++) {
      series.add(reading(second), 1);
    }
    assertThat(series.latest(Range.MINUTES).get("memory")).hasSize(300).endsWith(4999);
    assertThat(series.latest(Range.HOUR).get("memory")).hasSize(360);
  }
}
