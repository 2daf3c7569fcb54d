package dev.sampan.apps.run;

/** A revision that has been brought to life. It is begun once and ends once. */
public interface Activation {

  /**
   * Begins.
   *
   * @param paused whether it is to be held at once
   */
  void begin(boolean paused);

  /**
   * Holds it: nothing new begins, and a program is held where it next asks something of the host.
   */
  void pause();

  /** Lets it go on. */
  void resume();

  /**
   * Ends it, and waits until it has ended; whoever waits for it is not kept longer than seconds.
   */
  void end(String reason);

  /** How many bytes of memory its instances have now. */
  long memory();

  /** How often it was begun anew by itself. */
  default int restarts() {
    return 0;
  }
}
