package dev.sampan.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.plugin.MojoExecutionException;

/** The JDK that the engine runs on. */
final class Jdk {

  private static final int WANTED = 25;

  private Jdk() {}

  /**
   * The launcher of a JDK.
   *
   * @throws MojoExecutionException if there is none in the folder, or it is too old
   */
  static Path java(Path home) throws MojoExecutionException {
    Path java = home.resolve("bin/java");
    if (!Files.exists(java) && !Files.exists(home.resolve("bin/java.exe"))) {
      throw new MojoExecutionException(home + " is no JDK: it has no bin/java");
    }
    int version = version(home);
    if (version < WANTED) {
      throw new MojoExecutionException(
          "WebAssembly modules are compiled by a JDK "
              + WANTED
              + " or later, found "
              + version
              + " in "
              + home
              + "; choose one by a toolchain of type jdk, or by the parameter 'jdk'"
              + " (-Dsampan.jdk=FOLDER)");
    }
    return java;
  }

  /** A JDK's version as its release file tells it; of one without such a file, the wanted one. */
  private static int version(Path home) throws MojoExecutionException {
    Path release = home.resolve("release");
    if (!Files.exists(release)) {
      return WANTED;
    }
    try {
      for (String line : Files.readAllLines(release)) {
        if (line.startsWith("JAVA_VERSION=")) {
          String version = line.substring(line.indexOf('=') + 1).replace("\"", "");
          String first = version.split("[^0-9]", 2)[0];
          return first.isEmpty() ? WANTED : Integer.parseInt(first);
        }
      }
      return WANTED;
    } catch (IOException e) {
      throw new MojoExecutionException(release + ": " + e.getMessage(), e);
    }
  }
}
