package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that are kept in a folder. */
class CodeCacheTest {

  /** Two functions that call each other last, a table, a vector, a loop. */
  private static final String MODULE =
      """
      (module $kept
        (type $unary (func (param i32) (result i32)))
        (table funcref (elem $double $square))
        (memory 1)
        (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
        (func $square (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
        (func (export "apply") (param i32 i32) (result i32)
          (call_indirect (type $unary) (local.get 1) (local.get 0)))
        (func $even (export "even") (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (i32.const 1))
            (else (return_call $odd (i32.sub (local.get 0) (i32.const 1))))))
        (func $odd (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (i32.const 0))
            (else (return_call $even (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "fail") (unreachable)))
      """;

  @TempDir Path folder;

  /** A cache for modules of any size. */
  private static CodeCache cache(Path folder) {
    return CodeCache.at(folder).minModuleBytes(0);
  }

  private Engine engine(CodeCache cache) {
    return Engine.builder().codeCache(cache).build();
  }

  /** Loads and runs the module as a process of its own would. */
  private void use(String text) {
    try (Engine engine = engine(cache(folder));
        Instance instance = engine.load(text).instantiate(Imports.create())) {
      assertThat(instance.function("apply").call(0, 21).i32()).isEqualTo(42);
      assertThat(instance.function("apply").call(1, 9).i32()).isEqualTo(81);
      assertThat(instance.function("even").call(300_001).i32()).isZero();
      assertThatThrownBy(() -> instance.function("fail").call())
          .isInstanceOf(Trap.class)
          .satisfies(
              e -> assertThat(WasmFrame.of((Trap) e)).first().asString().contains("!func 5"));
    }
  }

