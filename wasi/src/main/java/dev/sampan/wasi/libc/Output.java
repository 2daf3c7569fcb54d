package dev.sampan.wasi.libc;

import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.capability.OutputMeter;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;

/** The standard output of one guest, as the library's functions see it. */
final class Output {

  private final StandardOutput stream;

  Output(OutputStream stream, long limit) {
    this.stream = new StandardOutput(stream, FileType.UNKNOWN, new OutputMeter(limit));
  }

  /**
   * Writes the first bytes of an array; tells whether that was possible.
   *
   * @throws ExhaustedException if they are more than may be written; what may, is
   */
  boolean write(byte[] bytes, int length) {
    try {
      stream.write(bytes, length);
      return true;
    } catch (OutputMeter.Exceeded e) {
      throw new ExhaustedException(Resource.OUTPUT, e.limit(), e.written());
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw new Trap(Trap.Kind.INTERRUPTED);
    } catch (IOException e) {
      return false;
    }
  }
}
