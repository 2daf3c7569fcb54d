package dev.sampan.wasi;

import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.preview1.Preview1;
import dev.sampan.wasi.preview1.Settings;
import dev.sampan.wasi.preview1.Settings.Grant;
import dev.sampan.wasi.preview1.Settings.Input;
import dev.sampan.wasi.preview1.Settings.Output;
import dev.sampan.wasi.preview1.Syscall;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * WASI preview 1 for guests: the functions of {@code wasi_snapshot_preview1} over what is granted
 * here. Immutable: each method returns a changed copy. One configuration serves any number of
 * instances; each has its own open files.
 *
 * <p>Without further calls a guest has no arguments, no environment and no directory; its standard
 * input is empty, and what it writes is discarded. It can read the clocks and random numbers of the
 * machine. There are no sockets.
 *
 * <p>When the guest exits, an {@link dev.sampan.wasm.ExitException} passes through the call; its
 * files are closed then, by {@link AutoCloseable#close} of what {@link #forInstance} returned, or
 * when the instance is garbage.
 */
public final class Wasi implements ImportSource {

  private final Settings settings;

  private Wasi(Settings settings) {
    this.settings = settings;
  }

  /** Preview 1 with nothing granted. */
  public static Wasi preview1() {
    return new Wasi(Settings.NOTHING);
  }

  /** The command line, the program's name first. Replaces what was given before. */
  public Wasi args(String... args) {
    return args(List.of(args));
  }

  /** The command line, the program's name first. Replaces what was given before. */
  public Wasi args(List<String> args) {
    args.forEach(arg -> requireText(arg, "argument"));
    return new Wasi(settings.args(args));
  }

  /** Adds a variable of the environment, or replaces its value. */
  public Wasi env(String name, String value) {
    requireText(name, "environment variable");
    requireText(value, "environment variable");
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("no name of an environment variable: '" + name + "'");
    }
    return new Wasi(settings.env(name, value));
  }

  /** Adds variables of the environment. */
  public Wasi env(Map<String, String> variables) {
    Wasi wasi = this;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      wasi = wasi.env(variable.getKey(), variable.getValue());
    }
    return wasi;
  }

  /**
   * Grants a directory with all that is below it. Nothing above or beside it can be reached,
   * neither by {@code ..} nor by symbolic links.
   *
   * @param host the directory; links in this path itself are followed, when an instance is made
   * @param guest the name that the guest knows it by, such as {@code /data}, {@code /} or {@code .}
   */
  public Wasi directory(Path host, String guest, Rights rights) {
    requireText(guest, "directory name");
    if (guest.isEmpty()) {
      throw new IllegalArgumentException("the guest's name of " + host + " is empty");
    }
    return new Wasi(settings.directory(new Grant(host, guest, rights)));
  }

  /** What the guest reads as standard input. The stream is never closed. */
  public Wasi stdin(InputStream stream) {
    return new Wasi(settings.stdin(new Input(stream, FileType.UNKNOWN)));
  }

  /** Where the guest's standard output goes. The stream is flushed, and never closed. */
  public Wasi stdout(OutputStream stream) {
    return new Wasi(settings.stdout(new Output(stream, FileType.UNKNOWN)));
  }

  /** Where the guest's standard error goes. The stream is flushed, and never closed. */
  public Wasi stderr(OutputStream stream) {
    return new Wasi(settings.stderr(new Output(stream, FileType.UNKNOWN)));
  }

  /**
   * Gives the guest the standard streams of this process itself, whatever {@link System#setOut} and
   * the like say. On a terminal the guest sees a terminal.
   */
  public Wasi inheritStdio() {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    FileType type = terminal ? FileType.CHARACTER_DEVICE : FileType.UNKNOWN;
    return new Wasi(
        settings
            .stdin(new Input(new FileInputStream(FileDescriptor.in), type))
            .stdout(new Output(new FileOutputStream(FileDescriptor.out), type))
            .stderr(new Output(new FileOutputStream(FileDescriptor.err), type)));
  }

  /** The time that the guest sees. */
  public Wasi clock(Clocks clocks) {
    return new Wasi(settings.clocks(clocks));
  }

  /** The real time that the guest sees; the monotonic clock stays the machine's. */
  public Wasi clock(InstantSource realtime) {
    return clock(Clocks.realtime(realtime));
  }

  /**
   * Where the guest's random numbers come from, by default a {@link java.security.SecureRandom}.
   * Used by all instances, so it must stand several threads if they run at once.
   */
  public Wasi random(RandomGenerator random) {
    return new Wasi(settings.random(random));
  }

  private static void requireText(String text, String what) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in " + what + ": " + text.replace('\0', '?'));
    }
  }

  /**
   * A function that tells whether it is known but cannot be called: only {@link #forInstance} gives
   * some that can.
   */
  @Override
  public Optional<? extends Importable> resolve(ImportType wanted) {
    HostFunction homeless =
        call -> {
          throw new IllegalStateException("WASI is called without Wasi.forInstance()");
        };
    return Syscall.of(wanted).map(syscall -> homeless);
  }

  /**
   * Opens the granted directories for one instance. The result is also {@link AutoCloseable}.
   *
   * @throws UncheckedIOException if a granted directory cannot be opened
   */
  @Override
  public ImportSource forInstance() {
    return new Preview1(settings);
  }
}
