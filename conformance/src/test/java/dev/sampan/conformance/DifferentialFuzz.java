package dev.sampan.conformance;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.WasmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs generated modules in every {@link ExecutionMode} and compares all that can be seen of them.
 * The first mode is the measure of the others.
 *
 * <p>It is a program of its own as well, for use while a mode is being written; the class path
 * holds the classes of the engine and these tests:
 *
 * <pre>java -cp ENGINE:TESTS dev.sampan.conformance.DifferentialFuzz functions=100000
 * java … DifferentialFuzz one=SEED/VARIATION       the module of a failure again
 * java … DifferentialFuzz file=MODULE              a module of a file, with arguments of seed=…
 * </pre>
 *
 * The system property {@code sampan.fuzz.without} names {@link Flavour.Part}s to be left out, for a
 * mode that lacks something yet. Further settings: {@code seed} (the base), {@code modes} (comma
 * separated), {@code threads}, {@code failures} (how many to gather before it stops), {@code out}
 * (a folder).
 */
final class DifferentialFuzz {

  static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** So many modules in a row have one shape and different operators and constants. */
  static final int VARIATIONS = 3;

  /** One engine serves so many modules. */
  private static final int PER_ENGINE = 300;

  /** A module takes milliseconds; this allows for a machine that is busy. */
  private static final long LONGEST_NANOS = 30_000_000_000L;

  private static final String NO_END = "no end: ";
  private static final long MINIMISER_MILLIS = 20_000;
  private static final int MOST_MINIMISED = 3;

  /** A module that is not run the same by two modes, or does not end. */
  record Failure(long seed, int variation, byte[] module, String description) {}

  private final List<ExecutionMode> modes;
  private final long base;
  private final long functions;
  private final int most;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();

  DifferentialFuzz(List<ExecutionMode> modes, long base, long functions, int most) {
    this.modes = modes;
    this.base = base;
    this.functions = functions;
    this.most = most;
  }

  /** One thread's work. */
  private final class Worker extends Thread {
    private final GeneratedRun.Tally[] tallies = new GeneratedRun.Tally[modes.size()];
    private List<Engine> engines = List.of();
    private volatile long since;
    private volatile long seed;
    private volatile int variation;

    Worker() {
      super("fuzz");
      setDaemon(true);
      Arrays.setAll(tallies, i -> new GeneratedRun.Tally());
    }

    @Override
    public void run() {
      for (int count = 0; done.get() < functions && failures.size() < most; count++) {
        if (count % PER_ENGINE == 0) {
          engines = engines(modes);
        }
        int number = next.getAndIncrement();
        seed = base + number / VARIATIONS * GOLDEN;
        variation = number % VARIATIONS;
        since = System.nanoTime();
        byte[] module;
        try {
          module = ModuleGenerator.module(seed, variation);
        } catch (Throwable e) {
          failures.add(new Failure(seed, variation, new byte[0], "no module: " + trace(e)));
          return;
        }
        int before = tallies[0].functions;
        String difference = difference(engines, module, seed, tallies);
        done.addAndGet(tallies[0].functions - before);
        if (difference != null) {
          failures.add(new Failure(seed, variation, module, difference));
        }
      }
      since = 0;
    }

    boolean hangs() {
      long start = since;
      return start != 0 && System.nanoTime() - start > LONGEST_NANOS;
    }
  }

  static List<Engine> engines(List<ExecutionMode> modes) {
    return modes.stream().map(mode -> Engine.builder().mode(mode).threads(1).build()).toList();
  }

  /** How a module's runs differ, or null if they do not. */
  static @Nullable String difference(
      List<Engine> engines, byte[] module, long seed, GeneratedRun.Tally[] tallies) {
    Transcript first = null;
    for (int i = 0; i < engines.size(); i++) {
      Transcript transcript;
      try {
        transcript = GeneratedRun.run(engines.get(i), module, seed, tallies[i]);
      } catch (Throwable e) {
        // also an Error is a finding
        return engines.get(i).mode() + " failed with " + trace(e);
      }
      if (first == null) {
        first = transcript;
      } else {
        String difference = Transcript.difference(first, transcript);
        if (difference != null) {
          return engines.getFirst().mode()
              + " (one) and "
              + engines.get(i).mode()
              + " (other) differ:\n"
              + difference;
        }
      }
    }
    return null;
  }

