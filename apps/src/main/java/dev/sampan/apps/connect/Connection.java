package dev.sampan.apps.connect;

import dev.sampan.apps.wire.AttributeContainer;
import java.io.Closeable;
import java.io.IOException;

/** A connection that is open. */
public interface Connection extends Closeable {

  /**
   * Sends as much as can be sent without waiting.
   *
   * @return how many bytes, or -1 if it is not known where to
   */
  int send(byte[] data) throws IOException;

  /**
   * Changes how it sends.
   *
   * @return whether it has understood
   */
  default boolean configure(AttributeContainer wishes) {
    return false;
  }

  /** Says that one piece of what has come was taken, so that another one may come. */
  void taken();
}
