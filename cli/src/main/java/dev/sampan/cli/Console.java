package dev.sampan.cli;

import dev.sampan.wasi.Libc;
import dev.sampan.wasi.Wasi;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * The standard streams. What the command itself prints is buffered until {@link #flush}; a guest
 * has the streams as they are.
 */
final class Console {

  /** Standard output could not be written. */
  static final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputException(IOException cause) {
      super(cause.getMessage(), cause);
    }

    /** Whether the reader went away, which is no fault: {@code sampan print x | head} does it. */
    boolean isBrokenPipe() {
      return String.valueOf(getMessage()).contains("Broken pipe");
    }
  }

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final UnaryOperator<Wasi> guestStreams;
  private final UnaryOperator<Libc> guestOutput;
  private final boolean ofProcess;

  private Console(
      InputStream in,
      OutputStream out,
      PrintStream err,
      UnaryOperator<Wasi> guestStreams,
      UnaryOperator<Libc> guestOutput,
      boolean ofProcess) {
    this.ofProcess = ofProcess;
    this.in = in;
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    this.err = err;
    this.guestStreams = guestStreams;
    this.guestOutput = guestOutput;
  }

  /** The streams of this process. */
  static Console ofProcess() {
    // System.out would hide it when writing fails
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    return new Console(System.in, out, System.err, Wasi::inheritStdio, Libc::inheritStdio, true);
  }

  /** Other streams. */
  static Console of(InputStream in, OutputStream out, PrintStream err) {
    return new Console(
        in,
        out,
        err,
        wasi -> wasi.stdin(in).stdout(out).stderr(err),
        libc -> libc.stdout(out),
        false);
  }

  /** Gives the streams to a guest. */
  Wasi grantStreams(Wasi wasi) {
    return guestStreams.apply(wasi);
  }

  /** Gives the standard output to a guest. */
  Libc grantStreams(Libc libc) {
    return guestOutput.apply(libc);
  }

  /** Whether they are those of this process, which the command has for itself. */
  boolean isOfProcess() {
    return ofProcess;
  }

  /** What the command itself reads. */
  InputStream in() {
    return in;
  }

  PrintStream err() {
    return err;
  }

  /** Writes to standard output. The encoding is that of the text format, whatever the locale. */
  void print(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes to standard output. */
  void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Writes a line to standard output. */
  void println(String line) {
    print(line + "\n");
  }

  /** Hands over what has been printed. */
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Writes a message to standard error, after all that has been printed. */
  void error(String message) {
    flush();
    // names in a message are a module's own, and could hold commands for the terminal
    err.print("sampan: " + Literals.visible(message) + "\n");
    err.flush();
  }
}
