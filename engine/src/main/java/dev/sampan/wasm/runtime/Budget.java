package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.MemoryPool;
import dev.sampan.wasm.Resource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What an instance may still reserve of a resource. Safe for use by several threads. */
final class Budget {

  private static final long ENDED = Long.MIN_VALUE;

  private final long amount;
  private final AtomicLong left;

  /** What this is part of, and how much of that a unit is. */
  private final @Nullable Budget whole;

  private final long unit;

  /** The most that was taken at any time, by objects too. */
  private final AtomicLong peak = new AtomicLong();

  /** The objects that take from the budget, too, without reserving. */
  private @Nullable HeapAccount objects;

  /** What is shared with other instances and charged as well. */
  private final @Nullable MemoryPool pool;

  /** What was taken from the pool, or {@link #ENDED}. */
  private final AtomicLong pooled = new AtomicLong();

  Budget(long amount) {
    this(amount, null, 0, null);
  }

  /** A budget that takes from a pool, if there is one, until it is ended. */
  Budget(long amount, Optional<MemoryPool> pool) {
    this(amount, null, 0, pool.orElse(null));
  }

  /** A budget whose units each are some units of another budget, which is charged as well. */
  Budget(long amount, @Nullable Budget whole, long unit) {
    this(amount, whole, unit, null);
  }

  private Budget(long amount, @Nullable Budget whole, long unit, @Nullable MemoryPool pool) {
    this.amount = amount;
    this.left = new AtomicLong(amount);
    this.whole = whole;
    this.unit = unit;
    this.pool = pool;
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
    if (whole != null && !whole.reserve(Math.multiplyExact(wanted, unit)) || !takePooled(wanted)) {
      left.addAndGet(wanted);
      return false;
    }
    notePeak();
    return true;
  }

  private boolean takePooled(long wanted) {
    if (pool != null && pooled.get() != ENDED) {
      if (!pool.take(wanted)) {
        return false;
      }
      if (!notePooled(wanted)) {
        pool.count(-wanted);
      }
    }
    return true;
  }

  /** Yields whether what was taken is to be given back at the end. */
  private boolean notePooled(long taken) {
    return pooled.getAndUpdate(before -> before == ENDED ? ENDED : before + taken) != ENDED;
  }

  /** Counts in the pool what objects take, or take no more; they are there without reserving. */
  void countObjects(long bytes) {
    if (pool != null && notePooled(bytes)) {
      pool.count(bytes);
    }
  }

  /** Gives back what was taken from the pool: nobody uses it any more. */
  void end() {
    long taken = pooled.getAndSet(ENDED);
    if (pool != null && taken != ENDED) {
      pool.count(-taken);
    }
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
    countObjects(-given);
  }

  /** What objects may take that take so much now. */
  long leftForObjects(long taken) {
    return pool == null ? left.get() : Math.min(left.get(), pool.left() + taken);
  }

  /** The failure of a guest that has more objects than fit, or wants one that does not. */
  ExhaustedException exhausted(long wanted) {
    Optional<MemoryPool> lacking = lackingPool(wanted);
    if (lacking.isPresent()) {
      long taken = lacking.get().used() + wanted;
      return new ExhaustedException(
          Resource.MEMORY,
          lacking.get().max(),
          taken,
          "memory exhausted: " + text(lacking.get()),
          null);
    }
    long used = amount - left.get() + (objects == null ? 0 : objects.estimate()) + wanted;
    return new ExhaustedException(Resource.MEMORY, Math.min(amount, HeapAccount.MOST), used);
  }

  private Optional<MemoryPool> lackingPool(long wanted) {
    return pool == null ? Optional.empty() : pool.lacking(wanted);
  }

  private static String text(MemoryPool pool) {
    return "limit %d bytes of all instances together, used %d bytes"
        .formatted(pool.max(), pool.used());
  }

  /** Why so much does not fit, to be added to a message, or an empty text. */
  String reason(long wanted) {
    return lackingPool(wanted).map(lacking -> ": " + text(lacking)).orElse("");
  }
}
