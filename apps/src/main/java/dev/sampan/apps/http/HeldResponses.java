package dev.sampan.apps.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the responses that hold something back: none does so for longer than some
 * milliseconds. Its thread sleeps as long as there are none.
 */
final class HeldResponses implements AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(10);

  /** After so many steps without a response the thread waits until there is one. */
  private static final int STEPS_TO_REST = 100;

  private final Set<FunctionResponse> all = ConcurrentHashMap.newKeySet();
  private final Thread thread = Thread.ofVirtual().name("sampan-held").unstarted(this::look);
  private volatile boolean resting;

  void start() {
    thread.start();
  }

  /** There is a response that holds something back. */
  void add(FunctionResponse response) {
    all.add(response);
    if (resting) {
      LockSupport.unpark(thread);
    }
  }

  /** It no longer does. */
  void remove(FunctionResponse response) {
    all.remove(response);
  }

  private void look() {
    try {
      for (int idle = 0; !Thread.currentThread().isInterrupted(); idle = all.isEmpty() ? idle + 1 : 0) {
        if (idle == STEPS_TO_REST) {
          rest();
        }
        Thread.sleep(STEP);
        long now = System.nanoTime();
        for (FunctionResponse each : all) {
          if (now - each.since() >= STEP.toNanos()) {
            all.remove(each);
            Thread.startVirtualThread(each::release); // its client may be slow
          }
        }
      }
    } catch (InterruptedException e) {
      // the host is being stopped
    }
  }

  private void rest() {
    resting = true;
    while (all.isEmpty() && !Thread.currentThread().isInterrupted()) {
      LockSupport.park(this);
    }
    resting = false;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
