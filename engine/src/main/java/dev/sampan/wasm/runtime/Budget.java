package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What an instance may still reserve of a resource. Safe for use by several threads. */
final class Budget {

  private final long amount;
  private final AtomicLong left;

  /** What this is part of, and how much of that a unit is. */
  private final @Nullable Budget whole;

  private final long unit;

  /** The most that was taken at any time, by objects too. */
  private final AtomicLong peak = new AtomicLong();

  /** The objects that take from the budget, too, without reserving. */
  private @Nullable HeapAccount objects;

  Budget(long amount) {
    this(amount, null, 0);
  }

  /** A budget whose units each are some units of another budget, which is charged as well. */
  Budget(long amount, @Nullable Budget whole, long unit) {
    this.amount = amount;
    this.left = new AtomicLong(amount);
    this.whole = whole;
    this.unit = unit;
  }

  void objects(HeapAccount account) {
    objects = account;
  }

  /** Takes an amount if it is there. */
  boolean reserve(long wanted) {
    if (wanted < 0) {
      return false;
    }
    while (true) {
      long now = left.get();
      if (now < wanted || !fitsBesideObjects(wanted, now)) {
        return false;
      }
      if (left.compareAndSet(now, now - wanted)) {
        break;
      }
    }
    if (whole != null && !whole.reserve(Math.multiplyExact(wanted, unit))) {
      left.addAndGet(wanted);
      return false;
    }
    notePeak();
    return true;
  }

  /** Keeps in mind what is taken now, if it never was more. */
  void notePeak() {
    long taken = amount - left.get() + (objects == null ? 0 : objects.estimate());
    long known = peak.get();
    while (taken > known && !peak.compareAndSet(known, taken)) {
      known = peak.get();
    }
  }

  /** The most that was taken at any time. */
  long peak() {
    return peak.get();
  }

  private boolean fitsBesideObjects(long wanted, long now) {
    return objects == null
        || objects.estimate() == 0
        || wanted == 0
        || wanted <= now - objects.estimate()
        || objects.makeRoom(wanted, true);
  }

  /** Gives an amount back. */
  void release(long given) {
    left.addAndGet(given);
    if (whole != null) {
      whole.release(given * unit);
    }
  }

  /** What has not been reserved. */
  long left() {
    return left.get();
  }

  /** The failure of a guest that has more objects than fit, or wants one that does not. */
  ExhaustedException exhausted(long wanted) {
    long used = amount - left.get() + (objects == null ? 0 : objects.estimate()) + wanted;
    return new ExhaustedException(Resource.MEMORY, Math.min(amount, HeapAccount.MOST), used);
  }
}
