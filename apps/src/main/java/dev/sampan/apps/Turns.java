package dev.sampan.apps;

import dev.sampan.apps.run.Activation;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The turns of one app's verbs. Who wants to end the app need not wait for what is coming up: that
 * is given up.
 */
final class Turns {

  private static final int LOOK_MILLIS = 20;

  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile @Nullable Activation coming;

  /** Something that is done in a turn. */
  interface Action {
    void run();
  }

  /** Does something when it is its turn. */
  void inTurn(Action action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** Does something that ends the app when it is its turn. */
  void inTurnToEnd(String reason, Action action) {
    awaitTurn(reason);
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private void awaitTurn(String reason) {
    try {
      while (!lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        Activation givenUp = coming;
        if (givenUp != null) {
          givenUp.end(reason);
        }
      }
    } catch (InterruptedException e) {
      lock.lock();
      Thread.currentThread().interrupt();
    }
  }

  /** Waits, in a turn, until something has come up, or was given up. */
  Optional<String> comingUp(Activation activation, Supplier<Optional<String>> waiting) {
    coming = activation;
    try {
      return waiting.get();
    } finally {
      coming = null;
    }
  }
}
