package dev.sampan.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where the files are that tests read: the project's own and those of the specification. */
final class TestFiles {

  static final String SUITES_PROPERTY = "sampan.suites";

  /** The parts of the suites for modules; the component model is another language. */
  static final List<String> SUITE_FOLDERS =
      List.of("core/test/core", "core/test/custom", "core/test/legacy", "threads");

  private TestFiles() {}

  /** The project's folder. */
  static Path root() {
    String given = System.getProperty("sampan.root");
    Path start = Path.of(given == null ? "" : given).toAbsolutePath().normalize();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("conformance/src/test"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no folder of the project at or above " + start);
  }

  /** The folder of the specification's suites, which may be absent. */
  static Path suites() {
    String given = System.getProperty(SUITES_PROPERTY);
    return (given == null ? root().resolve("../shared/suites") : Path.of(given)).normalize();
  }

  /** The scripts of the suites; empty if the folder is absent. */
  static List<Path> suiteScripts() {
    List<Path> scripts = new ArrayList<>();
    for (String folder : SUITE_FOLDERS) {
      scripts.addAll(files(suites().resolve(folder), ".wast"));
    }
    return scripts;
  }

  /** The scripts of this project. */
  static List<Path> ownScripts() {
    return files(root().resolve("conformance/src/test/wast"), ".wast");
  }

  /** The inputs on which a fuzz test once failed. */
  static List<Path> fuzzCases() {
    return files(root().resolve("conformance/src/test/fuzzcases"), "");
  }

  /** A file's name for test reports: the path below a folder, with slashes on every system. */
  static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> files(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
