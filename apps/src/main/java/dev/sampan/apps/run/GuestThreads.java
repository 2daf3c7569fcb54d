package dev.sampan.apps.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
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

  /**
   * A thread for one guest.
   *
   * @param usage counts what it does
   */
  public static Thread unstarted(String name, Usage usage, Runnable body) {
    return threads().name(name).unstarted(counted(usage, body));
  }

  /**
   * Makes the further threads of a guest.
   *
   * @param usage counts what they do
   */
  public static ThreadFactory further(String name, Usage usage) {
    ThreadFactory threads = threads().name(name + "-", 1).factory();
    return body -> threads.newThread(counted(usage, body));
  }

  private static Thread.Builder.OfPlatform threads() {
    return Thread.ofPlatform().daemon().stackSize(STACK_BYTES);
  }

  private static Runnable counted(Usage usage, Runnable body) {
    return () -> {
      try (Usage.Part _ = usage.thread()) {
        body.run();
      }
    };
  }

  /**
   * Threads that are used again and again; what is done in them is to be counted by whoever does
   * it.
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
        threads().name("sampan-fn-", 0).factory());
  }
}
