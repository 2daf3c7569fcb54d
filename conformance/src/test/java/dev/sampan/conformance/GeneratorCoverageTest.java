package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Proposal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The generated programs hold every instruction, and nearly all are executed. */
class GeneratorCoverageTest {

  private static final int SEEDS = 600;
  private static final int EXECUTED_SEEDS = 200;

  /** Of the rows, so many may be missed by the programs of the first seeds when they are run. */
  private static final int MISSED = 30;

  private static List<Opcode> rows() {
    // the exceptions that came before 3.0 are rewritten before any mode sees them
    return Arrays.stream(Opcode.values())
        .filter(opcode -> opcode.proposal() != Proposal.LEGACY_EXCEPTIONS)
        .toList();
  }

  @Test
  void everyInstructionIsGenerated() {
    int[] counts = new int[Opcode.count()];
    for (long seed = 0; seed < SEEDS; seed++) {
      ModuleGenerator.module(seed, 0, counts, false);
    }
    assertThat(rows()).allMatch(opcode -> counts[opcode.ordinal()] > 0);
  }

  @Test
  void nearlyEveryInstructionIsExecuted() {
    long[] executed = new long[Opcode.count()];
    Engine engine = Engine.builder().threads(1).build();
    for (long seed = 0; seed < EXECUTED_SEEDS; seed++) {
      byte[] module = ModuleGenerator.module(seed, 0, new int[Opcode.count()], true);
      GeneratedRun.run(engine, module, seed, new GeneratedRun.Tally(), executed);
    }
    // markers of structure are no instructions to be executed
    List<Opcode> missed =
        rows().stream()
            .filter(opcode -> opcode != Opcode.ELSE && opcode != Opcode.END)
            .filter(opcode -> executed[opcode.ordinal()] == 0)
            .toList();
    System.out.printf(
        "%d instructions executed, rows never: %s%n", Arrays.stream(executed).sum(), missed);
    assertThat(missed).hasSizeLessThanOrEqualTo(MISSED);
    assertThat(IntStream.range(0, executed.length).filter(i -> executed[i] > 100).count())
        .isGreaterThan(Opcode.count() / 2);
  }
}
