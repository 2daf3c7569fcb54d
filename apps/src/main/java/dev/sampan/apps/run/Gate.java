package dev.sampan.apps.run;

import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Trap;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds guests where they ask something of the host, as long as it is shut. A guest that only
 * computes goes on until it does.
 */
public final class Gate {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private volatile boolean shut;

  /** Holds whoever comes. */
  public void shut() {
    shut = true;
  }

  /** Lets everybody through. */
  public void open() {
    lock.lock();
    try {
      shut = false;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is shut. */
  public boolean isShut() {
    return shut;
  }

  /**
   * Waits until it is open.
   *
   * @throws Trap if the thread is interrupted
   */
  public void pass() {
    if (!shut) {
      return;
    }
    lock.lock();
    try {
      while (shut) {
        opened.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Trap(Trap.Kind.INTERRUPTED);
    } finally {
      lock.unlock();
    }
  }

  /** The same imports, with functions that wait at this gate. */
  public ImportSource before(ImportSource source) {
    return new Gated(source);
  }

  private final class Gated implements ImportSource, AutoCloseable {
    private final ImportSource source;

    Gated(ImportSource source) {
      this.source = source;
    }

    @Override
    public Optional<? extends Importable> resolve(ImportType wanted) {
      return source
          .resolve(wanted)
          .map(
              found ->
                  found instanceof HostFunction function
                      ? (HostFunction)
                          call -> {
                            pass();
                            function.call(call);
                          }
                      : found);
    }

    @Override
    public ImportSource forInstance() {
      return new Gated(source.forInstance());
    }

    @Override
    public boolean makes(ImportType wanted) {
      return source.makes(wanted);
    }

    @Override
    public void close() throws Exception {
      if (source instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }
}
