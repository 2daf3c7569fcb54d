package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which package may know which: the arrows of the design, held against the class files. */
class ArrowsTest {

  private static final String ROOT = "";

  /** For each package what it may use, besides itself. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("model", Set.of()),
          Map.entry("binary", Set.of(ROOT, "model")),
          Map.entry("text", Set.of(ROOT, "model", "binary")),
          Map.entry("valid", Set.of(ROOT, "model", "binary")),
          Map.entry("jfr", Set.of()),
          Map.entry("runtime", Set.of(ROOT, "model", "binary", "jfr")),
          Map.entry("interpret", Set.of(ROOT, "model", "binary", "valid", "runtime", "jfr")),
          Map.entry("cache", Set.of()),
          Map.entry("compile", Set.of(ROOT, "model", "binary", "valid", "runtime", "cache", "jfr")),
          Map.entry("script", Set.of(ROOT, "model", "binary", "text")),
          Map.entry(ROOT, Set.of("model")));

  /** The one class of the root that puts the parts together. */
  private static final String DOOR = "Engine";

  /** Exceptions to the arrows, each with its reason. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          // scripts ask of what sort a reference is
          "script", Set.of("runtime/Aggregate", "runtime/ArrayObject", "runtime/StructObject"));

  private static final Pattern NAME = Pattern.compile("dev/sampan/wasm/([\\w/$-]+)");

  /** One class that uses another; names are relative to the engine's root package. */
  private record Use(String from, String to) {
    String fromPackage() {
      return packageOf(from);
    }

    String toPackage() {
      return packageOf(to);
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

  private static Set<Use> uses() {
    Set<Use> uses = new HashSet<>();
    for (ClassModel model : EngineClasses.all()) {
      Matcher self = NAME.matcher(model.thisClass().asInternalName());
      assertThat(self.matches()).as(model.thisClass().asInternalName()).isTrue();
      // every name of a class, in whatever place, is or is part of a text in the constant pool
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof Utf8Entry text) {
          Matcher name = NAME.matcher(text.stringValue());
          while (name.find()) {
            uses.add(new Use(outermost(self.group(1)), outermost(name.group(1))));
          }
        }
      }
    }
    return uses;
  }

  @Test
  void packagesKnowOnlyThoseBelowThem() {
    Set<String> wrong = new TreeSet<>();
    for (Use use : uses()) {
      String from = use.fromPackage();
      boolean allowed =
          use.toPackage().equals(from)
              || ARROWS.getOrDefault(from, Set.of()).contains(use.toPackage())
              || ALLOWED.getOrDefault(from, Set.of()).contains(use.to)
              || use.from.equals(DOOR);
      if (!allowed) {
        wrong.add(use.from + " must not know " + use.to);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> packages = new TreeSet<>();
    uses().forEach(use -> packages.add(use.fromPackage()));
    assertThat(packages).isEqualTo(new TreeSet<>(ARROWS.keySet()));
  }

  @Test
  void onlyScriptsGoThroughTheDoor() {
    assertThat(uses())
        .filteredOn(use -> use.to.equals(DOOR))
        .allSatisfy(use -> assertThat(use.fromPackage()).isIn(ROOT, "script"));
  }

  private static final String VECTORS = "jdk/incubator/vector/";

  @Test
  void nothingOutsideTheJavaBaseModuleIsUsed() {
    Pattern foreign = Pattern.compile("L?((?:javax|jdk|sun|com|org)/[\\w/$]+);?");
    Set<String> found = new TreeSet<>();
    for (ClassModel model : EngineClasses.all()) {
      // that package alone knows the recorder, and the engine does without both
      boolean events = model.thisClass().asInternalName().startsWith("dev/sampan/wasm/jfr/");
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof ClassEntry used) {
          // named for generated code where that module is present, but not used by the engine
          assertThat(used.asInternalName()).doesNotStartWith(VECTORS);
        }
        if (entry instanceof Utf8Entry text && !text.stringValue().contains(VECTORS)) {
          Matcher name = foreign.matcher(text.stringValue());
          boolean recorder = events && text.stringValue().contains("jdk/jfr/");
          if (name.matches() && !recorder) {
            found.add(name.group(1));
          }
        }
      }
    }
    // annotations that are not there when the engine runs
    found.removeAll(
        List.of("org/jspecify/annotations/NullMarked", "org/jspecify/annotations/Nullable"));
    assertThat(found).isEmpty();
  }
}
