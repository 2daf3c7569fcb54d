package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may know which, and which library: held against the class files. */
class ArrowsTest {

  /** What an app is, as data: all packages may know that, but for those that know no apps. */
  private static final String ROOT = "";

  private static final Set<String> DATA =
      Set.of(
          "AppException",
          "AppName",
          "AppState",
          "AppStatus",
          "Isolation",
          "JobResult",
          "Jobs",
          "Manifest",
          "Permissions",
          "Restart",
          "Revision",
          "Topics",
          "Trigger");

  /** For each package what it may use, besides itself. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          // what is said and kept
          Map.entry("event", Set.of()),
          Map.entry("wire", Set.of()),
          Map.entry("device", Set.of("wire")),
          Map.entry("tenant", Set.of(ROOT, "event", "run")),
          Map.entry("json", Set.of(ROOT, "event", "tenant", "wire")),
          Map.entry("log", Set.of("json")),
          Map.entry("store", Set.of(ROOT, "json", "tenant")),
          // what runs
          Map.entry("run", Set.of(ROOT, "log")),
          Map.entry("function", Set.of(ROOT, "log", "run")),
          Map.entry("job", Set.of(ROOT, "event", "function", "json", "log", "run", "store")),
          Map.entry("connect", Set.of("device", "wire")),
          Map.entry(
              "service",
              Set.of(ROOT, "connect", "device", "event", "function", "log", "run", "wire")),
          // ways to the world
          Map.entry("mqtt", Set.of("event")),
          Map.entry("tls", Set.of()),
          Map.entry("client", Set.of("tls")),
          // the host, and who asks it
          Map.entry(
              ROOT,
              Set.of(
                  "device",
                  "event",
                  "function",
                  "job",
                  "json",
                  "log",
                  "mqtt",
                  "run",
                  "service",
                  "store",
                  "tenant",
                  "wire")),
          Map.entry("jmx", Set.of(ROOT, "function")),
          Map.entry("page", Set.of(ROOT, "function", "json", "run")),
          Map.entry(
              "http",
              Set.of(
                  ROOT,
                  "event",
                  "function",
                  "jmx",
                  "json",
                  "log",
                  "mqtt",
                  "page",
                  "run",
                  "service",
                  "tenant",
                  "tls",
                  "wire")));

  /** The packages that ask the host; all others are asked by it. */
  private static final Set<String> ABOVE = Set.of(ROOT, "http", "jmx", "page");

  /** Names of libraries, and the packages that may know them. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "org/eclipse/jetty/", Set.of("http"),
          "org/eclipse/paho/", Set.of("mqtt"),
          "com/cronutils/", Set.of("job"),
          "tools/jackson/", Set.of("json", ROOT, "http", "job", "store"),
          "com/fasterxml/", Set.of("json", "store"),
          "javax/management/", Set.of("jmx"),
          "jdk/jfr/", Set.of("run"),
          "dev/sampan/wasi/", Set.of(ROOT, "function", "run", "service", "tenant"),
          "dev/sampan/wasm/", Set.of(ROOT, "function", "http", "job", "run", "service", "tenant"));

  private static final Pattern NAME = Pattern.compile("dev/sampan/apps/([\\w/$-]+)");

  /** One class that uses another; names are relative to the root package. */
  private record Use(String from, String to) {
    String fromPackage() {
      return packageOf(from);
    }

    String toPackage() {
      return packageOf(to);
    }

    boolean isAllowed() {
      return toPackage().equals(fromPackage())
          || ARROWS.getOrDefault(fromPackage(), Set.of()).contains(toPackage())
              && (!toPackage().equals(ROOT) || ABOVE.contains(fromPackage()) || DATA.contains(to));
    }
  }

  private static String packageOf(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? ROOT : name.substring(0, slash);
  }

  private static String outermost(String name) {
    int dollar = name.indexOf('$');
    return dollar < 0 ? name : name.substring(0, dollar);
  }

  private static List<ClassModel> classes() {
    try {
      Path root =
          Path.of(AppHost.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(file -> file.toString().endsWith(".class"))
            .filter(file -> !file.endsWith("module-info.class"))
            .map(ArrowsTest::parse)
            .toList();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(ClassModel model) {
    Matcher self = NAME.matcher(model.thisClass().asInternalName());
    assertThat(self.matches()).as(model.thisClass().asInternalName()).isTrue();
    return outermost(self.group(1));
  }

  /** Every name of a class, in whatever place, is or is part of a text in the constant pool. */
  private static List<String> texts(ClassModel model) {
    Set<String> texts = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text) {
        texts.add(text.stringValue());
      }
    }
    return List.copyOf(texts);
  }

  private static Set<Use> uses() {
    Set<Use> uses = new HashSet<>();
    for (ClassModel model : classes()) {
      for (String text : texts(model)) {
        Matcher name = NAME.matcher(text);
        while (name.find()) {
          uses.add(new Use(name(model), outermost(name.group(1))));
        }
      }
    }
    return uses;
  }

  @Test
  void packagesKnowOnlyThoseBelowThem() {
    Set<String> wrong = new TreeSet<>();
    for (Use use : uses()) {
      if (!use.isAllowed()) {
        wrong.add(use.from + " must not know " + use.to);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyArrowIsNeeded() {
    Set<String> needed = new TreeSet<>();
    uses().forEach(use -> needed.add(use.fromPackage() + " -> " + use.toPackage()));
    Set<String> unneeded = new TreeSet<>();
    ARROWS.forEach((from, all) -> all.forEach(to -> unneeded.add(from + " -> " + to)));
    unneeded.removeAll(needed);
    assertThat(unneeded).isEmpty();
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> packages = new TreeSet<>();
    uses().forEach(use -> packages.add(use.fromPackage()));
    assertThat(packages).isEqualTo(new TreeSet<>(ARROWS.keySet()));
  }

  @Test
  void librariesAreKnownWhereTheyAreNeededAndNowhereElse() {
    Set<String> found = new TreeSet<>();
    for (ClassModel model : classes()) {
      for (String text : texts(model)) {
        for (String library : LIBRARIES.keySet()) {
          if (text.matches("(?s).*(^|[^\\w/])L?" + library + ".*")) {
            found.add(library + " in " + packageOf(name(model)));
          }
        }
      }
    }
    Set<String> expected = new TreeSet<>();
    LIBRARIES.forEach((library, all) -> all.forEach(each -> expected.add(library + " in " + each)));
    assertThat(found).isEqualTo(expected);
  }
}
