package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sampan.conformance.Corpus.Seed;
import dev.sampan.conformance.RobustnessCheck.Tally;
import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Valid modules, changed at random, must do no harm: see {@link RobustnessCheck}.
 *
 * <p>Everything follows from a seed, so that a failure can be had again. Its message holds the
 * input as hexadecimal digits; put them into a file {@code conformance/src/test/fuzzcases/NAME.hex}
 * (or a text into {@code NAME.wat}), and {@link #casesOfThePast} runs it from then on.
 */
class MutationFuzzTest {

  private static final String COUNT_PROPERTY = "sampan.fuzz.mutants";
  private static final String SEED_PROPERTY = "sampan.fuzz.seed";
  private static final int DEFAULT_COUNT = 5000;

  /** A mutant takes milliseconds; this allows for a machine that is busy. */
  private static final long LONGEST_MILLIS = 30_000;

  /** One engine serves so many mutants. */
  private static final int PER_ENGINE = 200;

  private static final int EVERY_TEXT = 2;

  private record Mutant(
      int number, String origin, byte @Nullable [] binary, @Nullable String text) {

    void check(Engine engine, Tally tally) {
      RobustnessCheck check = new RobustnessCheck(tally);
      if (text != null) {
        check.text(engine, text);
      } else if (binary != null) {
        check.binary(engine, binary);
      }
    }

    byte[] bytes() {
      return text != null ? text.getBytes(StandardCharsets.UTF_8) : binary;
    }

    @Override
    public String toString() {
      return "mutant %d of %s (%s), in hexadecimal digits:%n%s"
          .formatted(
              number, origin, text != null ? "text" : "binary", HexFormat.of().formatHex(bytes()));
    }
  }

  /** One thread's work: mutants with numbers that no other thread has. */
  private static final class Worker extends Thread {
    private final List<Seed> seeds;
    private final long seed;
    private final int count;
    private final AtomicInteger next;
    private final Tally tally = new Tally();
    private volatile @Nullable Mutant current;
    private volatile long since;
    private volatile @Nullable Throwable thrown;

    Worker(List<Seed> seeds, long seed, int count, AtomicInteger next) {
      super("fuzz");
      setDaemon(true);
      this.seeds = seeds;
      this.seed = seed;
      this.count = count;
      this.next = next;
    }

    @Override
    public void run() {
      int done = 0;
      Engine engine = Engine.builder().threads(1).build();
      for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
        if (++done % PER_ENGINE == 0) {
          engine = Engine.builder().threads(1).build();
        }
        try {
          Mutant mutant = mutant(number);
          since = System.nanoTime();
          current = mutant;
          mutant.check(engine, tally);
        } catch (Throwable e) {
          // also an OutOfMemoryError or a StackOverflowError is a finding
          thrown = e;
          return;
        }
      }
      current = null;
    }

    private Mutant mutant(int number) {
      Mutator mutator = new Mutator(seed + number * 0x9E37_79B9_7F4A_7C15L);
      Seed one = seeds.get(mutator.below(seeds.size()));
      Seed other = seeds.get(mutator.below(seeds.size()));
      return number % EVERY_TEXT == 0
          ? new Mutant(number, one.name(), null, mutator.text(one.text(), other.text()))
          : new Mutant(number, one.name(), mutator.binary(one.binary(), other.binary()), null);
    }

    void assertWell() {
      Throwable failure = thrown;
      Mutant mutant = current;
      if (failure != null) {
        throw new AssertionError(failure + " from " + mutant, failure);
      }
      if (mutant != null && System.nanoTime() - since > LONGEST_MILLIS * 1_000_000 && isAlive()) {
        AssertionError error = new AssertionError("no end of " + mutant);
        error.setStackTrace(getStackTrace());
        throw error;
      }
    }
  }

  @Test
  void mutantsDoNoHarm() throws Exception {
    List<Seed> seeds = Corpus.read();
    assertThat(seeds).hasSizeGreaterThan(100);
    int count = Integer.getInteger(COUNT_PROPERTY, DEFAULT_COUNT);
    long seed = Long.getLong(SEED_PROPERTY, 1);
    long start = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      workers.add(new Worker(seeds, seed, count, next));
    }
    workers.forEach(Thread::start);
    for (Worker worker : workers) {
      while (worker.isAlive()) {
        worker.join(500);
        for (Worker each : workers) {
          each.assertWell();
        }
      }
      worker.assertWell();
    }
    System.out.printf(
        Locale.ROOT,
        "%d mutants of %d modules in %.1f s: %s%n",
        count,
        seeds.size(),
        (System.nanoTime() - start) / 1e9,
        workers.stream().map(worker -> worker.tally.toString()).collect(Collectors.joining("; ")));
    // or the mutations would be too wild to test anything but the beginning
    assertThat(workers.stream().mapToInt(worker -> worker.tally.valid).sum())
        .isGreaterThan(count / 20);
    assertThat(workers.stream().mapToInt(worker -> worker.tally.invalid).sum())
        .isGreaterThan(count / 20);
  }

  @Test
  void seedsThemselvesPass() throws IOException {
    Tally tally = new Tally();
    RobustnessCheck check = new RobustnessCheck(tally);
    try (Engine engine = Engine.create()) {
      for (Seed seed : Corpus.read()) {
        try {
          check.binary(engine, seed.binary());
          check.text(engine, seed.text());
        } catch (Throwable e) {
          fail(seed.name(), e);
        }
      }
    }
    assertThat(tally.malformed).isZero();
    assertThat(tally.invalid).isZero();
    assertThat(tally.returned).isPositive();
  }

  @TestFactory
  Stream<DynamicTest> casesOfThePast() {
    return TestFiles.fuzzCases().stream()
        .map(file -> dynamicTest(file.getFileName().toString(), file.toUri(), () -> replay(file)));
  }

  private static void replay(Path file) throws IOException {
    RobustnessCheck check = new RobustnessCheck(new Tally());
    try (Engine engine = Engine.create()) {
      String name = file.toString();
      if (name.endsWith(".hex")) {
        String digits =
            Files.readString(file)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining());
        check.binary(engine, HexFormat.of().parseHex(digits.strip()));
      } else if (name.endsWith(".wat")) {
        check.text(engine, Files.readString(file));
      } else {
        check.binary(engine, Files.readAllBytes(file));
      }
    }
  }
}
