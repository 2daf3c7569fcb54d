package dev.sampan.apps.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads in which guests run: threads of the system, so that a guest which only computes keeps
 * nobody else from running, and with a stack as native programs have it. Of the stack nothing is
 * taken but what is used.
 */
public final class GuestThreads {

  private static final long STACK_BYTES = 16L << 20;
  private static final int KEEP_SECONDS = 10;

  private GuestThreads() {}

  /** A thread for one guest. */
  public static Thread unstarted(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).unstarted(body);
  }

  /**
   * Threads that are used again and again.
   *
   * @param max how many at most; then tasks are refused
   */
  public static ExecutorService pool(int max) {
    return new ThreadPoolExecutor(
        0,
        max,
        KEEP_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofPlatform().daemon().name("sampan-fn-", 0).stackSize(STACK_BYTES).factory());
  }
}
