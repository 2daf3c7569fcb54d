package dev.sampan.apps.run;

import dev.sampan.wasm.Fuel;
import dev.sampan.wasm.Instance;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the guests of one app have used since the host was opened, whichever revision they were of.
 * What runs still is counted, too. May be used by any number of threads.
 */
public final class Usage {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();

  private final Sum cpu = new Sum();
  private final Sum fuel = new Sum();
  private final AtomicLong peakMemory = new AtomicLong();

  /** Something that is used and has not ended; closing it ends it. */
  public interface Part extends AutoCloseable {

    /** How much it has used so far. */
    long used();

    @Override
    void close();
  }

  /** What has ended and what has not, together. */
  private static final class Sum {
    private final LongAdder ended = new LongAdder();
    private final Set<Part> running = ConcurrentHashMap.newKeySet();
    private final AtomicLong told = new AtomicLong();

    void end(Part part, long used) {
      running.remove(part);
      ended.add(used);
    }

    /** Never less than before, though a part is in neither for an instant while it ends. */
    long now() {
      long sum = ended.sum();
      for (Part part : running) {
        sum += part.used();
      }
      return told.accumulateAndGet(sum, Math::max);
    }
  }

  private static long cpuNanos(long thread) {
    // -1 for a thread that has ended
    return THREADS.isThreadCpuTimeSupported() ? Math.max(0, THREADS.getThreadCpuTime(thread)) : 0;
  }

  /**
   * Begins to count what the calling thread does. It must be a thread of the system, and the one
   * that ends it.
   */
  public Part thread() {
    return new ThreadPart(Thread.currentThread().threadId());
  }

  private final class ThreadPart implements Part {
    private final long thread;
    private final long before;

    ThreadPart(long thread) {
      this.thread = thread;
      this.before = cpuNanos(thread);
      cpu.running.add(this);
    }

    @Override
    public long used() {
      return Math.max(0, cpuNanos(thread) - before);
    }

    @Override
    public void close() {
      cpu.end(this, used());
    }
  }

  /** Begins to count what an instance burns. */
  public Part instance(Instance instance) {
    return new InstancePart(instance);
  }

  private final class InstancePart implements Part {
    private final Instance instance;
    private final long before;

    InstancePart(Instance instance) {
      this.instance = instance;
      this.before = fuelUsed();
      fuel.running.add(this);
    }

    private long fuelUsed() {
      return instance.fuel().map(Fuel::used).orElse(0L);
    }

    @Override
    public long used() {
      return Math.max(0, fuelUsed() - before);
    }

    @Override
    public void close() {
      fuel.end(this, used());
      peakMemory.accumulateAndGet(instance.peakMemory(), Math::max);
    }
  }

  /** How long processors have worked for the whole process; zero if that is not known. */
  public static Duration ofProcess() {
    return SYSTEM instanceof com.sun.management.OperatingSystemMXBean known
        ? Duration.ofNanos(Math.max(0, known.getProcessCpuTime()))
        : Duration.ZERO;
  }

  /** How long processors have worked in all threads of the guests together. */
  public Duration cpuTime() {
    return Duration.ofNanos(cpu.now());
  }

  /** How much was executed in the engine's unit, of guests for which that is counted. */
  public long fuel() {
    return fuel.now();
  }

  /** The most bytes of memory that one instance had. */
  public long peakMemory() {
    long peak = peakMemory.get();
    for (Part part : fuel.running) {
      if (part instanceof InstancePart running) {
        peak = Math.max(peak, running.instance.peakMemory());
      }
    }
    return peak;
  }
}
