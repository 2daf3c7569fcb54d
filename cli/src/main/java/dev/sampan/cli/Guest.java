package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Libc;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.WasmException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What a guest is given: arguments, environment, folders, the standard streams. */
final class Guest {

  private static final String DIR = "--dir";
  private static final String ENV = "--env";
  private static final String READ_ONLY = ":ro";
  private static final String BETWEEN = "::";

  /** How deep a guest's calls may go, in bytes of stack. */
  private static final long STACK_BYTES = 64L << 20;

  private Guest() {}

  /** Adds the options that grant something, and lets all behind the file belong to the guest. */
  static void addOptions(Syntax syntax) {
    syntax.option(
        Option.value(
                DIR,
                "HOST[::GUEST][:ro]",
                "Grant the folder HOST, under the name GUEST if one is given; :ro forbids"
                    + " changes.",
                "May be given several times. Without it the guest sees no file.")
            .repeated());
    syntax.option(
        Option.value(ENV, "NAME=VALUE", "Set an environment variable; no other is visible.")
            .repeated());
    syntax.option(Options.mode());
    syntax.option(Options.cache());
    syntax.endOptionsWithFirstOperand();
  }

  /** A guest's arguments: its name, as a program has it, and what follows. */
  static List<String> arguments(Path file, List<String> arguments) {
    List<String> args = new ArrayList<>();
    args.add(String.valueOf(file.getFileName()));
    args.addAll(arguments);
    return args;
  }

  /**
   * The imports of WASI preview 1, and of the C library for guests without WASI, with what the
   * command line grants.
   */
  static Imports imports(Line line, Path file, List<String> arguments, Console console) {
    Wasi wasi = console.grantStreams(Wasi.preview1().args(arguments(file, arguments)));
    for (String variable : line.values(ENV)) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw Failure.usage(ENV + " needs NAME=VALUE, found '" + variable + "'");
      }
      wasi = wasi.env(variable.substring(0, equals), variable.substring(equals + 1));
    }
    for (String grant : line.values(DIR)) {
      wasi = grant(wasi, grant);
    }
    return Imports.create().with(console.grantStreams(Libc.builtin())).with(wasi);
  }

  private static Wasi grant(Wasi wasi, String grant) {
    boolean readOnly = grant.endsWith(READ_ONLY);
    String names = readOnly ? grant.substring(0, grant.length() - READ_ONLY.length()) : grant;
    int between = names.indexOf(BETWEEN);
    String host = between < 0 ? names : names.substring(0, between);
    String guest = between < 0 ? names : names.substring(between + BETWEEN.length());
    if (host.isEmpty() || guest.isEmpty()) {
      throw Failure.usage(DIR + " needs HOST[::GUEST][:ro], found '" + grant + "'");
    }
    try {
      Path folder = Path.of(host);
      if (!Files.isDirectory(folder)) {
        throw Failure.usage(DIR + ": no such folder: " + host);
      }
      return wasi.directory(folder, guest, readOnly ? Rights.READ_ONLY : Rights.READ_WRITE);
    } catch (InvalidPathException e) {
      throw Failure.usage(DIR + ": " + e.getMessage());
    }
  }

  /**
   * Runs a guest.
   *
   * @param body runs it and gives the exit code if it does not end itself
   * @throws Failure if it cannot be linked or is stopped
   */
  static int run(Path file, IntSupplier body) {
    try {
      return onDeepStack(body);
    } catch (ExitException e) {
      return e.status();
    } catch (WasmException e) {
      throw Failure.of(file, e);
    } catch (UncheckedIOException e) {
      // a folder was granted that the command itself must not enter
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Runs a guest on a thread of its own, because the stack of the first thread is an eighth of what
   * native programs have, and what they need here is more. Of the stack nothing is taken but what
   * is used.
   */
  private static int onDeepStack(IntSupplier body) {
    int[] exitCode = new int[1];
    @Nullable Throwable[] thrown = new Throwable[1];
    Thread guest =
        Thread.ofPlatform()
            .name("guest")
            .stackSize(STACK_BYTES)
            .start(
                () -> {
                  try {
                    exitCode[0] = body.getAsInt();
                  } catch (RuntimeException | Error e) {
                    thrown[0] = e;
                  }
                });
    boolean interrupted = false;
    while (guest.isAlive()) {
      try {
        guest.join();
      } catch (InterruptedException e) {
        interrupted = true;
        guest.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (thrown[0]) {
      case null -> exitCode[0];
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(thrown[0]);
    };
  }
}
