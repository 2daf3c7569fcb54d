package dev.sampan.wasi.libc;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;

/** The standard output of one guest. What is written is flushed: the library keeps nothing back. */
final class Output {

  private final OutputStream stream;
  private final long limit;
  private long written;

  Output(OutputStream stream, long limit) {
    this.stream = stream;
    this.limit = limit;
  }

  /**
   * Writes the first bytes of an array; tells whether that was possible.
   *
   * @throws ExhaustedException if they are more than may be written; what may, is
   */
  synchronized boolean write(byte[] bytes, int length) {
    int allowed = (int) Math.min(length, limit - written);
    try {
      stream.write(bytes, 0, allowed);
      stream.flush();
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw new Trap(Trap.Kind.INTERRUPTED);
    } catch (IOException e) {
      return false;
    }
    written += allowed;
    if (allowed < length) {
      throw new ExhaustedException(
          "output exhausted: limit %d bytes, used %d bytes"
              .formatted(limit, written + length - allowed));
    }
    return true;
  }
}
