package dev.sampan.apps.run;

import dev.sampan.apps.Jobs;
import java.util.Optional;

/** A revision that has been brought to life. It is begun once and ends once. */
public interface Activation {

  /**
   * Begins.
   *
   * @param paused whether it is to be held at once
   */
  void begin(boolean paused);

  /** Holds it: nothing new begins, and who lives in a thread of its own is held where it is. */
  void pause();

  /** Lets it go on. */
  void resume();

  /**
   * Begins in place of a former one, and takes over what waits there. Does not wait itself; the
   * former one is told to {@link #retire} then.
   */
  default void replace(Activation former, boolean paused) {
    begin(paused);
  }

  /** Begins after the host was away, and makes up for what it has missed if that is wanted. */
  default void bringBack(boolean paused) {
    begin(paused);
  }

  /** Begins nothing more, and ends when what it has begun has ended. */
  default void retire() {
    end("another revision takes over");
  }

  /**
   * Waits, when it was begun, until it is clear whether it is well, if its beginning is part of the
   * start.
   *
   * @return what is wrong, or empty
   */
  default Optional<String> awaitUp() {
    return Optional.empty();
  }

  /**
   * Sees whether it is well enough to {@link #replace} a former one, which goes on meanwhile.
   *
   * @return what is wrong, or empty
   */
  default Optional<String> comeUp() {
    return tryOut();
  }

  /**
   * Tries whether an instance can be made, so that a module that cannot be linked does not take
   * over.
   *
   * @return what is wrong, or empty
   */
  default Optional<String> tryOut() {
    return Optional.empty();
  }

  /**
   * Ends it, and waits until it has ended; whoever waits for it is not kept longer than seconds.
   */
  void end(String reason);

  /** How many bytes of memory its instances have now. */
  long memory();

  /** What it has to do, if it runs at times or for events. */
  default Optional<Jobs> jobs() {
    return Optional.empty();
  }

  /** How often it was begun anew by itself. */
  default int restarts() {
    return 0;
  }
}
