package dev.sampan.apps.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ClockworkTest {

  /** Kept, because the JDK forgets loggers that nobody holds. */
  private static final Logger LOG = Logger.getLogger(Clockwork.class.getName());

  @Test
  void handThatFailsStopsNoOther() throws InterruptedException {
    LOG.setLevel(Level.OFF);
    CountDownLatch failures = new CountDownLatch(2);
    CountDownLatch ticks = new CountDownLatch(2);
    try (Clockwork clockwork = new Clockwork(InstantSource.system())) {
      clockwork.add(
          now -> {
            failures.countDown();
            throw new IllegalStateException("for a test");
          });
      clockwork.add(now -> ticks.countDown());
      assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(failures.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      LOG.setLevel(null);
    }
  }
}
