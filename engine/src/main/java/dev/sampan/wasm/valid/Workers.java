package dev.sampan.wasm.valid;

import java.util.ArrayList;
import java.util.List;

/** Several threads that do one piece of work together, for as long as somebody waits for it. */
public final class Workers {

  private Workers() {}

  /**
   * Runs the same work in several threads, and returns when all have ended. An interrupt neither
   * ends the work nor is lost.
   *
   * @param threads how many, the caller's among them; at least 1
   * @param name what the others are called, before a number
   * @param work what each of them does; it throws nothing
   */
  public static void run(int threads, String name, Runnable work) {
    List<Thread> helpers = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      helpers.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(work));
    }
    work.run();
    boolean interrupted = false;
    for (Thread helper : helpers) {
      while (helper.isAlive()) {
        try {
          helper.join();
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