  private static String trace(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      text.append(each).append('\n');
      Arrays.stream(each.getStackTrace())
          .limit(12)
          .forEach(frame -> text.append("    at ").append(frame).append('\n'));
    }
    return text.toString();
  }

  /**
   * Runs until enough functions or failures are seen.
   *
   * @return a line about what was done
   */
  String run(int threads) throws InterruptedException {
    long start = System.nanoTime();
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker());
    }
    workers.forEach(Thread::start);
    for (Worker worker : workers) {
      while (worker.isAlive() && failures.size() < most) {
        worker.join(200);
        for (Worker each : workers) {
          if (each.isAlive() && each.hangs()) {
            failures.add(
                new Failure(
                    each.seed,
                    each.variation,
                    ModuleGenerator.module(each.seed, each.variation),
                    NO_END + Arrays.toString(each.getStackTrace())));
            return "stopped";
          }
        }
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d modules, %d functions in %.1f s",
            next.get(),
            done.get(),
            (System.nanoTime() - start) / 1e9));
    for (int i = 0; i < modes.size(); i++) {
      for (Worker worker : workers) {
        text.append("\n  ").append(modes.get(i)).append(": ").append(worker.tallies[i]);
      }
    }
    return text.toString();
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Reports failures; only the first few are made smaller, since that takes time. */
  static List<String> reports(List<Failure> failures, List<ExecutionMode> modes, Path folder)
      throws IOException {
    List<String> reports = new ArrayList<>();
    for (Failure failure : failures) {
      reports.add(report(failure, modes, folder, reports.size() < MOST_MINIMISED));
    }
    return reports;
  }

  /** Writes a failing module, and a smaller one, as binary and text, and says what is known. */
  private static String report(
      Failure failure, List<ExecutionMode> modes, Path folder, boolean smaller) throws IOException {
    if (failure.module.length == 0) {
      return "seed " + failure.seed + ": " + failure.description;
    }
    String name = Long.toHexString(failure.seed) + "-" + failure.variation;
    write(folder, name, failure.seed, failure.module);
    String text =
        "seed %d, variation %d (again: one=%d/%d), written to %s/%s.wat%n%s"
            .formatted(
                failure.seed,
                failure.variation,
                failure.seed,
                failure.variation,
                folder,
                name,
                failure.description);
    if (!smaller || failure.description.startsWith(NO_END)) {
      return text;
    }
    byte[] small =
        Minimiser.minimise(
            failure.module, module -> again(modes, module, failure.seed) != null, MINIMISER_MILLIS);
    write(folder, name + "-small", failure.seed, small);
    return "%s%n%d bytes made %d, in %s/%s-small.wat; there%n%s"
        .formatted(
            text,
            failure.module.length,
            small.length,
            folder,
            name,
            again(modes, small, failure.seed));
  }

  private static @Nullable String again(List<ExecutionMode> modes, byte[] module, long seed) {
    GeneratedRun.Tally[] tallies = new GeneratedRun.Tally[modes.size()];
    Arrays.setAll(tallies, i -> new GeneratedRun.Tally());
    return difference(engines(modes), module, seed, tallies);
  }

  private static void write(Path folder, String name, long seed, byte[] module) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".wasm"), module);
    Files.writeString(
        folder.resolve(name + ".wat"), ";; arguments: seed " + seed + "\n" + print(module));
  }

  private static String print(byte[] module) {
    try {
      return Engine.print(module);
    } catch (WasmException e) {
      return ";; cannot be printed: " + e;
    }
  }

  /** Runs as a program; see the class's description. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      settings.put(argument.substring(0, at), argument.substring(at + 1));
    }
    List<ExecutionMode> modes = modes(settings.get("modes"));
    Path out = Path.of(settings.getOrDefault("out", "target/fuzz"));
    long seed = Long.parseLong(settings.getOrDefault("seed", "1"));
    List<Failure> failures;
    if (settings.containsKey("one") || settings.containsKey("file")) {
      failures = again(settings, modes, seed);
    } else {
      DifferentialFuzz fuzz =
          new DifferentialFuzz(
              modes,
              seed,
              Long.parseLong(settings.getOrDefault("functions", "100000")),
              Integer.parseInt(settings.getOrDefault("failures", "1")));
      System.out.println(fuzz.run(Integer.parseInt(settings.getOrDefault("threads", "2"))));
      failures = fuzz.failures();
    }
    reports(failures, modes, out).forEach(System.out::println);
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  /** All modes; if there is one alone, it is compared with itself. */
  static List<ExecutionMode> modes(@Nullable String names) {
    List<ExecutionMode> modes =
        names == null
            ? List.of(ExecutionMode.values())
            : Arrays.stream(names.split(",")).map(ExecutionMode::valueOf).toList();
    return modes.size() == 1 ? List.of(modes.getFirst(), modes.getFirst()) : modes;
  }

  private static List<Failure> again(
      Map<String, String> settings, List<ExecutionMode> modes, long seed) throws IOException {
    long used = seed;
    int variation = 0;
    byte[] module;
    String file = settings.get("file");
    if (file != null) {
      module = Engine.binary(Files.readAllBytes(Path.of(file)), file);
    } else {
      String[] parts = settings.get("one").split("/");
      used = Long.parseLong(parts[0]);
      variation = Integer.parseInt(parts[1]);
      module = ModuleGenerator.module(used, variation);
    }
    String difference = again(modes, module, used);
    System.out.println(difference == null ? "no difference" : "differs");
    return difference == null
        ? List.of()
        : List.of(new Failure(used, variation, module, difference));
  }
}
