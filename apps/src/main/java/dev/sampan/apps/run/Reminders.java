package dev.sampan.apps.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Reminds of what has not come to its end in time. Nearly everything does, so all is made for those
 * that are removed again: adding wakes nobody, and a thread looks at all of them now and then. When
 * there are none it sleeps.
 */
public final class Reminders implements AutoCloseable {

  /** So many times it finds nothing before it sleeps until there is something. */
  private static final int LOOKS = 20;

  /** Something that has an end. */
  public interface Entry {

    /** When it should have ended, in the time of {@link System#nanoTime}. */
    long due();

    /** It has not ended. Called once, in a thread of its own. */
    void late();
  }

  private final Set<Entry> all = ConcurrentHashMap.newKeySet();
  private final String name;
  private final Duration step;
  private final Thread thread;
  private volatile boolean asleep;

  /**
   * Begins to look.
   *
   * @param name of the threads
   * @param step how often it looks
   */
  public Reminders(String name, Duration step) {
    this.name = name;
    this.step = step;
    this.thread = Thread.ofVirtual().name(name).start(this::look);
  }

  /** Something begins. */
  public void add(Entry entry) {
    all.add(entry);
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  /** Something has ended. */
  public void remove(Entry entry) {
    all.remove(entry);
  }

  private void look() {
    try {
      for (int idle = 0; ; idle = all.isEmpty() ? idle + 1 : 0) {
        if (idle == LOOKS) {
          sleep();
        }
        Thread.sleep(step);
        long now = System.nanoTime();
        for (Entry each : all) {
          if (now - each.due() >= 0 && all.remove(each)) {
            Thread.ofVirtual().name(name).start(each::late);
          }
        }
      }
    } catch (InterruptedException e) {
      // it is closed
    }
  }

  private void sleep() throws InterruptedException {
    asleep = true;
    while (all.isEmpty()) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    asleep = false;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
