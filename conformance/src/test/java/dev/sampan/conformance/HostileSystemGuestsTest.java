package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guests that would take from the system what they were not given: other people's files and
 * network, all of the disk, of the output, of descriptors and of threads, and memory of the host by
 * wrong pointers. Each gets its error, the host goes on, and nothing is left behind or changed
 * outside of what was granted.
 */
class HostileSystemGuestsTest {

  private static final Duration TIMEOUT = Duration.ofMillis(200);

  /** What guests may take that end by themselves, on a busy machine. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int MAX_FILES = 20;
  private static final int MAX_THREADS = 8;
  private static final long MAX_DISK = 1 << 20;
  private static final long MAX_OUTPUT = 1 << 20;
  private static final int ROOT = 3;

  /** The errors that guests get here, with their numbers. */
  private enum Errno {
    ACCES(2),
    BADF(8),
    DQUOT(19),
    MFILE(33),
    PERM(63);

    private final int number;

    Errno(int number) {
      this.number = number;
    }
  }

  /** The parameters of the calls that guests make here. */
  private static final Map<String, String> CALLS =
      Map.ofEntries(
          Map.entry("args_get", "i32 i32"),
          Map.entry("clock_time_get", "i32 i64 i32"),
          Map.entry("fd_allocate", "i32 i64 i64"),
          Map.entry("fd_close", "i32"),
          Map.entry("fd_pwrite", "i32 i32 i32 i64 i32"),
          Map.entry("fd_read", "i32 i32 i32 i32"),
          Map.entry("fd_readdir", "i32 i32 i32 i64 i32"),
          Map.entry("fd_write", "i32 i32 i32 i32"),
          Map.entry("path_create_directory", "i32 i32 i32"),
          Map.entry("path_link", "i32 i32 i32 i32 i32 i32 i32"),
          Map.entry("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
          Map.entry("path_rename", "i32 i32 i32 i32 i32 i32"),
          Map.entry("path_symlink", "i32 i32 i32 i32 i32"),
          Map.entry("path_unlink_file", "i32 i32 i32"),
          Map.entry("poll_oneoff", "i32 i32 i32 i32"),
          Map.entry("random_get", "i32 i32"),
          Map.entry("sock_accept", "i32 i32 i32"),
          Map.entry("sock_bind", "i32 i32"),
          Map.entry("sock_connect", "i32 i32"),
          Map.entry("sock_listen", "i32 i32"),
          Map.entry("sock_open", "i32 i32 i32 i32"),
          Map.entry("sock_send_to", "i32 i32 i32 i32 i32 i32"));

  @TempDir Path folder;

  /**
   * A guest, whose function {@code run} yields the number of an error.
   *
   * @param errno what it must be, or null if the guest is ended
   * @param limit the limit that ends it, or null if it is ended as one that reads past its memory
   */
  private record Guest(String name, String body, @Nullable Errno errno, @Nullable Resource limit) {

    static Guest traps(String name, String body) {
      return new Guest(name, body, null, null);
    }

    static Guest gets(Errno errno, String name, String body) {
      return new Guest(name, body, errno, null);
    }

    static Guest exceeds(Resource limit, String name, String body) {
      return new Guest(name, body, null, limit);
    }
  }

  private static final long RIGHTS = (1L << 29) - 1;

  /** What texts are cut from: the guest has them at the same addresses. */
  private static final String TEXTS =
      " ".repeat(4096) + "in/../../secret /etc/passwd ../secret link a";

  /** A text in the guest's memory: its address and length. */
  private static String text(String text) {
    return "(i32.const " + TEXTS.indexOf(text) + ") (i32.const " + text.length() + ")";
  }

  private static String call(String name, Object... arguments) {
    return "(call $"
        + name
        + " "
        + Arrays.stream(arguments)
            .map(HostileSystemGuestsTest::number)
            .collect(Collectors.joining(" "))
        + ")";
  }

  private static String number(Object argument) {
    return switch (argument) {
      case Integer number -> "(i32.const " + number + ")";
      case Long number -> "(i64.const " + number + ")";
      default -> argument.toString();
    };
  }

  /** Repeats a call until it fails, and yields its error. */
  private static String untilItFails(String call) {
    return "(loop $again (result i32) (local.set $errno "
        + call
        + ") (br_if $again (i32.eqz (local.get $errno))) (local.get $errno))";
  }

  private static String open(String path, int flags) {
    return call("path_open", ROOT, 1, text(path), flags, RIGHTS, RIGHTS, 0, 64);
  }

  /** Opens a file, whose descriptor is then at 64, or ends with the error. */
  private static final String CREATED =
      "(if (local.tee $errno " + open("a", 1) + ") (then (return (local.get $errno))))";

  private static final String FILE = "(i32.load (i32.const 64))";

  /** Puts a list of one vector at 16. */
  private static String vector(int address, int length) {
    return "(i32.store (i32.const 16) (i32.const %d)) (i32.store (i32.const 20) (i32.const %d))"
        .formatted(address, length);
  }

  /** Puts an address of a socket at 128: four octets and a port. */
  private static String address(int a, int b, int c, int d, int port) {
    return "(i32.store (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) (i32.const %d))"
            .formatted(a | b << 8 | c << 16 | d << 24)
        + " (i32.store16 (i32.const 136) (i32.const %d))".formatted(port);
  }

  /** Opens a socket of a type, whose descriptor is then at 64. */
  private static String socket(int type) {
    return "(if (local.tee $errno "
        + call("sock_open", -1, 0, type, 64)
        + ") (then (return (local.get $errno))))";
  }

  private static final List<Guest> GUESTS =
      List.of(
          // pointers at the edge of the memory, and past it
          Guest.traps("a list of vectors past the end", call("fd_write", 1, 65532, 1, 0)),
          Guest.traps(
              "a vector that begins inside and ends outside",
              vector(65530, 7) + call("fd_write", 1, 16, 1, 0)),
          Guest.traps(
              "a vector that wraps around all addresses",
              vector(-16, 32) + call("fd_write", 1, 16, 1, 0)),
          Guest.traps("a vector of 4 GiB", vector(0, -1) + call("fd_read", 0, 16, 1, 0)),
          Guest.traps("two thousand million vectors", call("fd_write", 1, 0, 0x7fffffff, 0)),
          Guest.traps("vectors whose list wraps around", call("fd_write", 1, 0, 0x20000001, 0)),
          Guest.traps("a place for the result past the end", call("clock_time_get", 0, 1L, 65536)),
          Guest.traps("arguments to be put past the end", call("args_get", 65532, 65000)),
          Guest.traps("random bytes for all of the memory and more", call("random_get", 0, -1)),
          Guest.traps(
              "a path past the end",
              call("path_open", ROOT, 1, 65530, 100, 0, RIGHTS, RIGHTS, 0, 64)),
          Guest.traps(
              "a directory to be listed past the end",
              call("fd_readdir", ROOT, 65000, 1000, 0L, 64)),
          Guest.traps(
              "more events to wait for than the memory holds",
              call("poll_oneoff", 0, 0, 0x7fffffff, 64)),
          // files of others
          Guest.gets(Errno.PERM, "a path with two dots", open("../secret", 0)),
          Guest.gets(Errno.PERM, "an absolute path", open("/etc/passwd", 0)),
          Guest.gets(
              Errno.PERM,
              "a path that goes down and up",
              "(drop "
                  + call("path_create_directory", ROOT, text("in"))
                  + ")"
                  + open("in/../../secret", 0)),
          Guest.gets(
              Errno.PERM,
              "a link of its own that leads out",
              "(drop "
                  + call("path_symlink", text("../secret"), ROOT, text("link"))
                  + ")"
                  + open("link", 0)),
          Guest.gets(
              Errno.PERM,
              "a file moved out",
              CREATED + call("path_rename", ROOT, text("a"), ROOT, text("../secret"))),
          Guest.gets(
              Errno.PERM,
              "a second name for a file outside",
              call("path_link", ROOT, 0, text("../secret"), ROOT, text("a"))),
          Guest.gets(
              Errno.PERM,
              "a file outside that is removed",
              call("path_unlink_file", ROOT, text("../secret"))),
          Guest.gets(
              Errno.BADF,
              "a directory that was given back",
              "(drop " + call("fd_close", ROOT) + ")" + open("a", 0)),
          // all there is
          Guest.gets(Errno.MFILE, "files that are never closed", untilItFails(open("a", 1))),
          Guest.gets(
              Errno.MFILE,
              "sockets that are never closed",
              untilItFails(call("sock_open", -1, 0, 1, 64))),
          Guest.gets(
              Errno.DQUOT,
              "a file that grows for ever",
              CREATED + vector(0, 65536) + untilItFails(call("fd_write", FILE, 16, 1, 80))),
          Guest.gets(
              Errno.DQUOT,
              "a file of a terabyte",
              CREATED + call("fd_allocate", FILE, 0L, 1L << 40)),
          Guest.gets(
              Errno.DQUOT,
              "a byte behind a gap of a terabyte",
              CREATED + vector(0, 1) + call("fd_pwrite", FILE, 16, 1, 1L << 40, 80)),
          Guest.gets(
              Errno.DQUOT,
              "directories without end",
              """
              (loop $again (result i32)
                (i32.store (i32.const 32) (local.get $n))
                (i32.store8 (i32.const 35) (i32.add (i32.const 65)
                  (i32.shr_u (local.get $n) (i32.const 12))))
                (i32.store8 (i32.const 34) (i32.add (i32.const 65)
                  (i32.and (i32.shr_u (local.get $n) (i32.const 8)) (i32.const 15))))
                (i32.store8 (i32.const 33) (i32.add (i32.const 65)
                  (i32.and (i32.shr_u (local.get $n) (i32.const 4)) (i32.const 15))))
                (i32.store8 (i32.const 32) (i32.add (i32.const 65)
                  (i32.and (local.get $n) (i32.const 15))))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (local.set $errno (call $path_create_directory (i32.const 3) (i32.const 32)
                  (i32.const 4)))
                (br_if $again (i32.eqz (local.get $errno)))
                (local.get $errno))
              """),
          Guest.exceeds(
              Resource.OUTPUT,
              "a flood of output",
              vector(0, 65536) + untilItFails(call("fd_write", 1, 16, 1, 80))),
          Guest.exceeds(
              Resource.OUTPUT,
              "a flood of errors",
              vector(0, 1000) + untilItFails(call("fd_write", 2, 16, 1, 80))),
          Guest.exceeds(
              Resource.TIME,
              "as many threads as there may be, which never end",
              """
              (loop $again (br_if $again (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0))))
              (loop $for-ever (br $for-ever))
              (i32.const 0)
              """),
          Guest.exceeds(
              Resource.TIME,
              "threads that start threads",
              "(drop (call $spawn (i32.const 1))) (loop $for-ever (br $for-ever)) (i32.const 0)"),
          // waiting for ever
          Guest.exceeds(
              Resource.TIME,
              "a sleep of centuries",
              """
              (i32.store (i32.const 272) (i32.const 1))
              (i64.store (i32.const 280) (i64.const 0x7fffffffffffffff))
              """
                  + call("poll_oneoff", 256, 512, 1, 64)),
          Guest.exceeds(
              Resource.TIME,
              "input that never comes",
              vector(0, 100) + call("fd_read", 0, 16, 1, 80)),
          Guest.exceeds(
              Resource.TIME,
              "a clock that is read for ever",
              untilItFails(call("clock_time_get", 1, 1L, 64))),
          Guest.exceeds(
              Resource.TIME,
              "a connection that is waited for for ever",
              socket(1)
                  + address(127, 0, 0, 1, 0)
                  + "(drop (call $sock_bind "
                  + FILE
                  + " (i32.const 128))) (drop (call $sock_listen "
                  + FILE
                  + " (i32.const 1)))"
                  + call("sock_accept", FILE, 0, 80)),
          // networks of others
          Guest.gets(
              Errno.ACCES,
              "a connection to a port that was not granted",
              socket(1) + address(127, 0, 0, 1, 22) + call("sock_connect", FILE, 128)),
          Guest.gets(
              Errno.ACCES,
              "a connection to the address of clouds' secrets",
              socket(1) + address(169, 254, 169, 254, 80) + call("sock_connect", FILE, 128)),
          Guest.gets(
              Errno.ACCES,
              "a port that is waited at without a grant",
              socket(1) + address(0, 0, 0, 0, 8080) + call("sock_bind", FILE, 128)),
          Guest.gets(
              Errno.ACCES,
              "a datagram to somebody else",
              socket(0)
                  + address(127, 0, 0, 1, 53)
                  + vector(0, 4)
                  + call("sock_send_to", FILE, 16, 1, 0, 128, 80)));

  private static final Pattern CALLED = Pattern.compile("\\(call \\$(\\w+)");

  private static String module(Guest guest) {
    StringBuilder imports = new StringBuilder();
    CALLED
        .matcher(guest.body)
        .results()
        .map(found -> found.group(1))
        .distinct()
        .filter(CALLS::containsKey)
        .forEach(
            name ->
                imports.append(
                    "(import \"wasi_snapshot_preview1\" \"%1$s\" (func $%1$s (param %2$s) (result i32)))\n"
                        .formatted(name, CALLS.get(name))));
    boolean threads = guest.body.contains("$spawn");
    if (threads) {
      imports.append("(import \"wasi\" \"thread-spawn\" (func $spawn (param i32) (result i32)))\n");
      imports.append(
          "(import \"env\" \"memory\" (memory 1 1 shared)) (export \"memory\" (memory 0))\n");
    }
    return """
    (module $hostile
      %s
      %s
      (data (i32.const 4096) "%s")
      (func (export "wasi_thread_start") (param i32 i32)
        %s
        (loop $for-ever (br $for-ever)))
      (func (export "run") (result i32) (local $errno i32) (local $n i32)
        %s))
    """
        .formatted(
            imports,
            threads ? "" : "(memory (export \"memory\") 1)",
            TEXTS.substring(4096),
            threads
                ? "(loop $a (br_if $a (i32.gt_s (call $spawn (i32.const 1)) (i32.const 0))))"
                : "",
            guest.body);
  }

  /** The Java virtual machine keeps some files open that it has needed once. */
  @BeforeAll
  static void useTheNetworkOnce() throws IOException {
    SocketChannel.open().close();
    DatagramChannel.open().close();
    Selector.open().close();
  }

  @TestFactory
  Stream<DynamicTest> guestGetsItsErrorAndNothingElse() {
    return Arrays.stream(ExecutionMode.values())
        .flatMap(
            mode ->
                GUESTS.stream()
                    .map(guest -> dynamicTest(mode + ": " + guest.name, () -> run(mode, guest))));
  }

  private void run(ExecutionMode mode, Guest guest) throws IOException, InterruptedException {
    Path outside = Files.createTempDirectory(folder, "outside");
    Path secret = Files.writeString(outside.resolve("secret"), "untouched");
    Path granted = Files.createDirectory(outside.resolve("granted"));
    long before = openFiles();
    Meter meter = new Meter();
    try (InputStream silence = new PipedInputStream(new PipedOutputStream());
        Engine engine = Engine.builder().mode(mode).build()) {
      Wasi wasi =
          Wasi.preview1()
              .args("guest", "an argument")
              .directory(granted, "/", Rights.READ_WRITE, MAX_DISK)
              .network(
                  NetworkGrant.parse("connect:tcp:127.0.0.1:1"),
                  NetworkGrant.parse("connect:udp:127.0.0.1:1"),
                  NetworkGrant.parse("listen:tcp:127.0.0.1:0"))
              .threads(MAX_THREADS)
              .maxOpenFiles(MAX_FILES)
              .maxOutput(MAX_OUTPUT)
              .stdin(silence)
              .stdout(meter)
              .stderr(meter);
      long begin = System.nanoTime();
      try (Instance instance =
          engine
              .load(module(guest))
              .instantiate(
                  Imports.create().with(wasi),
                  limits ->
                      limits
                          .maxMemory(16 << 20)
                          .timeout(guest.limit == Resource.TIME ? TIMEOUT : LONGEST))) {
        int[] errno = {-1};
        Throwable thrown = catchThrowable(() -> errno[0] = instance.function("run").call().i32());
        if (guest.errno != null) {
          assertThat(thrown).isNull();
          assertThat(errno[0]).as(guest.errno.name()).isEqualTo(guest.errno.number);
        } else if (guest.limit == null) {
          assertThat(thrown)
              .isInstanceOfSatisfying(
                  Trap.class,
                  trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.OUT_OF_BOUNDS_MEMORY))
              .hasMessageContaining("the memory has 65536 bytes");
        } else {
          assertThat(thrown)
              .isInstanceOfSatisfying(
                  ExhaustedException.class, e -> assertThat(e.resource()).isEqualTo(guest.limit))
              .hasMessageContaining("limit")
              .hasMessageContaining("used");
        }
      }
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
          .isLessThanOrEqualTo(LONGEST.toSeconds());
    }
    assertThat(meter.bytes).isLessThanOrEqualTo(MAX_OUTPUT);
    assertThat(secret).hasContent("untouched");
    try (Stream<Path> all = Files.list(outside)) {
      assertThat(all.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("secret", "granted");
    }
    assertThat(size(granted)).isLessThanOrEqualTo(MAX_DISK);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    awaitNothingLeft(before);
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).mapToLong(each -> each.toFile().length()).sum();
    }
  }

  /** How many files this process has open, where the system says. */
  private static long openFiles() throws IOException {
    Path open = Path.of("/proc/self/fd");
    if (!Files.isDirectory(open)) {
      return Long.MAX_VALUE;
    }
    try (Stream<Path> all = Files.list(open)) {
      return all.count();
    }
  }

  private static boolean isGuests(Thread thread) {
    return thread.getName().startsWith("hostile-thread") || thread.getName().startsWith("sampan");
  }

  /** Files and threads may go a moment later. */
  private static void awaitNothingLeft(long filesBefore) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      if (openFiles() <= filesBefore
          && Thread.getAllStackTraces().keySet().stream()
              .noneMatch(HostileSystemGuestsTest::isGuests)) {
        return;
      }
      Thread.sleep(20);
    }
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(HostileSystemGuestsTest::isGuests);
    assertThat(openFiles()).isLessThanOrEqualTo(filesBefore);
  }

  /** Counts what it is given. */
  private static final class Meter extends OutputStream {

    private long bytes;

    @Override
    public synchronized void write(int b) {
      bytes++;
    }

    @Override
    public synchronized void write(byte[] b, int offset, int length) {
      bytes += length;
    }
  }
}
