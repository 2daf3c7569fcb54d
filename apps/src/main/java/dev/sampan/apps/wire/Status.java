package dev.sampan.apps.wire;

/** Statuses of responses: those of CoAP (RFC 7252), 32 for the class, plus the detail. */
public final class Status {

  public static final int CREATED = 65;
  public static final int DELETED = 66;
  public static final int CHANGED = 68;
  public static final int CONTENT = 69;
  public static final int FORBIDDEN = 131;
  public static final int NOT_FOUND = 132;
  public static final int TOO_LARGE = 141;
  public static final int INTERNAL_ERROR = 160;
  public static final int UNAVAILABLE = 163;
  public static final int TIMEOUT = 164;

  private Status() {}

  /** A status as people write it, such as {@code 4.04}. */
  public static String text(int status) {
    return "%d.%02d".formatted(status >> 5, status & 31);
  }
}
