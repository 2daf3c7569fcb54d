package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Limits, audit, explanation and statistics, seen from the command line. */
@Timeout(60)
class GuestOptionsTest {

  private static final String SPINNER =
      "(module $spinner (func $_start (export \"_start\") (loop $again (br $again))))";

  /** Opens the file "made" to be created in descriptor 3, and ends with what became of it. */
  private static final String OPENER =
      """
      (module
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 64) "made")
        (func (export "_start")
          (call $exit
            (call $open
              (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 1)
              (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 40)))))
      """;

  /** Writes a line to standard output for ever. */
  private static final String FLOOD =
      """
      (module $flood
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 8) "flood.\\0a")
        (func $_start (export "_start")
          (i32.store (i32.const 0) (i32.const 8))
          (i32.store (i32.const 4) (i32.const 7))
          (loop $again
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
            (br $again))))
      """;

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void makeFolder() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  private Path module(String text) {
    return file(folder, "guest.wat", text);
  }

  // ---- limits ----

  @ParameterizedTest
  @ValueSource(strings = {"compiler", "interpreter"})
  void fuelEndsAGuestWithItsAmount(String mode) {
    sampan("run", "--mode", mode, "--fuel", "1000", module(SPINNER))
        .failed(
            134,
            """
            sampan: fuel exhausted: limit 1000, used 1000 (--fuel)
                at spinner!_start (offset 0x1d)
            """
                .replace("0x1d", offset()));
  }

