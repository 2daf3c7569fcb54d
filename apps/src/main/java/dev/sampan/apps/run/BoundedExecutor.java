package dev.sampan.apps.run;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** A part of an executor's threads; further tasks are refused. It ends when the executor does. */
public final class BoundedExecutor extends AbstractExecutorService {

  private final ExecutorService all;
  private final IntSupplier max;
  private final AtomicInteger running = new AtomicInteger();

  /**
   * A part.
   *
   * @param max how many threads it may use at once, now
   */
  public BoundedExecutor(ExecutorService all, IntSupplier max) {
    this.all = all;
    this.max = max;
  }

  @Override
  public void execute(Runnable task) {
    int limit = max.getAsInt();
    if (running.incrementAndGet() > limit) {
      running.decrementAndGet();
      throw new RejectedExecutionException("limit " + limit + " at once, used " + limit);
    }
    boolean begun = false;
    try {
      all.execute(
          () -> {
            try {
              task.run();
            } finally {
              running.decrementAndGet();
            }
          });
      begun = true;
    } finally {
      if (!begun) {
        running.decrementAndGet();
      }
    }
  }

  @Override
  public boolean isShutdown() {
    return all.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return all.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return all.awaitTermination(timeout, unit);
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException("the whole executor is to be shut down");
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException("the whole executor is to be shut down");
  }
}
