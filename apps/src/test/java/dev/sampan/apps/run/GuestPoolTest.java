package dev.sampan.apps.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuestPoolTest {

  private final GuestPool pool = new GuestPool(3);

  @AfterEach
  void close() {
    pool.close();
  }

  private FutureTask<Thread> submit(CountDownLatch wait) {
    FutureTask<Thread> task =
        new FutureTask<>(
            () -> {
              wait.await();
              return Thread.currentThread();
            });
    pool.execute(task);
    return task;
  }

  @Test
  void tasksRunAtOnceUpToTheLimitAndOthersAfterThem() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(3);
    List<FutureTask<Thread>> tasks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      FutureTask<Thread> task =
          new FutureTask<>(
              () -> {
                running.countDown();
                open.await();
                return Thread.currentThread();
              });
      tasks.add(task);
      pool.execute(task);
    }
    running.await();
    open.countDown();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (FutureTask<Thread> task : tasks) {
      threads.add(task.get());
    }
    assertThat(threads).hasSize(3);
  }

  @Test
  void threadIsUsedAgainAndKnowsNothingOfTheTaskBefore() throws Exception {
    CountDownLatch open = new CountDownLatch(0);
    Thread first = submit(open).get();
    while (first.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait(); // it is about to wait for the next task
    }
    pool.execute(
        () -> {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("a failure of a task, on purpose");
        });
    Thread later = submit(open).get(); // would fail if it were interrupted
    assertThat(later.isInterrupted()).isFalse();
    assertThat(first.isAlive()).isTrue();
  }

  @Test
  void nothingIsLostWhenManySubmitAtOnce() throws Exception {
    int count = 20_000;
    CountDownLatch done = new CountDownLatch(2 * count);
    AtomicInteger inGuestThreads = new AtomicInteger();
    Runnable submits =
        () -> {
          for (int i = 0; i < count; i++) {
            pool.execute(
                () -> {
                  inGuestThreads.addAndGet(GuestThreads.isCurrent() ? 1 : 0);
                  done.countDown();
                });
          }
        };
    Thread.startVirtualThread(submits);
    submits.run();
    done.await();
    assertThat(inGuestThreads).hasValue(2 * count);
    assertThat(GuestThreads.isCurrent()).isFalse();
  }

  @Test
  void closingInterruptsWhatRunsAndRefusesMore() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    pool.execute(
        () -> {
          began.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    began.await();
    pool.close();
    interrupted.await();
    assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }
}
