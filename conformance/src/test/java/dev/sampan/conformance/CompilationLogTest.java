package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** HotSpot's own log says that it compiles whatever is hot, of any size and shape. */
class CompilationLogTest {

  private static final Predicate<String> IS_OF_GUESTS =
      line -> line.contains(" wasm.") || line.startsWith("ran ");

  private static Path place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<String> log() throws IOException, InterruptedException, URISyntaxException {
    Path output = Path.of("target", "compilation.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // compiling is waited for, so that the log does not depend on how busy the machine
                // is
                "-Xbatch",
                "-XX:+PrintCompilation",
                "-Xss16m",
                "-cp",
                place(Engine.class) + File.pathSeparator + place(RunHardShapes.class),
                RunHardShapes.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertThat(ended).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  @Test
  void everythingHotIsCompiledByTheOptimizingCompiler() throws Exception {
    List<String> log = log();
    Pattern refused = Pattern.compile("COMPILE SKIPPED|not compilable|out of nodes");
    assertThat(log).filteredOn(line -> refused.matcher(line).find()).isEmpty();
    String own = log.stream().filter(IS_OF_GUESTS).collect(Collectors.joining("\n"));
    for (HardShapes.Shape shape : HardShapes.all()) {
      assertThat(own).contains("ran " + shape.name() + ":");
      // time, number, flags, level, class and method
      String best = "(?m)^ *\\d+ +\\d+ [ %!sbn]* 4 +wasm\\.\\S+::" + shape.name() + "\\b";
      assertThat(own).as(shape.name()).containsPattern(best);
    }
  }
}
