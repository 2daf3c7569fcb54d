package dev.sampan.cli;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A jar that is being written. It gets its name when it is complete. */
final class JarFile implements Closeable {

  /** The time of all files: the earliest that a jar knows, so that it tells nothing. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Path out;
  private final Path temporary;
  private final JarOutputStream stream;
  private final Set<String> names = new HashSet<>();

  private JarFile(Path out, Path temporary, JarOutputStream stream) {
    this.out = out;
    this.temporary = temporary;
    this.stream = stream;
  }

  /**
   * Begins a jar.
   *
   * @param mainClass the class that java -jar runs; empty if there is none
   */
  static JarFile create(Path out, String mainClass) throws IOException {
    if (Files.isDirectory(out)) {
      throw new IOException("is a directory");
    }
    Path temporary = out.resolveSibling(out.getFileName() + ".part");
    JarFile jar =
        new JarFile(
            out,
            temporary,
            new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary))));
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!mainClass.isEmpty()) {
      attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
      // lets the engine load the JDK's vectors
      attributes.putValue("Add-Exports", "java.base/jdk.internal.module");
    }
    jar.entry("META-INF/MANIFEST.MF");
    manifest.write(jar.stream);
    return jar;
  }

  private boolean entry(String name) throws IOException {
    if (!names.add(name)) {
      return false;
    }
    JarEntry entry = new JarEntry(name);
    entry.setTimeLocal(TIME);
    stream.putNextEntry(entry);
    return true;
  }

  /** Adds a file, unless there is one of that name. */
  synchronized void add(String name, byte[] content) {
    try {
      if (entry(name)) {
        stream.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the classes that lie where a class comes from and whose names begin in some way. */
  void addClassesOf(Class<?> one, String prefix) throws IOException {
    URI source;
    try {
      source = one.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    Path path = Path.of(source);
    if (Files.isDirectory(path)) {
      addClasses(path, prefix);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(path, Map.of())) {
        addClasses(jar.getPath("/"), prefix);
      }
    }
  }

  private void addClasses(Path root, String prefix) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(root.resolve(prefix))) {
      files = found.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    for (Path file : files) {
      add(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
    }
  }

  /** Gives the jar its name. */
  void finish() throws IOException {
    stream.close();
    Files.move(temporary, out, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    stream.close();
    Files.deleteIfExists(temporary);
  }
}
