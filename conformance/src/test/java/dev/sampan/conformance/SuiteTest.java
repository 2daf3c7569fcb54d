package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.script.Script;
import dev.sampan.wasm.script.ScriptResult;
import dev.sampan.wasm.script.ScriptRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The test scripts of the specification and our own, each in every mode of execution. */
class SuiteTest {

  /** Far more than any script needs, so that an endless loop ends the build. */
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  /** The suites have some more commands; this many must succeed, or files are missing. */
  private static final int LEAST_SUITE_COMMANDS = 66_000;

  private static final int LEAST_OWN_COMMANDS = 1_700;

  @TestFactory
  Stream<DynamicNode> specification() {
    List<Path> scripts = TestFiles.suiteScripts();
    if (scripts.isEmpty()) {
      sayThatSuitesAreAbsent();
      return Stream.of(
          dynamicTest("absent", () -> Assumptions.abort("no suites in " + TestFiles.suites())));
    }
    return Stream.of(ExecutionMode.values())
        .map(
            mode ->
                container(
                    mode,
                    TestFiles.suites(),
                    scripts,
                    KnownFailures.read(mode),
                    LEAST_SUITE_COMMANDS));
  }

  @TestFactory
  Stream<DynamicNode> own() {
    Path folder = TestFiles.root().resolve("conformance/src/test/wast");
    KnownFailures none = KnownFailures.none();
    return Stream.of(ExecutionMode.values())
        .map(mode -> container(mode, folder, TestFiles.ownScripts(), none, LEAST_OWN_COMMANDS));
  }

  @Test
  void listOfKnownFailuresIsReadByModeAndLine() {
    String list =
        """
        # a comment

        all a/b.wast:3,17 something
        interpreter c.wast:5 something else
        compiler d.wast:6 not of this mode
        """;
    assertThat(KnownFailures.parse(list, "interpreter"))
        .containsExactly("a/b.wast:17", "a/b.wast:3", "c.wast:5");
  }

  private static DynamicNode container(
      ExecutionMode mode, Path folder, List<Path> scripts, KnownFailures known, int least) {
    AtomicInteger passed = new AtomicInteger();
    Stream<DynamicTest> tests =
        scripts.stream()
            .map(
                file -> {
                  String name = TestFiles.relative(folder, file);
                  return dynamicTest(
                      name, file.toUri(), () -> passed.addAndGet(run(mode, file, name, known)));
                });
    DynamicTest completeness =
        dynamicTest(
            "at least " + least + " commands ran",
            () -> {
              assertThat(passed).hasValueGreaterThanOrEqualTo(least);
              assertThat(scripts)
                  .as("files named in the list of known failures")
                  .containsAll(known.files().stream().map(folder::resolve).toList());
            });
    return dynamicContainer(mode.toString(), Stream.concat(tests, Stream.of(completeness)));
  }

  /** Runs a script and compares its failures with the known ones; gives the successes. */
  private static int run(ExecutionMode mode, Path file, String name, KnownFailures known)
      throws IOException {
    Script script = Script.read(name, Files.readAllBytes(file));
    ScriptResult result;
    try (Engine engine = Engine.builder().mode(mode).build()) {
      result = assertTimeoutPreemptively(PATIENCE, () -> ScriptRunner.run(script, engine));
    }
    Set<String> expected = known.in(name);
    Set<String> found = new TreeSet<>();
    for (ScriptResult.Failure failure : result.failures()) {
      found.add(failure.script() + ":" + failure.line());
    }
    List<ScriptResult.Failure> unexpected =
        result.failures().stream()
            .filter(failure -> !expected.contains(failure.script() + ":" + failure.line()))
            .toList();
    if (!unexpected.isEmpty()) {
      AssertionError error = new AssertionError(join(unexpected));
      unexpected.stream()
          .map(ScriptResult.Failure::cause)
          .filter(cause -> cause != null)
          .limit(3)
          .forEach(error::addSuppressed);
      throw error;
    }
    assertThat(found)
        .as("each command in the list of known failures fails; take those that pass off the list")
        .containsAll(expected);
    return result.passed();
  }

  private static String join(List<ScriptResult.Failure> failures) {
    StringBuilder text = new StringBuilder();
    failures.forEach(failure -> text.append('\n').append(failure));
    return text.toString();
  }

  private static void sayThatSuitesAreAbsent() {
    System.err.printf(
        """
        ************************************************************************
        * SKIPPED: the specification's test suites (%s)
        * were not run, because there are no .wast files in
        *   %s
        * Set the system property %s (Maven: -D%<s=FOLDER).
        * Our own scripts run all the same.
        ************************************************************************
        """,
        String.join(", ", TestFiles.SUITE_FOLDERS), TestFiles.suites(), TestFiles.SUITES_PROPERTY);
  }
}
