package dev.sampan.wasi.libc;

import dev.sampan.wasi.Clocks;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a guest is given.
 *
 * @param stdout where its standard output goes
 * @param maxOutput how many bytes it may write there
 * @param clocks the time that it sees, or null if it sees none
 */
public record Settings(OutputStream stdout, long maxOutput, @Nullable Clocks clocks) {

  /** Nothing but the time: what is written is discarded. */
  public static final Settings NOTHING =
      new Settings(OutputStream.nullOutputStream(), 16L << 30, Clocks.system());

  /** With another standard output. */
  public Settings stdout(OutputStream stream) {
    return new Settings(stream, maxOutput, clocks);
  }

  /** With another limit for the output. */
  public Settings maxOutput(long bytes) {
    return new Settings(stdout, bytes, clocks);
  }

  /** With other clocks. */
  public Settings clocks(@Nullable Clocks newClocks) {
    return new Settings(stdout, maxOutput, newClocks);
  }
}
