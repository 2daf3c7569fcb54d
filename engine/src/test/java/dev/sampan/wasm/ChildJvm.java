package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a Java virtual machine of its own. */
final class ChildJvm {

  private ChildJvm() {}

  /** What the program printed; it must end well within two minutes. */
  static String run(Class<?> main, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(place(Engine.class) + File.pathSeparator + place(main));
    command.add(main.getName());
    Path output = Files.createTempFile("child", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as(text).isTrue();
      assertThat(process.exitValue()).as(text).isZero();
      return text;
    } finally {
      Files.delete(output);
    }
  }

  /** The folder of a class's file; that of tests, too, where they are patched into a module. */
  private static Path place(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL url = Objects.requireNonNull(type.getResource("/" + file));
    try {
      Path path = Path.of(url.toURI());
      for (int i = 0; i < Path.of(file).getNameCount(); i++) {
        path = Objects.requireNonNull(path.getParent());
      }
      return path;
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
