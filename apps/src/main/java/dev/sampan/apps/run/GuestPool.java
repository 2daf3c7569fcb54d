package dev.sampan.apps.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads for guests that are used again and again. A task waits only if as many threads as there
 * may be are at work; else it is done at once, by the thread that was at work last, or by a new
 * one.
 */
final class GuestPool implements Executor {

  private static final long KEEP = TimeUnit.SECONDS.toNanos(10);

  private final int max;
  private final Deque<Worker> idle = new ArrayDeque<>();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Set<Worker> all = new HashSet<>();
  private long made;
  private boolean closed;

  /**
   * A pool without threads.
   *
   * @param max how many threads there may be
   */
  GuestPool(int max) {
    this.max = max;
  }

  /** One of the threads. */
  private final class Worker implements Runnable {
    private final Thread thread;

    /** What it does next; set by others while it is idle. */
    private volatile @Nullable Runnable task;

    Worker(Runnable first) {
      this.thread = GuestThreads.pooled("sampan-fn-" + made++, this);
      this.task = first;
    }

    @Override
    public void run() {
      for (Runnable next = task; next != null; next = next()) {
        try {
          next.run();
        } catch (Throwable e) {
          System.getLogger(GuestPool.class.getName())
              .log(System.Logger.Level.ERROR, "a task failed, please report", e);
        }
        Thread.interrupted(); // nothing that was meant for the task concerns the next one
      }
    }

    private @Nullable Runnable next() {
      task = null;
      if (!rests(this)) {
        return task;
      }
      long since = System.nanoTime();
      while (task == null) {
        long left = KEEP - (System.nanoTime() - since);
        if (left <= 0 && ends(this)) {
          return null;
        }
        LockSupport.parkNanos(this, Math.max(1, left));
        Thread.interrupted();
      }
      return task;
    }
  }

  @Override
  public void execute(Runnable task) {
    Worker worker = worker(task);
    if (worker != null) {
      LockSupport.unpark(worker.thread);
    }
  }

  /** Gives the task to a thread; yields it if it is to be woken. */
  private synchronized @Nullable Worker worker(Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("the threads for guests have ended");
    }
    Worker worker = idle.pollLast();
    if (worker != null) {
      worker.task = task;
    } else if (all.size() < max) {
      begin(new Worker(task));
    } else {
      waiting.addLast(task);
    }
    return worker;
  }

  private void begin(Worker worker) {
    try {
      worker.thread.start();
      all.add(worker);
    } catch (OutOfMemoryError e) {
      throw new RejectedExecutionException("the system has no more threads to give", e);
    }
  }

  /** Yields false if there is something else to do for a thread, or nothing ever again. */
  private synchronized boolean rests(Worker worker) {
    worker.task = waiting.pollFirst();
    if (worker.task != null) {
      return false;
    }
    if (closed) {
      all.remove(worker);
      return false;
    }
    idle.addLast(worker);
    return true;
  }

  /** A thread that has waited for long ends, unless it was just given something. */
  private synchronized boolean ends(Worker worker) {
    if (worker.task != null) {
      return false;
    }
    idle.remove(worker);
    all.remove(worker);
    return true;
  }

  /** Ends all threads; what they do is interrupted, and what waits is never done. */
  synchronized void close() {
    closed = true;
    waiting.clear();
    all.removeAll(idle);
    for (Worker each : idle) {
      each.task = () -> {};
      LockSupport.unpark(each.thread);
    }
    idle.clear();
    all.forEach(each -> each.thread.interrupt());
  }
}
