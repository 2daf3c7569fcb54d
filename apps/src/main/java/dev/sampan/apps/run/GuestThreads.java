package dev.sampan.apps.run;

import java.util.concurrent.ThreadFactory;

/**
 * The threads in which guests run: threads of the system, so that a guest which only computes keeps
 * nobody else from running, and with a stack as native programs have it. Of the stack nothing is
 * taken but what is used.
 */
public final class GuestThreads {

  private static final long STACK_BYTES = 16L << 20;

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

  /** A thread that has one guest after the other. */
  private static final class Pooled extends Thread {
    Pooled(String name, Runnable body) {
      super(null, body, name, STACK_BYTES, false);
      setDaemon(true);
    }
  }

  /** A thread of a {@link GuestPool}; what is done in it is to be counted by whoever does it. */
  static Thread pooled(String name, Runnable body) {
    return new Pooled(name, body);
  }

  /** Whether the calling thread is one of a {@link GuestRoom}. */
  public static boolean isCurrent() {
    return Thread.currentThread() instanceof Pooled;
  }
}
