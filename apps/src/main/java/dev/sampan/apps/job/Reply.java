package dev.sampan.apps.job;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import java.io.ByteArrayOutputStream;

/** What a guest writes to be published; too much of it ends the guest. */
final class Reply extends ByteArrayOutputStream {

  private final long max;

  Reply(long max) {
    this.max = max;
  }

  @Override
  public synchronized void write(int b) {
    require(1);
    super.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    require(length);
    super.write(bytes, offset, length);
  }

  private void require(int more) {
    if (count + (long) more > max) {
      throw new ExhaustedException(Resource.OUTPUT, max, count + (long) more);
    }
  }
}
