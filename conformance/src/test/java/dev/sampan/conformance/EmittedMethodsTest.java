package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All that is emitted for modules of all kinds is such that HotSpot compiles it: see {@link
 * EmittedMethods}.
 */
class EmittedMethodsTest {

  /** Fetches large programs and reads what they become: {@code mvn verify -Pprograms}. */
  private static final String REAL = "sampan.programs";

  /** Published programs: of C++, of Go, and of C. */
  private static final List<String> PACKAGES =
      List.of(
          "@yowasp/yosys@0.55.944",
          "@yowasp/nextpnr-ice40@0.8.621",
          "esbuild-wasm@0.25.0",
          "sql.js@1.13.0");

  private static final List<String> PROGRAMS =
      List.of(
          "@yowasp/yosys/gen/yosys.core.wasm",
          "@yowasp/nextpnr-ice40/gen/nextpnr-ice40.core.wasm",
          "esbuild-wasm/esbuild.wasm",
          "sql.js/dist/sql-wasm.wasm");

  private static void compile(byte[] module, String name, EmittedMethods methods) {
    try (Engine engine = Engine.create()) {
      engine.compile(
          module,
          name,
          (path, file) -> {
            if (!path.endsWith(".wasm") && !path.endsWith("/origin")) {
              methods.read(file);
            }
          });
    }
  }

  private static EmittedMethods emitted(String name, byte[] module) {
    EmittedMethods methods = new EmittedMethods();
    compile(module, name, methods);
    System.out.println(name + ": " + methods);
    assertThat(methods.faults()).as(name).isEmpty();
    return methods;
  }

  @Test
  void ofFunctionsThatAreLargeOrOddlyShaped() {
    for (HardShapes.Shape shape : HardShapes.all()) {
      EmittedMethods methods =
          emitted(shape.name(), Engine.assemble(shape.text(), shape.name() + ".wat"));
      assertThat(methods.loops()).as(shape.name()).isPositive();
    }
  }

  @Test
  void ofGeneratedModules() {
    EmittedMethods methods = new EmittedMethods();
    for (long seed = 0; seed < 300; seed++) {
      compile(ModuleGenerator.module(seed, 0), "seed-" + seed, methods);
    }
    System.out.println("generated modules: " + methods);
    assertThat(methods.faults()).isEmpty();
    assertThat(methods.loops()).isGreaterThan(500);
    assertThat(methods.ranges()).isGreaterThan(100);
  }

  @Test
  void ofCPrograms() throws IOException {
    for (String program : List.of("lisp", "squeeze", "wordcount")) {
      EmittedMethods methods = emitted(program, Files.readAllBytes(CPrograms.get(program)));
      assertThat(methods.methods()).isGreaterThan(50);
    }
  }

  @Test
  void ofLargePublishedPrograms() throws Exception {
    assumeTrue(Boolean.getBoolean(REAL), "only with -Pprograms");
    Path folder = fetch();
    for (String program : PROGRAMS) {
      EmittedMethods methods =
          emitted(program, Files.readAllBytes(folder.resolve("node_modules").resolve(program)));
      assertThat(methods.methods()).as(program).isGreaterThan(1_000);
    }
  }

  @Test
  void ofSqliteAsTheBenchmarksBuildIt() throws IOException {
    Path sqlite = TestFiles.root().resolve("benchmarks/target/kernels/sqlite.wasm");
    assumeTrue(Files.exists(sqlite), "only after benchmarks/compare");
    assertThat(emitted("sqlite", Files.readAllBytes(sqlite)).methods()).isGreaterThan(1_000);
  }

  private static Path fetch() throws IOException, InterruptedException {
    Path folder = TestFiles.root().resolve("conformance/target/real-programs");
    Files.createDirectories(folder);
    List<String> command =
        new ArrayList<>(
            List.of("npm", "install", "--prefix", folder.toString(), "--no-audit", "--no-fund"));
    command.add("--ignore-scripts");
    command.addAll(PACKAGES);
    Process npm = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(npm.waitFor()).as(output).isZero();
    return folder;
  }
}
