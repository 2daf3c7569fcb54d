package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCommandTest {

  @TempDir private Path folder;
  private Path program;
  private Path jar;

  @BeforeEach
  void writeProgram() {
    program =
        file(
            folder,
            "greet.wat",
            """
            (module
              (import "wasi_snapshot_preview1" "fd_write"
                (func $write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "args_sizes_get"
                (func $sizes (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (table funcref (elem $greet))
              (data (i32.const 100) "ahoy\\0a")
              (func $greet
                (i32.store (i32.const 0) (i32.const 100))
                (i32.store (i32.const 4) (i32.const 5))
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
              (func (export "_start")
                (drop (call $sizes (i32.const 16) (i32.const 20)))
                (call_indirect (i32.const 0))
                (if (i32.gt_u (i32.load (i32.const 16)) (i32.const 2)) (then unreachable))
                (call $exit (i32.load (i32.const 16)))))
            """);
    jar = folder.resolve("greet.jar");
  }

  private static Path source(Class<?> of) {
    try {
      return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static CommandLineRun java(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new CommandLineRun(process.waitFor(), out, err);
  }

  private static String withEngine(Path jar) {
    return String.join(
        File.pathSeparator,
        jar.toString(),
        source(Engine.class).toString(),
        source(Wasi.class).toString());
  }

  @Test
  void standaloneJarRunsByItself() throws Exception {
    sampan("compile", "--standalone", "-o", jar, program).succeeded();

    CommandLineRun run = java("-jar", jar.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("ahoy\n");
    // the program ends with the number of its arguments, its name counted
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(java("-jar", jar.toString(), "one").exitCode()).isEqualTo(2);
  }

  @Test
  void standaloneProgramWithoutWasiRuns() throws Exception {
    Path device =
        file(
            folder,
            "device.wat",
            """
            (module
              (import "env" "puts" (func $puts (param i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "main") (param i32 i32) (result i32)
                (drop (call $puts (i32.load (local.get 1))))
                (local.get 0)))
            """);
    sampan("compile", "--standalone", "-o", jar, device).succeeded();

    assertThat(java("-jar", jar.toString(), "one"))
        .isEqualTo(new CommandLineRun(2, "device\n", ""));
  }

  @Test
  void trapInAStandaloneJarTellsWhere() throws Exception {
    sampan("compile", "--standalone", "-o", jar, program).succeeded();

    CommandLineRun run = java("-jar", jar.toString(), "one", "two");

    assertThat(run.err()).startsWith("greet: unreachable\n    at greet!func 4 (offset 0x");
    assertThat(run.out()).isEqualTo("ahoy\n");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @Test
  void jarRunsWithTheEngineInTheClassPathAndGeneratesNothing() throws Exception {
    sampan("compile", "-o", jar, program).succeeded();

    CommandLineRun run =
        java("-Xlog:class+load", "-cp", withEngine(jar), "dev.sampan.wasi.Program");

    assertThat(run.out()).contains("ahoy\n").contains("wasm.F0 source:");
    assertThat(run.out()).doesNotContain("dev.sampan.wasm.compile.FunctionClass ");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void jarOfALibraryIsLoadedByName() throws Exception {
    Path library =
        file(
            folder,
            "adder.wat",
            "(module (func (export \"add\") (param i32 i32) (result i32)"
                + " (i32.add (local.get 0) (local.get 1))))");
    sampan("compile", "-o", jar, library).succeeded();

    for (ExecutionMode mode : ExecutionMode.values()) {
      try (URLClassLoader classPath = new URLClassLoader(new URL[] {jar.toUri().toURL()});
          Engine engine = Engine.builder().mode(mode).build();
          Instance instance =
              engine.loadCompiled("adder", classPath).instantiate(Imports.create())) {
        assertThat(instance.function("add").call(40, 2).i32()).isEqualTo(42);
        assertThatThrownBy(() -> engine.loadCompiled("other", classPath))
            .isInstanceOf(FileNotFoundException.class)
            .hasMessage("META-INF/sampan/other.wasm is not in the class path");
      }
    }
  }

  @Test
  void classesOfAnotherEngineAreNotUsed() throws Exception {
    sampan("compile", "-o", jar, program).succeeded();
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      Path origin = content.getPath("META-INF/sampan/greet/origin");
      Files.writeString(origin, "0" + Files.readString(origin));
    }

    CommandLineRun run =
        java("-Xlog:class+load", "-cp", withEngine(jar), "dev.sampan.wasi.Program");

    assertThat(run.out()).contains("ahoy\n").contains("dev.sampan.wasm.compile.FunctionClass ");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void changedModuleIsNotRunWithOldClasses() throws Exception {
    sampan("compile", "-o", jar, program).succeeded();
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      Path module = content.getPath("META-INF/sampan/greet.wasm");
      byte[] bytes = Files.readAllBytes(module);
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == 'a' && bytes[i + 1] == 'h') {
          bytes[i] = 'o';
        }
      }
      Files.write(module, bytes);
    }

    CommandLineRun run = java("-cp", withEngine(jar), "dev.sampan.wasi.Program");

    assertThat(run.out()).isEqualTo("ohoy\n");
  }

  @Test
  void libraryCannotStandAlone() {
    Path library = file(folder, "empty.wat", "(module)");

    sampan("compile", "--standalone", "-o", jar, library)
        .failed(
            2,
            "sampan: "
                + library
                + " is no program (it exports neither '_start' nor 'main'), so it cannot stand"
                + " alone\n"
                + "Try 'sampan compile --help'.\n");
    assertThat(jar).doesNotExist();
  }

  @Test
  void invalidModuleLeavesTheOldJar() throws IOException {
    Path wrong = file(folder, "wrong.wat", "(module (func (result i32)))");
    Files.writeString(jar, "old");

    CommandLineRun run = sampan("compile", "-o", jar, wrong);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("sampan: " + wrong + ": type mismatch");
    assertThat(jar).hasContent("old");
    assertThat(folder.resolve("greet.jar.part")).doesNotExist();
  }

  @Test
  void folderCannotBeTheJar() {
    sampan("compile", "-o", folder, program).failed(1, "sampan: " + folder + ": is a directory\n");
  }
}
