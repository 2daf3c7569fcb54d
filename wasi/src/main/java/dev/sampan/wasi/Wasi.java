package dev.sampan.wasi;

import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.preview1.Preview1;
import dev.sampan.wasi.preview1.Settings;
import dev.sampan.wasi.preview1.Settings.Input;
import dev.sampan.wasi.preview1.Settings.Limits;
import dev.sampan.wasi.preview1.Settings.Output;
import dev.sampan.wasi.preview1.SocketCall;
import dev.sampan.wasi.preview1.Syscall;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Instance;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * WASI preview 1 for guests: the functions of {@code wasi_snapshot_preview1}, and of its
 * predecessor {@code wasi_unstable}, over what is granted here. Immutable: each method returns a
 * changed copy. One configuration serves any number of instances; each has its own open files.
 *
 * <p>Without further calls a guest has no arguments, no environment and no directory; its standard
 * input is empty, and what it writes is discarded. It can read the clocks and random numbers of the
 * machine. It has no network and no threads.
 *
 * <p>When the guest exits, an {@link dev.sampan.wasm.ExitException} passes through the call; its
 * files are closed then, by {@link AutoCloseable#close} of what {@link #forInstance} returned, or
 * when the instance is garbage.
 */
public final class Wasi implements ImportSource {

  /** By how much what lies in a granted directory may grow if nothing else is said: 16 GiB. */
  public static final long DEFAULT_MAX_BYTES = 16L << 30;

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
    List<String> kept = List.copyOf(args);
    return with(draft -> draft.args = kept);
  }

  /** Adds a variable of the environment, or replaces its value. */
  public Wasi env(String name, String value) {
    return env(Map.of(name, value));
  }

  /** Adds variables of the environment. */
  public Wasi env(Map<String, String> variables) {
    if (variables.isEmpty()) {
      return this;
    }
    variables.forEach(Wasi::requireVariable);
    return with(draft -> draft.env = Settings.plus(draft.env, variables));
  }

  private static void requireVariable(String name, String value) {
    requireText(name, "environment variable");
    requireText(value, "environment variable");
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("no name of an environment variable: '" + name + "'");
    }
  }

  /**
   * Grants a directory with all that is below it. Nothing above or beside it can be reached,
   * neither by {@code ..} nor by symbolic links. What lies in it may grow by {@value
   * #DEFAULT_MAX_BYTES} bytes.
   *
   * @param host the directory, of any file system: a folder of this machine, or a directory in
   *     memory or in a zip file; links in this path itself are followed, when an instance is made
   * @param guest the name that the guest knows it by, such as {@code /data}, {@code /} or {@code .}
   */
  public Wasi directory(Path host, String guest, Rights rights) {
    return directory(host, guest, rights, DEFAULT_MAX_BYTES);
  }

  /**
   * Grants a directory as {@link #directory(Path, String, Rights)} does.
   *
   * @param maxBytes by how much what lies in it may grow through one instance: the bytes of its
   *     files, and 256 for each name; what the guest removes counts back. The guest gets {@code
   *     DQUOT} for what does not fit.
   */
  public Wasi directory(Path host, String guest, Rights rights, long maxBytes) {
    requireText(guest, "directory name");
    if (guest.isEmpty()) {
      throw new IllegalArgumentException("the guest's name of " + host + " is empty");
    }
    requireAtLeast(0, maxBytes, "bytes");
    List<Settings.Grant> grant = List.of(new Settings.Grant(host, guest, rights, maxBytes));
    return with(draft -> draft.directories = Settings.plus(draft.directories, grant));
  }

  /**
   * Lets the guest use the network, beside what it already may. Guests reach it through the
   * functions {@code sock_open}, {@code sock_connect} and so on, by which the WebAssembly Micro
   * Runtime extends preview 1.
   */
  public Wasi network(NetworkGrant... grants) {
    List<NetworkGrant> more = List.of(grants);
    return with(draft -> draft.network = Settings.plus(draft.network, more));
  }

  /**
   * Opens a socket that listens, before the guest begins; it can accept connections there without
   * any grant. Its descriptor is the next one after the granted directories.
   */
  public Wasi listener(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("an address is expected, found the name " + address);
    }
    return with(draft -> draft.listeners = Settings.plus(draft.listeners, List.of(address)));
  }

  /**
   * Lets the guest look names of hosts up that no grant for the network names. It gets those of
   * their addresses that are of the public internet, or in a range that it may connect to.
   *
   * @param names a name, all names below a name ({@code *.example.com}), or {@code *} for all
   * @throws IllegalArgumentException if a name is none
   */
  public Wasi lookup(String... names) {
    List<String> checked = Stream.of(names).map(name -> NetworkGrant.requireName(name)).toList();
    return with(draft -> draft.lookups = Settings.plus(draft.lookups, checked));
  }

  /** How names of hosts become addresses, by default as everywhere on this machine. */
  public Wasi hostNames(HostNames names) {
    return with(draft -> draft.hostNames = names);
  }

  /**
   * How many threads a guest may have at once beside the one that called it, by default none. A
   * guest makes them by {@code thread-spawn} of {@code wasi}; the shared memory that it imports is
   * made for it if nobody else provides one. When one thread exits or traps, all do.
   */
  public Wasi threads(int max) {
    requireAtLeast(0, max, "threads");
    return limits(
        limits -> new Limits(limits.openFiles(), limits.outputBytes(), limits.diskBytes(), max));
  }

  /**
   * What makes the threads of a guest that it may have beside the one that called it. By default
   * they are daemon threads of the system with a stack of 16 MiB.
   *
   * @param factory makes threads that are not started; null instead of one means that there can be
   *     no more, which the guest is told
   */
  public Wasi threadFactory(ThreadFactory factory) {
    return with(draft -> draft.threadFactory = factory);
  }

  /**
   * How many descriptors a guest may have open at once, by default 1024. The three standard streams
   * and the granted directories are among them. It gets {@code MFILE} for one more.
   */
  public Wasi maxOpenFiles(int max) {
    requireAtLeast(3, max, "open files");
    return limits(
        limits -> new Limits(max, limits.outputBytes(), limits.diskBytes(), limits.threads()));
  }

  /**
   * How many bytes a guest may write to standard output and standard error together, by default 16
   * GiB. With more it ends with an {@link dev.sampan.wasm.ExhaustedException}, for programs that
   * write without end rarely look at errors.
   */
  public Wasi maxOutput(long bytes) {
    requireAtLeast(0, bytes, "bytes");
    return limits(
        limits -> new Limits(limits.openFiles(), bytes, limits.diskBytes(), limits.threads()));
  }

  /**
   * By how much what lies in all granted directories together may grow through one instance,
   * counted as for a single one; without this only the directories are limited.
   */
  public Wasi maxDisk(long bytes) {
    requireAtLeast(0, bytes, "bytes");
    return limits(
        limits -> new Limits(limits.openFiles(), limits.outputBytes(), bytes, limits.threads()));
  }

  private Wasi limits(UnaryOperator<Limits> change) {
    return with(draft -> draft.limits = change.apply(draft.limits));
  }

  private static void requireAtLeast(long min, long found, String what) {
    if (found < min) {
      throw new IllegalArgumentException(
          "at least %d %s are expected, found %d".formatted(min, what, found));
    }
  }

  /**
   * Tells somebody of each decision: paths, the network, threads, limits that were reached, and
   * clocks and random numbers if they are refused. It is called by the guest's threads while they
   * wait for it; what it throws ends the guest's call.
   */
  public Wasi audit(Consumer<AuditEvent> listener) {
    return with(
        draft -> draft.audit = draft.audit == null ? listener : draft.audit.andThen(listener));
  }

  private Wasi with(Consumer<Settings.Draft> change) {
    return new Wasi(settings.with(change));
  }

  /** What the guest reads as standard input. The stream is never closed. */
  public Wasi stdin(InputStream stream) {
    return with(draft -> draft.stdin = new Input(stream, FileType.UNKNOWN));
  }

  /** Where the guest's standard output goes. The stream is flushed, and never closed. */
  public Wasi stdout(OutputStream stream) {
    return with(draft -> draft.stdout = new Output(stream, FileType.UNKNOWN));
  }

  /** Where the guest's standard error goes. The stream is flushed, and never closed. */
  public Wasi stderr(OutputStream stream) {
    return with(draft -> draft.stderr = new Output(stream, FileType.UNKNOWN));
  }

  /**
   * Gives the guest the standard streams of this process itself, whatever {@link System#setOut} and
   * the like say. On a terminal the guest sees a terminal.
   */
  public Wasi inheritStdio() {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    FileType type = terminal ? FileType.CHARACTER_DEVICE : FileType.UNKNOWN;
    return with(
        draft -> {
          draft.stdin = new Input(new FileInputStream(FileDescriptor.in), type);
          draft.stdout = new Output(new FileOutputStream(FileDescriptor.out), type);
          draft.stderr = new Output(new FileOutputStream(FileDescriptor.err), type);
        });
  }

  /** The time that the guest sees. */
  public Wasi clock(Clocks clocks) {
    return with(draft -> draft.clocks = clocks);
  }

  /** The real time that the guest sees; the monotonic clock stays the machine's. */
  public Wasi clock(InstantSource realtime) {
    return clock(Clocks.realtime(realtime));
  }

  /**
   * Hides the time: asking for a clock fails with {@code NOTCAPABLE}, and so does waiting for one.
   */
  public Wasi withoutClocks() {
    return with(draft -> draft.clocks = null);
  }

  /**
   * Where the guest's random numbers come from, by default a {@link java.security.SecureRandom}.
   * Used by all instances, so it must stand several threads if they run at once.
   */
  public Wasi random(RandomGenerator random) {
    return with(draft -> draft.random = random);
  }

  /** Gives no random numbers: asking for some fails with {@code NOTCAPABLE}. */
  public Wasi withoutRandom() {
    return with(draft -> draft.random = null);
  }

  /** Takes the standard streams away: the input is empty, and what is written is discarded. */
  public Wasi withoutStdio() {
    return with(
        draft -> {
          draft.stdin = Settings.NOTHING.stdin();
          draft.stdout = Settings.NOTHING.stdout();
          draft.stderr = Settings.NOTHING.stderr();
        });
  }

  private static void requireText(String text, String what) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in " + what + ": " + text.replace('\0', '?'));
    }
  }

  /**
   * Begins a guest as its kind wants it. A command is run to its end ({@code _start}). A reactor is
   * prepared ({@code _initialize}, if it has that), and can be called afterwards.
   *
   * @param instance of a module that was linked with this interface
   * @return the exit status of a command, 0 for a reactor that has not ended itself
   * @throws dev.sampan.wasm.WasmException if the guest fails otherwise
   */
  public static int start(Instance instance) {
    try {
      for (String name : List.of("_start", "_initialize")) {
        if (instance.export(name).isPresent()) {
          instance.function(name).call();
          break;
        }
      }
      return 0;
    } catch (ExitException e) {
      return e.status();
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
    boolean known = Syscall.of(wanted).isPresent() || SocketCall.of(wanted).isPresent();
    return known ? Optional.of(homeless) : Optional.empty();
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
