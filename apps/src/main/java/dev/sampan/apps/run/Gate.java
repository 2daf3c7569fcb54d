package dev.sampan.apps.run;

import dev.sampan.wasm.Instance;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a thread runs, as long as it is shut: an instance that is there at once, wherever it
 * is, and what is yet to begin before it begins.
 */
public final class Gate {

  private boolean shut;
  private @Nullable Instance inside;

  /** Holds whoever comes, and whoever is there. */
  public synchronized void shut() {
    shut = true;
    if (inside != null) {
      inside.pause();
    }
  }

  /** Lets everybody go on. */
  public synchronized void open() {
    shut = false;
    notifyAll();
    if (inside != null) {
      inside.resume();
    }
  }

  /** Whether it is shut. */
  public synchronized boolean isShut() {
    return shut;
  }

  /** Waits until it is open. */
  public synchronized void pass() throws InterruptedException {
    while (shut) {
      wait();
    }
  }

  /** Lets an instance be there, which is held at once if the gate was shut while it was made. */
  public synchronized void enter(Instance instance) {
    inside = instance;
    if (shut) {
      instance.pause();
    }
  }

  /** The instance is not there any more. */
  public synchronized void leave() {
    inside = null;
  }
}
