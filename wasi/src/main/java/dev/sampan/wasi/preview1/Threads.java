package dev.sampan.wasi.preview1;

import static dev.sampan.wasm.model.NumType.I32;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.MemoryType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one guest, each a thread of Java with an instance of the module that shares the
 * memory. The engine ends all of them with the first; here they are counted and waited for.
 */
public final class Threads {

  private static final String MODULE = "wasi";
  private static final String SPAWN = "thread-spawn";
  private static final String ENTRY = "wasi_thread_start";
  private static final FuncType SPAWN_TYPE = new FuncType(List.of(I32), List.of(I32));
  private static final FuncType ENTRY_TYPE = new FuncType(List.of(I32, I32), List.of());

  /** Numbers above would look like errors to some guests. */
  private static final int MAX_ID = 0x1FFF_FFFF;

  private static final int FAILED = -1;

  /** How deep calls may go, in bytes of stack; nothing is taken but what is used. */
  private static final long STACK_BYTES = 16L << 20;

  /** How long closing waits for threads that do not heed an interruption at once. */
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final int max;
  private final @Nullable ThreadFactory factory;
  private final Gate gate;
  private final Set<Integer> running = new HashSet<>();

  /** Threads that have begun, and may have ended since. */
  private final Set<Thread> begun = new HashSet<>();

  private int lastId;
  private boolean closed;

  Threads(Settings settings, Gate gate) {
    this.max = settings.limits().threads();
    this.factory = settings.threadFactory();
    this.gate = gate;
  }

  /** Whether a guest may have any. */
  boolean isAllowed() {
    return max > 0;
  }

  /**
   * Whether an import is of use for threads alone: the function that makes them, or a memory that
   * they can share.
   *
   * @throws LinkException if it is the function, and of another type
   */
  public static boolean isNeededFor(ImportType wanted) {
    if (wanted.type() instanceof MemoryType memory) {
      return memory.shared();
    }
    if (!wanted.module().equals(MODULE) || !wanted.name().equals(SPAWN)) {
      return false;
    }
    Syscall.requireType(wanted, SPAWN_TYPE);
    return true;
  }

  /**
   * Whether an import is the function that makes threads.
   *
   * @throws LinkException if it is and the guest may have none, or its type is another
   */
  boolean provides(ImportType wanted) {
    if (wanted.type() instanceof MemoryType || !isNeededFor(wanted)) {
      return false;
    }
    if (!isAllowed()) {
      throw new LinkException(
          "unknown import: \"%s\" \"%s\" needs a guest that may have threads, found a limit of 0"
              .formatted(MODULE, SPAWN));
    }
    return true;
  }

  /** Makes a thread; gives its number, or a negative number if there can be none. */
  void spawn(Call call) {
    Instance parent = call.instance();
    boolean ready =
        parent.module().imports().stream()
                .anyMatch(each -> each.type() instanceof MemoryType type && type.shared())
            && parent.export(ENTRY).filter(Threads::isEntry).isPresent();
    int id = ready ? reserve() : FAILED;
    if (id == FAILED) {
      call.result(FAILED);
      return;
    }
    boolean started = false;
    try {
      Instance instance = parent.sibling();
      int argument = call.i32(0);
      String name = parent.module().name() + "-thread-" + id;
      started = start(thread(name, () -> run(instance, id, argument)), instance);
      call.result(started ? id : FAILED);
    } finally {
      if (!started) {
        release(id);
      }
    }
  }

  private static boolean isEntry(Object export) {
    return export instanceof Func function && function.type().equals(ENTRY_TYPE);
  }

  private synchronized int reserve() {
    String limit = "threads of at least " + (running.size() + 1);
    if (closed || running.size() >= max) {
      gate.tell(SPAWN, false, limit, "running", String.valueOf(running.size()));
      return FAILED;
    }
    gate.tell(SPAWN, true, null, "running", String.valueOf(running.size()));
    do {
      lastId = lastId % MAX_ID + 1;
    } while (!running.add(lastId));
    return lastId;
  }

  private @Nullable Thread thread(String name, Runnable body) {
    return factory == null
        ? Thread.ofPlatform().name(name).stackSize(STACK_BYTES).daemon().unstarted(body)
        : factory.newThread(body);
  }

  private synchronized boolean start(@Nullable Thread thread, Instance instance) {
    if (closed || thread == null) {
      instance.close();
      return false;
    }
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // the system has no more threads to give
      instance.close();
      return false;
    }
    begun.removeIf(each -> !each.isAlive());
    begun.add(thread);
    return true;
  }

  private synchronized void release(int id) {
    running.remove(id);
  }

  private void run(Instance instance, int id, int argument) {
    try (instance) {
      instance.function(ENTRY).call(id, argument);
    } catch (WasmException e) {
      // All threads of the guest end for this reason, and the one that was called from outside
      // throws it.
    } catch (Error e) {
      instance.stop("another thread of the guest failed: " + e);
      throw e;
    } finally {
      release(id);
    }
  }

  private synchronized List<Thread> end() {
    closed = true;
    return List.copyOf(begun);
  }

  /**
   * Lets none begin any more, and waits for those that are there; they have been ended.
   *
   * @throws IllegalStateException if one of them goes on
   */
  void close() {
    long start = System.nanoTime();
    boolean interrupted = false;
    for (Thread thread : end()) {
      while (thread != Thread.currentThread() && thread.isAlive()) {
        long left = CLOSING_NANOS - (System.nanoTime() - start);
        if (left <= 0) {
          throw new IllegalStateException("a thread of the guest does not end: " + thread);
        }
        try {
          thread.join(Duration.ofNanos(left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
