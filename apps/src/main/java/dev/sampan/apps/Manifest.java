package dev.sampan.apps;

import java.util.List;

/**
 * How a revision of an app is to be run: what makes it run, what it may do, and how long its log
 * may be. Immutable, as the revision is.
 *
 * @param trigger what makes it run
 * @param args the arguments of a program, without its name
 * @param permissions what its instances may do and use
 * @param maxLogBytes how much of its log is kept at most
 * @param keepRevisions how many revisions of the app are kept when this one comes, it among them
 */
public record Manifest(
    Trigger trigger,
    List<String> args,
    Permissions permissions,
    long maxLogBytes,
    int keepRevisions) {

  /** The shortest log. */
  public static final long MIN_LOG_BYTES = 1 << 16;

  private static final int DEFAULT_KEEP = 3;

  /**
   * A program that runs once when it is started, with nothing granted, 4 MiB of log, and 3
   * revisions.
   */
  public static final Manifest PROGRAM =
      new Manifest(
          new Trigger.Start(Restart.NEVER), List.of(), Permissions.NONE, 4L << 20, DEFAULT_KEEP);

  /** A function with nothing granted. */
  public static final Manifest FUNCTION = PROGRAM.trigger(Trigger.Http.DEFAULT);

  /** A service with nothing granted. */
  public static final Manifest SERVICE = PROGRAM.trigger(Trigger.Service.DEFAULT);

  /** Checks the ranges. */
  public Manifest {
    args = List.copyOf(args);
    for (String arg : args) {
      if (arg.indexOf('\0') >= 0) {
        throw AppException.invalid("expected arguments without NUL");
      }
    }
    if (maxLogBytes < MIN_LOG_BYTES) {
      throw AppException.invalid(
          "expected a log of at least " + MIN_LOG_BYTES + " bytes, found " + maxLogBytes);
    }
    if (keepRevisions < 1) {
      throw AppException.invalid("expected 1 or more revisions to be kept, found " + keepRevisions);
    }
  }

  /** The same with another trigger. */
  public Manifest trigger(Trigger other) {
    return new Manifest(other, args, permissions, maxLogBytes, keepRevisions);
  }

  /** The same with other arguments. */
  public Manifest args(String... others) {
    return new Manifest(trigger, List.of(others), permissions, maxLogBytes, keepRevisions);
  }

  /** The same with other permissions. */
  public Manifest permissions(Permissions others) {
    return new Manifest(trigger, args, others, maxLogBytes, keepRevisions);
  }

  /** The same with another limit for the log, in bytes, at least 64 KiB. */
  public Manifest maxLogBytes(long bytes) {
    return new Manifest(trigger, args, permissions, bytes, keepRevisions);
  }

  /** The same with another number of revisions that are kept, at least 1. */
  public Manifest keepRevisions(int count) {
    return new Manifest(trigger, args, permissions, maxLogBytes, count);
  }
}