  /** Where the loop begins, which both modes tell. */
  private String offset() {
    String err = sampan("run", "--fuel", "1000", module(SPINNER)).err();
    return err.substring(err.indexOf("0x"), err.indexOf(")\n", err.indexOf("0x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"compiler", "interpreter"})
  void timeoutEndsAGuestWithItsAmount(String mode) {
    CommandLineRun run = sampan("run", "--mode", mode, "--timeout", "200ms", module(SPINNER));

    assertThat(run.err())
        .matches("(?s)sampan: time exhausted: limit 200 ms, used 2\\d\\d ms \\(--timeout\\)\n.*");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compiler", "interpreter"})
  void stackEndsAGuestWithItsLimit(String mode) {
    Path deep =
        module(
            """
            (module
              (func $down (param i64) (call $down (i64.add (local.get 0) (i64.const 1))))
              (func (export "_start") (call $down (i64.const 0))))
            """);

    CommandLineRun run = sampan("run", "--mode", mode, "--max-stack", "512K", deep);

    assertThat(run.err()).startsWith("sampan: call stack exhausted: limit 65536 values");
    assertThat(run.err()).contains(" (--max-stack)\n");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @Test
  void outputEndsAGuestWithItsAmount() {
    CommandLineRun run = sampan("run", "--max-output", "20", module(FLOOD));

    assertThat(run.err())
        .startsWith("sampan: output exhausted: limit 20 bytes, used 21 bytes (--max-output)\n");
    assertThat(run.out()).startsWith("flood.\nflood.\n");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @Test
  void memoryDoesNotGrowPastItsLimit() {
    Path grower =
        module(
            """
            (module (memory 1)
              (func (export "grow") (result i32) (memory.grow (i32.const 1))))
            """);

    assertThat(sampan("call", "--max-memory=128K", grower, "grow").succeeded().out())
        .isEqualTo("1\n");
    assertThat(sampan("call", "--max-memory=64K", grower, "grow").succeeded().out())
        .isEqualTo("-1\n");
  }

  @Test
  void tablesDoNotGrowPastTheirLimit() {
    Path grower =
        module(
            """
            (module (table $t 1 funcref)
              (func (export "grow") (result i32)
                (table.grow $t (ref.null func) (i32.const 9))))
            """);

    assertThat(sampan("call", "--max-table-elements=10", grower, "grow").succeeded().out())
        .isEqualTo("1\n");
    assertThat(sampan("call", "--max-table-elements=9", grower, "grow").succeeded().out())
        .isEqualTo("-1\n");
  }

  @Test
  void filesAndBytesOfDiskAreLimited() {
    Path opener = module(OPENER);

    assertThat(sampan("run", "--dir", data, "--max-open-files=4", opener).exitCode())
        .as("MFILE")
        .isEqualTo(33);
    assertThat(sampan("run", "--dir", data, "--max-disk=255", opener).exitCode())
        .as("DQUOT")
        .isEqualTo(19);
    assertThat(data).isEmptyDirectory();
    sampan("run", "--dir", data, "--max-open-files=5", "--max-disk=256", opener).succeeded();
    assertThat(data.resolve("made")).isEmptyFile();
  }

  @Test
  void threadsAreThereIfTheyAreGranted() {
    Path spawner =
        module(
            """
            (module
              (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
              (import "env" "memory" (memory 1 1 shared))
              (func (export "wasi_thread_start") (param i32 i32)
                (i32.atomic.store (i32.const 0) (local.get 1))
                (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
              (func (export "spawn") (result i32)
                (drop (call $spawn (i32.const 42)))
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 10000000000)))
                (i32.atomic.load (i32.const 0))))
            """);

    assertThat(sampan("call", "--max-threads", "1", spawner, "spawn").succeeded().out())
        .isEqualTo("42\n");
    CommandLineRun refused = sampan("call", spawner, "spawn");
    assertThat(refused.err()).contains("needs a guest that may have threads, found a limit of 0");
    assertThat(refused.exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsDeniedIsNotThere() {
    Path clock =
        module(
            """
            (module
              (import "wasi_snapshot_preview1" "clock_time_get"
                (func $time (param i32 i64 i32) (result i32)))
              (import "wasi_snapshot_preview1" "random_get"
                (func $random (param i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "errnos") (result i32 i32)
                (call $time (i32.const 0) (i64.const 0) (i32.const 0))
                (call $random (i32.const 0) (i32.const 8))))
            """);

    assertThat(sampan("call", clock, "errnos").succeeded().out()).isEqualTo("0\n0\n");
    assertThat(sampan("call", "--deny=clocks", clock, "errnos").succeeded().out())
        .isEqualTo("76\n0\n");
    assertThat(sampan("call", "--deny=random", clock, "errnos").succeeded().out())
        .isEqualTo("0\n76\n");
    CommandLineRun silent = sampan("run", "--deny=stdio", "--max-output=70", module(FLOOD));
    assertThat(silent.out()).isEmpty();
  }

  // ---- explain ----

  @Test
  void explanationSaysWhatIsGivenAndRefusedAndRunsNothing() {
    Path opener = module(OPENER);

    assertThat(sampan("run", "--explain", "--fuel=5", "--timeout=1m", opener).succeeded().out())
        .isEqualTo(
            """
            %s imports
              refused: files and folders
                  path_open
                  give it by --dir HOST[::GUEST][:ro]
              granted: ending, and giving way
                  proc_exit
            limits
              --fuel                5
              --timeout             1m
              --max-memory          2 GiB
              --max-table-elements  10000000
              --max-stack           64 MiB
              --max-threads         0
              --max-open-files      1024
              --max-output          16 GiB
              --max-disk            16 GiB
            """
                .formatted(opener));
    assertThat(sampan("call", "--explain", "--dir", data, opener, "any").succeeded().out())
        .contains(
            """
              granted: files and folders
                  path_open
                  - %1$s is %1$s, read and write
            """
                .formatted(data));
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void explanationTellsWhatIsMissing() {
    Path module =
        module(
            "(module (import \"env\" \"lost\\n\" (func)) (import \"wasi_unstable\" \"fd_sync\""
                + " (func)))");

    CommandLineRun run = sampan("run", "--explain", module);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("refused: what nobody provides, so that the module cannot be linked\n")
        .contains("- incompatible import type: \"wasi_unstable\" \"fd_sync\" (func [] -> [])")
        .doesNotContain("lost\n");
  }

  @Test
  void moduleWithoutImportsSaysSo() {
    assertThat(sampan("run", "--explain", module("(module)")).succeeded().out())
        .startsWith(folder.resolve("guest.wat") + " imports nothing\nlimits\n");
  }

  // ---- audit ----

  private static List<String> words(String line) {
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
      List<String> words = new ArrayList<>();
      while (json.nextToken() != null) {
        if (json.getString() != null) {
          words.add(json.getString());
        }
      }
      return words;
    }
  }

  @Test
  void auditIsALineForEachDecision() throws IOException {
    Path log = folder.resolve("audit.jsonl");
    Path opener = module(OPENER);

    sampan("run", "--audit", log, "--dir", data + "::/out", opener).succeeded();
    assertThat(sampan("run", "--audit", log, "--dir", data + "::/out:ro", opener).exitCode())
        .isEqualTo(76);

    List<String> lines = Files.readAllLines(log);
    assertThat(lines).as("the second run adds to the first").hasSize(2);
    List<String> first = words(lines.getFirst());
    assertThat(Duration.between(Instant.parse(first.get(2)), Instant.now()).abs())
        .isLessThan(Duration.ofMinutes(1));
    assertThat(lines.getFirst().replace(first.get(2), "T"))
        .isEqualTo(
            "{\"time\":\"T\",\"call\":\"path_open\",\"arguments\":{\"path\":\"/out/made\"},"
                + "\"verdict\":\"allowed\"}");
    assertThat(lines.getLast())
        .endsWith(
            "\"verdict\":\"refused\",\"needed\":\"directory \\\"/out\\\" with rights"
                + " READ_WRITE\"}");
  }

  @Test
  void auditGoesToStandardErrorForAHyphen() {
    CommandLineRun run = sampan("run", "--audit=-", "--dir", data + "::/out", module(OPENER));

    assertThat(run.err()).contains("\"call\":\"path_open\"").endsWith("\"allowed\"}\n");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void auditThatCannotBeOpenedIsNamed() {
    Path nowhere = folder.resolve("missing/audit.jsonl");

    sampan("run", "--audit", nowhere, module(OPENER))
        .failed(1, "sampan: " + nowhere + ": no such file or directory\n");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void auditThatCannotBeWrittenEndsTheGuest() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full));

    sampan("run", "--audit", full, "--dir", data, module(OPENER))
        .failed(1, "sampan: the audit cannot be written to /dev/full: No space left on device\n");
  }

  // ---- statistics ----

  private static final String TIMES =
      "load: \\d+\\.\\d{3} ms\ncompile: \\d+\\.\\d{3} ms\nrun: \\d+\\.\\d{3} ms\n";

  @ParameterizedTest
  @ValueSource(strings = {"compiler", "interpreter"})
  void statisticsAreLinesOnStandardError(String mode) {
    Path module =
        module(
            """
            (module (memory 1)
              (func (export "grow") (result i32) (memory.grow (i32.const 2))))
            """);

    CommandLineRun run = sampan("call", "--mode", mode, "--stats", module, "grow");
    CommandLineRun metered =
        sampan("call", "--mode", mode, "--stats", "--fuel=1000", module, "grow");

    assertThat(run.out()).isEqualTo("1\n");
    assertThat(run.err()).matches("memory: 196608 bytes\n" + TIMES);
    assertThat(metered.err()).matches("fuel: \\d+\nmemory: 196608 bytes\n" + TIMES);
  }

  @Test
  void statisticsAreToldOfGuestsThatEndBadly() {
    CommandLineRun run = sampan("run", "--stats", "--fuel", "1000", module(SPINNER));

    assertThat(run.err()).matches("(?s)fuel: 1000\nmemory: 0 bytes\n" + TIMES + "sampan: fuel .*");
    assertThat(run.exitCode()).isEqualTo(134);
    assertThat(
            sampan(
                    "run",
                    "--stats",
                    module("(module (import \"a\" \"b\" (func))" + "(func (export \"_start\")))"))
                .err())
        .matches("(?s)" + TIMES + "sampan: .*unknown import.*");
  }

  // ---- libraries, listeners, signals ----

  private static final String LIBRARY =
      """
      (module
        (global $ready (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $ready (i32.const 40)))
        (func (export "add") (param i32) (result i32)
          (i32.add (global.get $ready) (local.get 0))))
      """;

  @Test
  void libraryIsInitialisedBeforeAFunctionIsInvoked() {
    Path library = module(LIBRARY);

    sampan("run", library).succeeded();
    assertThat(sampan("run", "--invoke", "add", library, "2").succeeded().out()).isEqualTo("42\n");
    sampan("run", "--invoke=sub", library)
        .failed(
            2,
            "sampan: "
                + library
                + " exports no function 'sub'; there is _initialize, add\n"
                + "Try 'sampan run --help'.\n");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void guestAcceptsConnectionsAtAListener() throws IOException {
    Path greeter =
        module(
            """
            (module
              (import "wasi_snapshot_preview1" "sock_accept"
                (func $accept (param i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "sock_send"
                (func $send (param i32 i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 8) "hello")
              (func (export "_start")
                (if (call $accept (i32.const 3) (i32.const 0) (i32.const 100))
                  (then unreachable))
                (i32.store (i32.const 0) (i32.const 8))
                (i32.store (i32.const 4) (i32.const 5))
                (drop (call $send (i32.load (i32.const 100)) (i32.const 0) (i32.const 1)
                  (i32.const 0) (i32.const 104)))))
            """);
    int port = freePort();
    CompletableFuture<CommandLineRun> run =
        CompletableFuture.supplyAsync(
            () -> sampan("run", "--listen", "127.0.0.1:" + port, greeter));

    assertThat(greeting(port)).isEqualTo("hello");
    run.join().succeeded();
  }

  private static String greeting(int port) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return new String(socket.getInputStream().readAllBytes());
      } catch (ConnectException e) {
        assertThat(attempt).as("attempts to connect").isLessThan(1000);
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  @Test
  void addressThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      CommandLineRun run =
          sampan("run", "--listen", "127.0.0.1:" + taken.getLocalPort(), module(SPINNER));

      assertThat(run.err()).startsWith("sampan: cannot listen at /127.0.0.1:");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  @DisabledOnOs(OS.WINDOWS)
  void signalEndsTheGuestAndTheCommandTellsWhatItTook(String signal)
      throws IOException, InterruptedException {
    Path flood = module(FLOOD);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sampan.cli.Sampan",
                "run",
                "--stats",
                "--cache=none",
                flood.toString())
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    try {
      // the guest runs when it has written something
      assertThat(process.getInputStream().read()).isEqualTo('f');
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(new String(process.getErrorStream().readAllBytes()))
          .matches("memory: 65536 bytes\n" + TIMES);
      assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
    } finally {
      process.destroyForcibly();
    }
  }
}
