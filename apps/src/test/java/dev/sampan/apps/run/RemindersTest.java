package dev.sampan.apps.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemindersTest {

  private static final class Entry implements Reminders.Entry {
    final CountDownLatch late = new CountDownLatch(1);
    final long due;

    Entry(Duration after) {
      this.due = System.nanoTime() + after.toNanos();
    }

    @Override
    public long due() {
      return due;
    }

    @Override
    public void late() {
      assertThat(System.nanoTime() - due).isNotNegative();
      late.countDown();
    }
  }

  @Test
  void onlyWhatIsNotRemovedInTimeIsLate() throws Exception {
    try (Reminders reminders = new Reminders("test", Duration.ofMillis(2))) {
      Entry removed = new Entry(Duration.ofMillis(20));
      Entry stays = new Entry(Duration.ofMillis(30));
      reminders.add(removed);
      reminders.add(stays);
      reminders.remove(removed);
      stays.late.await();
      assertThat(removed.late.await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  @Test
  void whoSleepsIsWoken() throws Exception {
    try (Reminders reminders = new Reminders("test", Duration.ofMillis(1))) {
      for (int i = 0; i < 3; i++) {
        Thread.sleep(100); // it has found nothing so often that it sleeps
        Entry entry = new Entry(Duration.ZERO);
        reminders.add(entry);
        entry.late.await();
      }
    }
  }
}
