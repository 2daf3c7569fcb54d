package dev.sampan.wasm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Instances of one module for a server: lent to one thread at a time, and brought back to their
 * initial state when they are returned, so that nobody sees what another has left. That is cheaper
 * than making an instance, all the more the larger its initial memory is.
 *
 * <pre>{@code
 * try (var pool = InstancePool.of(module, imports, 16);
 *     var lease = pool.lend(Duration.ofSeconds(1))) {
 *   lease.instance().function("handle").call(request);
 * }
 * }</pre>
 *
 * <p>The initial state is that of the first instance after its start function. Where it cannot be
 * kept ({@link Instance#snapshot}), or an instance is closed or has a thread inside when it is
 * returned, the instance is thrown away, and a new one is made when it is needed. What is lent must
 * not be used after it has been returned, nor its memories, tables, globals and functions.
 *
 * <p>A pool may be used by any number of threads.
 */
public final class InstancePool implements AutoCloseable {

  private final WasmModule module;
  private final Imports imports;
  private final UnaryOperator<ResourceLimits> limits;
  private final int maxSize;

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition returned = lock.newCondition();
  private final Deque<Instance> idle = new ArrayDeque<>();

  /** Instances that are lent, idle or being made. */
  private int size;

  private boolean closed;

  /** The initial state; empty if it cannot be kept, null as long as nobody knows. */
  private @Nullable Optional<Snapshot> initial;

  private InstancePool(
      WasmModule module, Imports imports, int maxSize, UnaryOperator<ResourceLimits> limits) {
    if (maxSize < 1) {
      throw new IllegalArgumentException("a pool needs at least 1 instance, found " + maxSize);
    }
    this.module = module;
    this.imports = imports;
    this.maxSize = maxSize;
    this.limits = limits;
  }

  /** A pool whose instances have the default {@link ResourceLimits}. */
  public static InstancePool of(WasmModule module, Imports imports, int maxSize) {
    return of(module, imports, maxSize, each -> each);
  }

  /**
   * A pool. Instances are made when they are needed.
   *
   * @param maxSize how many instances there may be at once
   * @param limits changes the default limits of each instance
   */
  public static InstancePool of(
      WasmModule module, Imports imports, int maxSize, UnaryOperator<ResourceLimits> limits) {
    return new InstancePool(module, imports, maxSize, limits);
  }

  /** An instance that is lent until this is closed. */
  public static final class Lease implements AutoCloseable {

    private final InstancePool pool;
    private @Nullable Instance instance;

    private Lease(InstancePool pool, Instance instance) {
      this.pool = pool;
      this.instance = instance;
    }

    /**
     * The instance, in its initial state when it is lent.
     *
     * @throws IllegalStateException if it has been returned
     */
    public synchronized Instance instance() {
      Instance lent = instance;
      if (lent == null) {
        throw new IllegalStateException("the instance has been returned to its pool");
      }
      return lent;
    }

    /** Returns the instance. Doing so again does nothing. */
    @Override
    public void close() {
      Instance lent;
      synchronized (this) {
        lent = instance;
        instance = null;
      }
      if (lent != null) {
        pool.takeBack(lent);
      }
    }
  }

  /** How many instances there are, lent or not. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** How many instances wait to be lent. */
  public int idle() {
    lock.lock();
    try {
      return idle.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lends an instance, and waits for one if all are lent.
   *
   * @param timeout how long to wait
   * @throws ExhaustedException if none was returned in time
   * @throws IllegalStateException if the pool is closed, or closed meanwhile
   * @throws Trap with kind {@link Trap.Kind#INTERRUPTED} if the thread is interrupted
   */
  public Lease lend(Duration timeout) {
    Instance instance = idleOrRoom(timeout);
    return new Lease(this, instance != null ? instance : make());
  }

  /** An idle instance, or null if one may be made, which is counted already. */
  private @Nullable Instance idleOrRoom(Duration timeout) {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new IllegalStateException("the pool of " + module + " is closed");
        }
        Instance instance = idle.pollFirst();
        if (instance != null) {
          return instance;
        }
        if (size < maxSize) {
          size++;
          return null;
        }
        if (left <= 0) {
          throw new ExhaustedException(Resource.INSTANCES, maxSize, size);
        }
        left = returned.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Trap(Trap.Kind.INTERRUPTED);
    } finally {
      lock.unlock();
    }
  }

  private Instance make() {
    boolean made = false;
    try {
      Instance instance = module.instantiate(imports, limits);
      keepInitialState(instance);
      made = true;
      return instance;
    } finally {
      if (!made) {
        forget();
      }
    }
  }

  /** Keeps the state of the first instance that is made. */
  private void keepInitialState(Instance instance) {
    lock.lock();
    try {
      if (initial == null) {
        initial = instance.snapshot();
      }
    } finally {
      lock.unlock();
    }
  }

  private void takeBack(Instance instance) {
    boolean reset = false;
    try {
      Optional<Snapshot> state = Objects.requireNonNull(initial);
      if (state.isPresent()) {
        state.get().restore(instance);
        reset = true;
      }
    } catch (IllegalStateException e) {
      instance.stop("returned to its pool");
    } catch (Trap e) {
      // closed, or too large: another one will be made
    }
    lock.lock();
    try {
      if (reset && !closed) {
        idle.addFirst(instance);
        returned.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    try {
      instance.close();
    } finally {
      forget();
    }
  }

  private void forget() {
    lock.lock();
    try {
      size--;
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Closes all instances; those that are lent, when they are returned. */
  @Override
  public void close() {
    Deque<Instance> unused = new ArrayDeque<>();
    lock.lock();
    try {
      closed = true;
      unused.addAll(idle);
      size -= idle.size();
      idle.clear();
      returned.signalAll();
    } finally {
      lock.unlock();
    }
    unused.forEach(Instance::close);
  }
}
