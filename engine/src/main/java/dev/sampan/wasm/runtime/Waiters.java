package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The threads that wait on addresses of a shared memory (Threads proposal › Wait and Notify). */
final class Waiters {

  /** The instruction's results. */
  private static final int WOKEN = 0;

  private static final int NOT_EQUAL = 1;
  private static final int TIMED_OUT = 2;

  private static final class Waiter {
    final Condition condition;
    boolean notified;

    Waiter(Condition condition) {
      this.condition = condition;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Queue<Waiter>> queues = new HashMap<>();

  /**
   * Waits until notified.
   *
   * @param timeout nanoseconds, negative for ever
   * @return 0 if notified, 1 if the value was another, 2 if the time ran out
   */
  int await(MemoryInstance memory, long ea, int width, long expected, long timeout) {
    lock.lock();
    try {
      long value = Atomics.load(memory, ea, width);
      if (value != (width == 4 ? expected & 0xFFFF_FFFFL : expected)) {
        return NOT_EQUAL;
      }
      Waiter waiter = new Waiter(lock.newCondition());
      Queue<Waiter> queue = queues.computeIfAbsent(ea, address -> new ArrayDeque<>());
      queue.add(waiter);
      try {
        return await(waiter, timeout) ? WOKEN : TIMED_OUT;
      } finally {
        queue.remove(waiter);
        queues.computeIfPresent(ea, (address, rest) -> rest.isEmpty() ? null : rest);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean await(Waiter waiter, long timeout) {
    long left = timeout;
    try {
      while (!waiter.notified) {
        if (timeout < 0) {
          waiter.condition.await();
        } else {
          if (left <= 0) {
            return false;
          }
          left = waiter.condition.awaitNanos(left);
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Trap(Trap.Kind.INTERRUPTED);
    }
  }

  /**
   * Wakes threads, those that have waited longest first.
   *
   * @param count how many at most, unsigned
   * @return how many were woken
   */
  int notify(long ea, int count) {
    lock.lock();
    try {
      Queue<Waiter> queue = queues.get(ea);
      int woken = 0;
      while (queue != null && Integer.compareUnsigned(woken, count) < 0) {
        Waiter waiter = queue.poll();
        if (waiter == null) {
          break;
        }
        waiter.notified = true;
        waiter.condition.signal();
        woken++;
      }
      return woken;
    } finally {
      lock.unlock();
    }
  }
}
