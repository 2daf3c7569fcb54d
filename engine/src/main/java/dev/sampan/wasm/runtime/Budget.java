package dev.sampan.wasm.runtime;

import java.util.concurrent.atomic.AtomicLong;

/** What an instance may still reserve of a resource. Safe for use by several threads. */
final class Budget {

  private final AtomicLong left;

  Budget(long amount) {
    left = new AtomicLong(amount);
  }

  /** Takes an amount if it is there. */
  boolean reserve(long amount) {
    if (amount < 0) {
      return false;
    }
    while (true) {
      long now = left.get();
      if (now < amount) {
        return false;
      }
      if (left.compareAndSet(now, now - amount)) {
        return true;
      }
    }
  }

  /** Gives an amount back. */
  void release(long amount) {
    left.addAndGet(amount);
  }
}
