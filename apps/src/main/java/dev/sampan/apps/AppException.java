package dev.sampan.apps;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something that was asked of the host and cannot be done; nothing has changed by it. */
public final class AppException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why something cannot be done. */
  public enum Reason {
    /** There is no such app or revision. */
    NOT_FOUND,
    /** There is an app of this name already. */
    EXISTS,
    /** What was given is not as it should be: a name, a module, a manifest. */
    INVALID,
    /** The app is in a state in which this cannot be done. */
    WRONG_STATE,
    /** More was given than is accepted. */
    TOO_LARGE,
    /** The quota of the tenant is used up. */
    QUOTA,
    /** The tenant may not ask for this. */
    NOT_ALLOWED,
    /** The app did not come up. */
    START_FAILED,
    /** The new revision did not come up; the former one is in place. */
    UPGRADE_FAILED,
    /** The host cannot write or read its files, or is being closed. */
    HOST
  }

  private final Reason reason;

  /** Creates the exception. */
  public AppException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static AppException invalid(String message) {
    return new AppException(Reason.INVALID, message, null);
  }

  static AppException wrongState(String message) {
    return new AppException(Reason.WRONG_STATE, message, null);
  }

  static AppException notFound(String message) {
    return new AppException(Reason.NOT_FOUND, message, null);
  }

  /** What was to be kept cannot be written down. */
  static AppException unwritten(String file, IOException e) {
    return new AppException(
        Reason.HOST, "the %s cannot be written: %s".formatted(file, e.getMessage()), e);
  }

  /** Why it cannot be done. */
  public Reason reason() {
    return reason;
  }
}
