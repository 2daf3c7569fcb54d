package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Generated programs must run the same in every {@link ExecutionMode}: see {@link
 * DifferentialFuzz}.
 */
class DifferentialFuzzTest {

  private static final String COUNT_PROPERTY = "sampan.fuzz.functions";
  private static final String SEED_PROPERTY = "sampan.fuzz.seed";
  private static final long DEFAULT_COUNT = 5000;
  private static final int MOST_FAILURES = 3;
  private static final List<ExecutionMode> FIRST = List.of(ExecutionMode.values()[0]);

  @Test
  void generatedProgramsRunTheSameInAllModes() throws Exception {
    DifferentialFuzz fuzz =
        new DifferentialFuzz(
            DifferentialFuzz.modes(null),
            Long.getLong(SEED_PROPERTY, 1),
            Long.getLong(COUNT_PROPERTY, DEFAULT_COUNT),
            MOST_FAILURES);
    System.out.println(fuzz.run(Runtime.getRuntime().availableProcessors()));
    List<String> reports =
        DifferentialFuzz.reports(
            fuzz.failures(),
            DifferentialFuzz.modes(null),
            TestFiles.root().resolve("conformance/target/fuzz"));
    if (!reports.isEmpty()) {
      fail(String.join("\n\n", reports));
    }
  }

  @Test
  void sameSeedGivesSameModule() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(ModuleGenerator.module(seed, 1)).isEqualTo(ModuleGenerator.module(seed, 1));
      assertThat(ModuleGenerator.module(seed, 2).length).isPositive();
    }
  }

  @Test
  void mostCallsOfGeneratedProgramsReturn() {
    GeneratedRun.Tally[] tallies = {new GeneratedRun.Tally()};
    for (long seed = 0; seed < 300; seed++) {
      byte[] module = ModuleGenerator.module(seed, 0);
      assertThat(
              DifferentialFuzz.difference(DifferentialFuzz.engines(FIRST), module, seed, tallies))
          .as("seed " + seed)
          .isNull();
    }
    GeneratedRun.Tally tally = tallies[0];
    int trapped = tally.traps.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(tally.returned).isGreaterThan(tally.calls * 6 / 10);
    assertThat(trapped).isGreaterThan(tally.calls / 20);
    assertThat(tally.thrown).isPositive();
    assertThat(tally.exhausted).isLessThan(tally.calls / 100);
    // every reason that a program without time and without other threads can have
    assertThat(tally.traps.keySet().size()).as(tally.traps.toString()).isGreaterThan(15);
  }

  @Test
  void changedOperatorsAreSeen() {
    int differences = 0;
    int modules = 200;
    Engine engine = DifferentialFuzz.engines(FIRST).getFirst();
    for (long seed = 0; seed < modules; seed++) {
      byte[] one = ModuleGenerator.module(seed, 0);
      byte[] other = ModuleGenerator.module(seed, 1);
      GeneratedRun.Tally tally = new GeneratedRun.Tally();
      if (Transcript.difference(
              GeneratedRun.run(engine, one, seed, tally),
              GeneratedRun.run(engine, other, seed, tally))
          != null) {
        differences++;
      }
    }
    assertThat(differences).isGreaterThan(modules / 2);
  }

  @Test
  void minimiserKeepsWhatFails() {
    String wanted = "i64.mul_wide_u";
    Predicate<byte[]> fails = module -> Engine.print(module).contains(wanted);
    long seed = 0;
    while (!fails.test(ModuleGenerator.module(seed, 0))) {
      seed++;
    }
    byte[] module = ModuleGenerator.module(seed, 0);
    byte[] smaller = Minimiser.minimise(module, fails, 10_000);
    assertThat(fails.test(smaller)).isTrue();
    assertThat(smaller.length).isLessThan(module.length * 2 / 3);
  }
}
