package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the structures and arrays of an instance take that are still alive. The Java
 * virtual machine does not tell, so it is found out by samples: each time the guest has allocated
 * {@link #STEP} bytes, the object that it has just made stands for them, held weakly. What the
 * samples that are left stand for is what lives, and what is dead and has not been collected yet.
 *
 * <p>If that exceeds the limit, the collector has to say which of both it is. It is asked only now
 * and then, because that stops the whole process for a while; until then a guest may have more
 * garbage than its limit, as long as there is room on the Java heap. A guest is ended only when a
 * collection has shown that its objects live.
 */
public final class HeapAccount {

  /** Bytes between two samples. */
  private static final int STEP = 1 << 16;

  /** What an object takes besides its fields. */
  public static final int HEADER = 16;

  /** The least time between two collections, and how many times longer than the last one took. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int SHARE = 10;

  /** A collection is due at once if less of the Java heap is left than one part in so many. */
  private static final int RESERVE = 4;

  /** The part of the Java heap that the objects of a guest may take, whatever its limit. */
  static final long MOST = Runtime.getRuntime().maxMemory() / 4 * 3;

  private static final Object COLLECTING = new Object();
  private static volatile long lastCollection = System.nanoTime() - PAUSE;
  private static volatile long collectionTime;

  /** A sample, in a list of all of them. */
  private static final class Sample extends WeakReference<Object> {
    final long bytes;
    @Nullable Sample next;

    Sample(Object object, long bytes, @Nullable Sample next) {
      super(object);
      this.bytes = bytes;
      this.next = next;
    }
  }

  /** Bytes until the next sample; negative when it is due. For executors. */
  public long left = STEP;

  private final Budget budget;
  private @Nullable Sample samples;

  /** What the samples stand for. Read by other threads of the guest, which may grow memories. */
  private volatile long estimate;

  HeapAccount(Budget budget) {
    this.budget = budget;
  }

  /** How much the objects take that may be alive, in bytes. */
  long estimate() {
    return estimate;
  }

  /**
   * Counts an object that was just made.
   *
   * @return the object
   */
  public static Object made(Object object, int bytes, HeapAccount account) {
    if ((account.left -= bytes) < 0) {
      account.sample(object);
    }
    return object;
  }

  /** The same for an array, whose elements have a width in bytes. */
  public static Object madeArray(Object array, int width, HeapAccount account) {
    long bytes = (long) ((ArrayObject) array).length() * width + HEADER;
    if ((account.left -= bytes) < 0) {
      account.sample(array);
    }
    return array;
  }

  /** What an exception takes, and what a value in it does. */
  private static final int EXCEPTION = 120;

  private static final int VALUE = 24;

  /** Counts an exception of the guest, which may hold others. */
  public static void thrown(Object exception, int values, HeapAccount account) {
    made(exception, EXCEPTION + VALUE * values, account);
  }

  /**
   * Ends the guest if an array that it wants cannot fit its limit.
   *
   * @param length unsigned; so large ones that no array has are somebody else's matter
   * @return the length
   */
  public static int room(int length, int width, HeapAccount account) {
    if (length > STEP / 16) {
      account.room((long) length * width + HEADER);
    }
    return length;
  }

  /** What the objects may take beside memories and tables. */
  private long available() {
    return Math.min(budget.leftForObjects(estimate), MOST);
  }

  private void room(long bytes) {
    if (bytes > STEP && bytes > available() - estimate && !makeRoom(bytes, true)) {
      throw budget.exhausted(bytes);
    }
  }

  private void sample(Object object) {
    long bytes = STEP - left;
    left = STEP;
    samples = new Sample(object, bytes, samples);
    estimate(estimate + bytes);
    if (estimate > available() && !makeRoom(0, false)) {
      throw budget.exhausted(0);
    }
    budget.notePeak();
  }

  /**
   * Tries to have some bytes free within the budget.
   *
   * @param now whether the answer must be right, and not be put off
   * @return whether there are, or nobody knows yet
   */
  boolean makeRoom(long bytes, boolean now) {
    if (bytes > available()) {
      return false;
    }
    if (!now && !isCollectionDue()) {
      return true;
    }
    purge();
    if (estimate + bytes <= available()) {
      return true;
    }
    boolean collected = collect();
    purge();
    return estimate + bytes <= available() || !collected && !isHeapShort();
  }

  /** Forgets samples whose objects are gone. */
  private void purge() {
    Sample kept = null;
    long bytes = 0;
    for (Sample each = samples; each != null; ) {
      Sample next = each.next;
      if (!each.refersTo(null)) {
        bytes += each.bytes;
        each.next = kept;
        kept = each;
      }
      each = next;
    }
    samples = kept;
    estimate(bytes);
  }

  private void estimate(long bytes) {
    budget.countObjects(bytes - estimate);
    estimate = bytes;
  }

  private static boolean isHeapShort() {
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    return free < runtime.maxMemory() / RESERVE;
  }

  private static boolean isCollectionDue() {
    long since = System.nanoTime() - lastCollection;
    return since > Math.max(PAUSE, SHARE * collectionTime) || since > PAUSE && isHeapShort();
  }

  /** Has the Java virtual machine collect; yields whether it has. */
  private static boolean collect() {
    synchronized (COLLECTING) {
      WeakReference<Object> canary = new WeakReference<>(new Object());
      long begin = System.nanoTime();
      System.gc();
      long end = System.nanoTime();
      lastCollection = end;
      collectionTime = end - begin;
      return canary.get() == null;
    }
  }

  /**
   * Whether memory ran out where the guest or the engine allocated, and not a function of the host.
   */
  public static boolean isGuests(Throwable thrown) {
    for (StackTraceElement element : thrown.getStackTrace()) {
      String name = element.getClassName();
      if (!name.startsWith("java.") && !name.startsWith("jdk.")) {
        return name.startsWith("dev.sampan.wasm.") || name.startsWith("wasm.");
      }
    }
    // the Java virtual machine may be unable to record a trace
    return true;
  }

  /** The failure of a guest for which there is no memory, whatever its limit. */
  public static ExhaustedException outOfMemory(Throwable error) {
    return new ExhaustedException(
        Resource.MEMORY, -1, -1, "memory exhausted: the Java heap is full", error);
  }

  /** Forgets all objects: nobody can reach them any more. */
  void reset() {
    samples = null;
    estimate(0);
    left = STEP;
  }
}
