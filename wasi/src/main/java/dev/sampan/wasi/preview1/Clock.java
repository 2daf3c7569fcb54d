package dev.sampan.wasi.preview1;

import dev.sampan.wasi.Clocks;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasm.Call;

/**
 * The clocks by their numbers. There is none for CPU time: the JVM knows it for threads and for the
 * process, but not for a guest.
 */
final class Clock {

  static final int REALTIME = 0;
  static final int MONOTONIC = 1;

  private final Clocks clocks;
  private final boolean granted;
  private final Gate gate;

  Clock(Settings settings, Gate gate) {
    Clocks given = settings.clocks();
    this.granted = given != null;
    this.clocks = given == null ? Clocks.system() : given;
    this.gate = gate;
  }

  /** Fails unless the guest may know the time. */
  void require(Syscall syscall) throws ErrnoException {
    if (!granted) {
      throw gate.refused(Errno.NOTCAPABLE, syscall.wasmName(), "clocks");
    }
  }

  /** What a clock shows, in nanoseconds. */
  long now(int id) throws ErrnoException {
    return switch (id) {
      case REALTIME -> clocks.realtime();
      case MONOTONIC -> clocks.monotonic();
      default -> throw new ErrnoException(Errno.INVAL);
    };
  }

  /** Lets time pass. */
  void sleep(long nanos) throws InterruptedException {
    clocks.sleep(nanos);
  }

  void resolution(Call call) throws ErrnoException {
    require(Syscall.CLOCK_RES_GET);
    now(call.i32(0));
    GuestMemory.of(call).set64(call.i32(1), clocks.resolution());
  }

  void time(Call call) throws ErrnoException {
    require(Syscall.CLOCK_TIME_GET);
    GuestMemory.of(call).set64(call.i32(2), now(call.i32(0)));
  }
}