  private List<Path> segments() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".classes")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<FileTime> times() {
    return segments().stream()
        .map(
            file -> {
              try {
                return Files.getLastModifiedTime(file);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  @Test
  void secondRunFindsAllThatTheFirstHasMade() {
    use(MODULE);
    List<Path> first = segments();
    List<FileTime> times = times();
    assertThat(first).hasSize(1);
    use(MODULE);
    assertThat(segments()).isEqualTo(first);
    assertThat(times()).isEqualTo(times);
  }

  @Test
  void runAddsWhatItNeedsAndIsNotThere() {
    try (Engine engine = engine(cache(folder));
        Instance instance = engine.load(MODULE).instantiate(Imports.create())) {
      assertThat(instance.function("even").call(2).i32()).isEqualTo(1);
    }
    assertThat(segments()).hasSize(1);
    use(MODULE);
    assertThat(segments()).hasSize(2);
  }

  @Test
  void manySegmentsAreJoined() {
    StringBuilder text = new StringBuilder("(module");
    for (int i = 0; i < 12; i++) {
      // each function is long enough for a class of its own
      text.append("(func (export \"f").append(i).append("\") (result i32)");
      text.append("(drop (i32.const 1000))".repeat(2_500));
      text.append("(i32.const ").append(i).append("))");
    }
    String module = text.append(")").toString();
    for (int i = 0; i < 12; i++) {
      try (Engine engine = engine(cache(folder));
          Instance instance = engine.load(module).instantiate(Imports.create())) {
        assertThat(instance.function("f" + i).call().i32()).isEqualTo(i);
      }
    }
    List<Path> joined = segments();
    assertThat(joined).hasSizeLessThan(9);
    try (Engine engine = engine(cache(folder));
        Instance instance = engine.load(module).instantiate(Imports.create())) {
      for (int i = 0; i < 12; i++) {
        assertThat(instance.function("f" + i).call().i32()).isEqualTo(i);
      }
    }
    assertThat(segments()).isEqualTo(joined);
  }

  @Test
  void everyChangedByteIsNoticed() throws IOException {
    use(MODULE);
    byte[] good = Files.readAllBytes(segments().getFirst());
    for (int at = 0; at < good.length; at += 97) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Path file = segments().getFirst();
      Files.write(file, bad);
      use(MODULE);
      assertThat(segments()).as("byte " + at).hasSize(1).doesNotContain(file);
      assertThat(Files.size(segments().getFirst())).isEqualTo(good.length);
    }
  }

  @Test
  void cutOffFileIsDropped() throws IOException {
    use(MODULE);
    byte[] good = Files.readAllBytes(segments().getFirst());
    for (int length : new int[] {0, 1, 15, 16, 40, good.length / 2, good.length - 1}) {
      Path file = segments().getFirst();
      Files.write(file, java.util.Arrays.copyOf(good, length));
      use(MODULE);
      assertThat(segments()).as("length " + length).hasSize(1).doesNotContain(file);
    }
  }

  @Test
  void fileOfAnotherModuleIsDropped() throws IOException {
    use(MODULE);
    Path own = segments().getFirst();
    use(MODULE.replace("i32.const 2)", "i32.const 2) (nop)"));
    Path other = segments().stream().filter(file -> !file.equals(own)).findFirst().orElseThrow();
    Path forged = own.resolveSibling(other.getFileName());
    Files.delete(own);
    Files.copy(other, forged);
    use(MODULE);
    assertThat(forged).doesNotExist();
  }

  @Test
  void anotherSecretMakesAllEntriesWorthless() throws IOException {
    use(MODULE);
    Path file = segments().getFirst();
    Files.write(folder.resolve("secret"), new byte[32]);
    use(MODULE);
    assertThat(file).doesNotExist();
    assertThat(segments()).hasSize(1);
  }

  @Test
  void secretIsItsOwnersAlone() throws IOException {
    use(MODULE);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secret"))))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(
        folder.resolve("secret"), PosixFilePermissions.fromString("rw-r--r--"));
    List<Path> before = segments();
    use(MODULE.replace("$kept", "$kept2"));
    assertThat(segments()).isEqualTo(before);
  }

  @Test
  void newFolderIsClosedToOthers() throws IOException {
    Path made = folder.resolve("a/b");
    try (Engine engine = engine(cache(made));
        Instance instance = engine.load(MODULE).instantiate(Imports.create())) {
      assertThat(instance.function("even").call(4).i32()).isEqualTo(1);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
  }

  @Test
  void folderThatCannotBeMadeDisturbsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    try (Engine engine = engine(cache(file));
        Instance instance = engine.load(MODULE).instantiate(Imports.create())) {
      assertThat(instance.function("even").call(4).i32()).isEqualTo(1);
    }
    assertThat(file).hasContent("no folder");
  }

  @Test
  void nameBelongsToTheKey() {
    byte[] module = Engine.assemble("(module (func (export \"fail\") unreachable))", "x");
    for (String name : new String[] {"one", "two"}) {
      try (Engine engine = engine(cache(folder));
          Instance instance = engine.load(module, name + ".wasm").instantiate(Imports.create())) {
        assertThatThrownBy(() -> instance.function("fail").call())
            .satisfies(
                e ->
                    assertThat(WasmFrame.of((Trap) e))
                        .first()
                        .asString()
                        .startsWith(name + "!func 0"));
      }
    }
    assertThat(segments()).hasSize(2);
  }

  @Test
  void invalidModuleStaysInvalid() {
    for (int i = 0; i < 2; i++) {
      try (Engine engine = engine(cache(folder))) {
        assertThatThrownBy(() -> engine.load("(module (func (result i32) (i64.const 1)))"))
            .isInstanceOf(InvalidException.class);
      }
    }
    assertThat(segments()).isEmpty();
  }

  @Test
  void legacyExceptionsAreRewrittenEachTime() {
    String module =
        """
        (module (tag $e)
          (func (export "f") (result i32)
            (try (result i32) (do (throw $e)) (catch $e (i32.const 7)))))
        """;
    for (int i = 0; i < 2; i++) {
      try (Engine engine = engine(cache(folder));
          Instance instance = engine.load(module).instantiate(Imports.create())) {
        assertThat(instance.function("f").call().i32()).isEqualTo(7);
      }
    }
  }

  @Test
  void leastRecentlyUsedGoFirst() throws IOException {
    CodeCache cache = cache(folder).maxBytes(8_000);
    for (int i = 0; i < 8; i++) {
      try (Engine engine = engine(cache);
          Instance instance =
              engine.load(MODULE.replace("$kept", "$kept" + i)).instantiate(Imports.create())) {
        assertThat(instance.function("apply").call(0, 21).i32()).isEqualTo(42);
      }
      for (Path file : segments()) {
        // all that is there now is older than what comes
        FileTime earlier =
            FileTime.fromMillis(Files.getLastModifiedTime(file.getParent()).toMillis() - 100_000);
        Files.setLastModifiedTime(file.getParent(), earlier);
      }
    }
    List<Path> left = segments();
    long bytes = 0;
    for (Path file : left) {
      bytes += Files.size(file);
    }
    assertThat(left).isNotEmpty();
    assertThat(bytes).isLessThanOrEqualTo(8_000);
    // the last one has stayed
    try (Engine engine = engine(cache);
        Instance instance =
            engine.load(MODULE.replace("$kept", "$kept7")).instantiate(Imports.create())) {
      assertThat(instance.function("apply").call(0, 21).i32()).isEqualTo(42);
    }
    assertThat(segments()).isEqualTo(left);
  }

  @Test
  void smallModulesAreNotWorthIt() {
    try (Engine engine = engine(CodeCache.at(folder));
        Instance instance = engine.load(MODULE).instantiate(Imports.create())) {
      assertThat(instance.function("even").call(4).i32()).isEqualTo(1);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void interpreterKeepsNothing() {
    try (Engine engine =
            Engine.builder().mode(ExecutionMode.INTERPRETER).codeCache(cache(folder)).build();
        Instance instance = engine.load(MODULE).instantiate(Imports.create())) {
      assertThat(instance.function("even").call(4).i32()).isEqualTo(1);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void manyEnginesShareAFolder() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        tasks.add(
            () -> {
              use(MODULE);
              return 0;
            });
      }
      for (Future<Integer> done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isZero();
      }
    }
    assertThat(segments()).hasSizeBetween(1, 8);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void processesShareAFolder() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path module = Files.writeString(folder.resolve("m.wat"), MODULE);
    Path cache = folder.resolve("cache");
    List<Process> processes = new ArrayList<>();
    for (int i : IntStream.range(0, 4).toArray()) {
      processes.add(
          new ProcessBuilder(
                  java,
                  "-XX:+UseSerialGC",
                  "-cp",
                  source(Engine.class) + File.pathSeparator + source(CacheUser.class),
                  CacheUser.class.getName(),
                  module.toString(),
                  cache.toString(),
                  Integer.toString(2 * i))
              .redirectErrorStream(true)
              .start());
    }
    for (Process process : processes) {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(out).isZero();
      assertThat(out).isEqualTo("1\n");
    }
    assertThat(segments()).hasSizeBetween(1, 4);
  }

  private static Path source(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** A process that uses a cache. */
  static final class CacheUser {
    public static void main(String[] args) throws IOException {
      try (Engine engine = Engine.builder().codeCache(cache(Path.of(args[1]))).build();
          Instance instance = engine.load(Path.of(args[0])).instantiate(Imports.create())) {
        System.out.print(instance.function("even").call(Integer.parseInt(args[2])).i32() + "\n");
      }
    }
  }
}
