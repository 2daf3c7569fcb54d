package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command is written with what the libraries export: others can write another one. */
class PublicApiTest {

  private static final Pattern NAME =
      Pattern.compile("(dev/sampan/(?:wasm|wasi|apps)(?:/[a-z]\\w*)*)/[A-Z]");

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static Set<String> exported() throws Exception {
    Set<String> exported = new HashSet<>();
    for (Class<?> each : List.of(Engine.class, Wasi.class, AppHost.class)) {
      ModuleDescriptor module =
          ModuleFinder.of(place(each)).find(each.getPackageName()).orElseThrow().descriptor();
      module.exports().forEach(export -> exported.add(export.source()));
    }
    return exported;
  }

  private static Set<String> used() throws Exception {
    Set<String> used = new TreeSet<>();
    try (Stream<Path> files = Files.walk(place(Sampan.class))) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .forEach(
              file -> {
                for (PoolEntry entry : parse(file)) {
                  if (entry instanceof Utf8Entry text) {
                    Matcher name = NAME.matcher(text.stringValue());
                    while (name.find()) {
                      used.add(name.group(1).replace('/', '.'));
                    }
                  }
                }
              });
    }
    return used;
  }

  private static Iterable<PoolEntry> parse(Path file) {
    try {
      return ClassFile.of().parse(file).constantPool();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void commandUsesWhatIsExportedAndNothingElse() throws Exception {
    assertThat(used()).contains("dev.sampan.wasm", "dev.sampan.wasi", "dev.sampan.apps");
    assertThat(exported()).containsAll(used());
  }
}
