package dev.sampan.wasi.capability;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that failed for a reason the guest is told. Carries no stack trace: it is no surprise. */
public final class ErrnoException extends IOException {

  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final @Nullable String needed;

  /** Creates the failure. */
  public ErrnoException(Errno errno) {
    super(errno.text());
    this.errno = errno;
    this.needed = null;
  }

  /**
   * Creates the failure of what a limit forbids.
   *
   * @param needed the limit that would have allowed it
   */
  public ErrnoException(Errno errno, String needed) {
    super(errno.text() + ", needed: " + needed);
    this.errno = errno;
    this.needed = needed;
  }

  /** The reason. */
  public Errno errno() {
    return errno;
  }

  /** If a limit forbids the call: the one that would have allowed it. */
  public Optional<String> needed() {
    return Optional.ofNullable(needed);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
