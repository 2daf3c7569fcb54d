package dev.sampan.apps.jmx;

/** An app, as {@code dev.sampan:type=App,name=NAME}. What is counted begins with the host. */
public interface AppMXBean {

  /** What it is doing, in a word. */
  String getState();

  /** What else is to be said of that; empty if nothing is. */
  String getReason();

  /** The number of the current revision. */
  int getRevision();

  /** How often it was run again by itself since it was started. */
  int getRestarts();

  /** Bytes of memory that its instances have now. */
  long getMemory();

  /** How much was executed in the engine's unit, if that is counted. */
  long getFuel();

  /** How long processors have worked for it, in seconds. */
  double getCpuSeconds();

  /** Requests that were handled. */
  long getCalls();

  /** Those that failed. */
  long getErrors();

  /** Requests that were refused because there were too many. */
  long getRefused();

  /**
   * Starts it.
   *
   * @throws IllegalStateException if it cannot be started
   */
  void start();

  /** Stops it. */
  void stop();

  /**
   * Stops it and starts it.
   *
   * @throws IllegalStateException if it cannot be started
   */
  void restart();
}
