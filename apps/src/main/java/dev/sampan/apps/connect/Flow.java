package dev.sampan.apps.connect;

import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps a socket from being read as long as too much of what has come was not taken yet. */
final class Flow {

  private static final int MAX_WAITING = 16;

  private final AtomicInteger waiting = new AtomicInteger();

  /** Another piece has come. */
  void came(SelectionKey key) {
    if (waiting.incrementAndGet() >= MAX_WAITING) {
      Poller.interest(key, false);
      if (waiting.get() < MAX_WAITING) {
        Poller.interest(key, true); // it was taken in between
      }
    }
  }

  /** A piece was taken. */
  void taken(SelectionKey key) {
    if (waiting.decrementAndGet() == MAX_WAITING - 1) {
      Poller.interest(key, true);
    }
  }
}
