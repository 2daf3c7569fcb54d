package dev.sampan.wasi.capability;

import java.io.IOException;

/** A call that failed for a reason the guest is told. Carries no stack trace: it is no surprise. */
public final class ErrnoException extends IOException {

  private static final long serialVersionUID = 1L;

  private final Errno errno;

  /** Creates the failure. */
  public ErrnoException(Errno errno) {
    super(errno.text());
    this.errno = errno;
  }

  /** The reason. */
  public Errno errno() {
    return errno;
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
