package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs that two execution modes once ran differently. They lie in {@code
 * conformance/src/test/fuzzcases/modes}, as {@link DifferentialFuzz} writes them: {@code NAME.wat}
 * with the seed of the arguments in its first line, or {@code NAME.hex}.
 */
class FuzzCasesTest {

  private static final Pattern SEED = Pattern.compile("^(?:;;|#) arguments: seed (-?\\d+)");
  private static final String FOLDER = "conformance/src/test/fuzzcases/modes";

  @TestFactory
  Stream<DynamicTest> programsOfThePastRunTheSameInAllModes() {
    Path folder = TestFiles.root().resolve(FOLDER);
    return TestFiles.fuzzCases().stream()
        .filter(file -> file.startsWith(folder))
        .map(file -> dynamicTest(file.getFileName().toString(), file.toUri(), () -> run(file)));
  }

  private static void run(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Matcher given = SEED.matcher(text);
    long seed = given.find() ? Long.parseLong(given.group(1)) : 0;
    assertThat(difference(bytes(file), seed)).isNull();
  }

  private static @Nullable String difference(byte[] module, long seed) {
    List<Engine> engines = DifferentialFuzz.engines(DifferentialFuzz.modes(null));
    GeneratedRun.Tally[] tallies = new GeneratedRun.Tally[engines.size()];
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = new GeneratedRun.Tally();
    }
    return DifferentialFuzz.difference(engines, module, seed, tallies);
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!file.toString().endsWith(".hex")) {
      return Engine.binary(Files.readAllBytes(file), file.toString());
    }
    String digits =
        Files.readString(file)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.joining());
    return HexFormat.of().parseHex(digits.strip());
  }
}
