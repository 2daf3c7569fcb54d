package dev.sampan.wasm;

import org.jspecify.annotations.Nullable;

/**
 * A guest that used up a {@link Resource} it was given, such as the call stack. The message says
 * which, the limit, and how much was used.
 */
public final class ExhaustedException extends WasmException {

  private final Resource resource;
  private final long limit;
  private final long used;

  /**
   * Creates the failure.
   *
   * @param resource what was used up
   * @param limit how much of it there was, in the resource's unit
   * @param used how much was used or asked for, or a negative number if that is not known
   */
  public ExhaustedException(Resource resource, long limit, long used) {
    this(resource, limit, used, resource.exhausted(limit, used), null);
  }

  /**
   * Creates the failure with more to say.
   *
   * @param message the complete message
   * @param cause what has led to it, or null
   */
  public ExhaustedException(
      Resource resource, long limit, long used, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.resource = resource;
    this.limit = limit;
    this.used = used;
  }

  /** What was used up. */
  public Resource resource() {
    return resource;
  }

  /** How much of it there was, in the resource's unit; negative if nobody has set a limit. */
  public long limit() {
    return limit;
  }

  /** How much was used or asked for, in the resource's unit; negative if that is not known. */
  public long used() {
    return used;
  }
}
