package dev.sampan.cli;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmFrame;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The end of the command without success: what to say, and the exit code. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** Whether it lies in what was written on the command line itself. */
  private final boolean commandLine;

  Failure(int exitCode, String message, @Nullable Throwable cause) {
    this(exitCode, message, cause, false);
  }

  private Failure(int exitCode, String message, @Nullable Throwable cause, boolean commandLine) {
    super(message, cause);
    this.exitCode = exitCode;
    this.commandLine = commandLine;
  }

  /** A command line that makes no sense. */
  static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message, null, true);
  }

  /** A file that belongs to the command line and makes no sense; the message names it. */
  static Failure file(String message) {
    return new Failure(ExitCode.USAGE, message, null);
  }

  /** A file that cannot be read or written. */
  static Failure of(Path file, IOException e) {
    return new Failure(ExitCode.FAILED, file + ": " + reason(e), e);
  }

  /** What is wrong, with the file if it is about one. */
  static String text(IOException e) {
    boolean bare =
        e instanceof FileSystemException file && file.getFile() != null && file.getReason() == null;
    return bare ? ((FileSystemException) e).getFile() + ": " + reason(e) : reason(e);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException none -> "no such file or directory";
      case AccessDeniedException denied -> "permission denied";
      case NotDirectoryException file -> "not a directory";
      case FileAlreadyExistsException exists -> "exists already";
      default -> String.valueOf(e.getMessage());
    };
  }

  /** A module that cannot be used, or a guest that was stopped. */
  static Failure of(Path file, WasmException e) {
    return switch (e) {
      case MalformedException m -> new Failure(ExitCode.FAILED, file + ": " + e.getMessage(), e);
      case InvalidException i -> new Failure(ExitCode.FAILED, file + ": " + e.getMessage(), e);
      case LinkException l -> new Failure(ExitCode.FAILED, file + ": " + e.getMessage(), e);
      case Trap trap -> new Failure(ExitCode.TRAP, "trap: " + e.getMessage() + backtrace(e), e);
      case ExhaustedException exhausted ->
          new Failure(ExitCode.TRAP, told(exhausted) + backtrace(e), e);
      case GuestException guest -> new Failure(ExitCode.TRAP, e.getMessage() + backtrace(e), e);
      case ExitException exit -> new Failure(exit.status(), String.valueOf(e.getMessage()), e);
    };
  }

  /** What was used up, with the option that allows more. */
  private static String told(ExhaustedException e) {
    Limit limit = e.limit() < 0 ? null : Limit.of(e.resource());
    return e.getMessage() + (limit == null ? "" : " (" + limit.flag() + ")");
  }

  private static String backtrace(WasmException e) {
    StringBuilder text = new StringBuilder();
    for (WasmFrame frame : WasmFrame.of(e)) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }

  /** Whether the help for the command could be of use. */
  boolean isCommandLine() {
    return commandLine;
  }

  int exitCode() {
    return exitCode;
  }
}
