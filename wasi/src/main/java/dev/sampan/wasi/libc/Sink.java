package dev.sampan.wasi.libc;

/** Where formatted text goes: a stream, or memory with as much room as there is. */
abstract class Sink {

  private static final int BUFFER_BYTES = 1 << 12;

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private long count;

  /** A sink that writes to the standard output. */
  static Sink to(Output output) {
    return new Sink() {
      private boolean failed;

      @Override
      void drain(byte[] bytes, int length) {
        failed |= !output.write(bytes, length);
      }

      @Override
      int result(long all) {
        return failed ? -1 : (int) all;
      }
    };
  }

  /**
   * A sink that writes to memory, with a zero at the end. What exceeds the room is counted and
   * dropped.
   */
  static Sink to(Space space, long address, long capacity) {
    return new Sink() {
      private long used;

      @Override
      void drain(byte[] bytes, int length) {
        int fitting = (int) Math.clamp(capacity - 1 - used, 0, length);
        space.write(address + used, bytes, fitting);
        used += fitting;
      }

      @Override
      int result(long all) {
        if (capacity > 0) {
          space.set8(address + used, 0);
        }
        return (int) all;
      }
    };
  }

  /** Takes the first bytes of an array. */
  abstract void drain(byte[] bytes, int length);

  /**
   * Ends the text.
   *
   * @param all how many bytes there were
   * @return what the function gives the guest
   */
  abstract int result(long all);

  /** Adds a byte. */
  final void put(int value) {
    buffer[buffered++] = (byte) value;
    count++;
    if (buffered == BUFFER_BYTES) {
      flush();
      Space.poll();
    }
  }

  /** Adds a byte several times. */
  final void repeat(int value, long times) {
    for (long i = 0; i < times; i++) {
      put(value);
    }
  }

  /** Hands over what there is so far. */
  final void flush() {
    int length = buffered;
    buffered = 0;
    if (length > 0) {
      drain(buffer, length);
    }
  }

  /** Ends the text and gives the function's result. */
  final int finish() {
    flush();
    return result(count);
  }
}
