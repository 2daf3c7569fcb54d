package dev.sampan.wasm;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A WebAssembly exception (Execution › Runtime Structure › Exception Instances). A guest that does
 * not catch one ends with it; a host function may throw one. It is also what an {@code exnref} is.
 *
 * <p>Throwing is cheap: no Java stack is recorded. When an exception leaves Wasm, its stack trace
 * is set to the Wasm frames.
 */
public final class GuestException extends WasmException {

  private final transient Tag tag;
  private final transient @Nullable Object[] payload;

  /**
   * Creates an exception; to be preferred is {@link Tag#exception}, which checks the payload.
   *
   * @param tag the kind of exception
   * @param payload one value per parameter of the tag's type; the array is kept
   */
  public GuestException(Tag tag, @Nullable Object... payload) {
    super("uncaught exception", null);
    this.tag = tag;
    this.payload = payload;
  }

  /** The kind of exception. */
  public Tag tag() {
    return tag;
  }

  /** The values thrown along. */
  public List<@Nullable Object> payload() {
    return Collections.unmodifiableList(Arrays.asList(payload));
  }

  /** Made when it is asked for; exceptions in the payload are only mentioned. */
  @Override
  public String getMessage() {
    StringJoiner values = new StringJoiner(", ", "uncaught exception with payload [", "]");
    for (Object value : payload) {
      values.add(value instanceof GuestException ? "an exception" : String.valueOf(value));
    }
    return values.toString();
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Throwable fillInStackTrace() {
    return this;
  }
}
