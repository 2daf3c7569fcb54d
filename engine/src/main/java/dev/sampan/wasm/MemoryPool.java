package dev.sampan.wasm;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that several instances share: what they take together of memories, tables, structures and
 * arrays is limited, whatever each of them may take by itself. An instance draws from a pool if its
 * {@link ResourceLimits#pool} says so, and gives everything back when it is closed.
 *
 * <p>A pool may be part of another one, and so on: what it takes, that one has to give as well. May
 * be used by any number of threads.
 */
public final class MemoryPool {

  private final @Nullable MemoryPool whole;
  private final AtomicLong used = new AtomicLong();
  private final Consumer<MemoryPool> onRefusal;
  private volatile long max;

  private MemoryPool(@Nullable MemoryPool whole, long max, Consumer<MemoryPool> onRefusal) {
    if (max < 0) {
      throw new IllegalArgumentException("expected a pool of 0 or more bytes, found " + max);
    }
    this.whole = whole;
    this.max = max;
    this.onRefusal = onRefusal;
  }

  /**
   * A pool.
   *
   * @param max how many bytes it has
   */
  public static MemoryPool of(long max) {
    return new MemoryPool(null, max, lacking -> {});
  }

  /**
   * A pool that takes from this one.
   *
   * @param max how many bytes it may take at most
   */
  public MemoryPool part(long max) {
    return part(max, lacking -> {});
  }

  /**
   * A pool that takes from this one.
   *
   * @param max how many bytes it may take at most
   * @param onRefusal is told when bytes were not there, in the thread that wanted them: the new
   *     pool, or the one that it is part of and that has too few. It must not wait
   */
  public MemoryPool part(long max, Consumer<MemoryPool> onRefusal) {
    return new MemoryPool(this, max, onRefusal);
  }

  /** How many bytes it has. */
  public long max() {
    return max;
  }

  /**
   * Gives it more or fewer bytes. What is taken stays so, even if it is more; nothing else is given
   * until it is less.
   */
  public void max(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("expected a pool of 0 or more bytes, found " + bytes);
    }
    max = bytes;
  }

  /** How many bytes are taken now. */
  public long used() {
    return used.get();
  }

  /**
   * How many bytes can be taken, here and in what this is part of; negative if more has been
   * counted than there is.
   */
  public long left() {
    long here = max - used.get();
    return whole == null ? here : Math.min(here, whole.left());
  }

  /** The pool that cannot give so many bytes: this one, or one that it is part of. */
  public Optional<MemoryPool> lacking(long bytes) {
    if (bytes > max - used.get()) {
      return Optional.of(this);
    }
    return whole == null ? Optional.empty() : whole.lacking(bytes);
  }

  /**
   * Takes bytes, for an instance or for what the host keeps on behalf of one.
   *
   * @return whether they were there
   */
  public boolean take(long bytes) {
    boolean taken = tryTake(bytes);
    if (!taken) {
      onRefusal.accept(lacking(bytes).orElse(this));
    }
    return taken;
  }

  private boolean tryTake(long bytes) {
    while (true) {
      long now = used.get();
      if (bytes < 0 || bytes > max - now) {
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        break;
      }
    }
    if (whole != null && !whole.take(bytes)) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /**
   * Counts bytes that are there already, or are there no more, without asking.
   *
   * @param bytes how many more, or as a negative number how many fewer
   */
  public void count(long bytes) {
    used.addAndGet(bytes);
    if (whole != null) {
      whole.count(bytes);
    }
  }
}
