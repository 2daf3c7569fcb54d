package dev.sampan.wasm.cache;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which build of the engine this is: a digest of its class files. Two builds never share generated
 * classes, because what generated code calls may differ.
 *
 * <p>The build writes it into this class. Where class files lie in a folder, as when an IDE has
 * made them, the folder itself counts, since some of them may be newer than this one.
 */
public final class BuildId {

  private BuildId() {}

  /** The identity of this engine, or an empty text if it is not known. */
  public static String ofThisEngine() {
    return Holder.ID;
  }

  /** Found out once, when first asked for. */
  private static final class Holder {
    static final String ID = find();
  }

  private static String find() {
    try {
      Path classes = folder();
      return classes == null ? stamp() : ofFolder(classes);
    } catch (IOException | RuntimeException e) {
      // without it nothing is kept
      return "";
    }
  }

  /** What the build has written; the build changes this text in the class file. */
  private static String stamp() {
    return "";
  }

  /** The folder that this class comes from, or null if it comes from elsewhere. */
  private static @Nullable Path folder() {
    CodeSource source = BuildId.class.getProtectionDomain().getCodeSource();
    if (source == null || !"file".equals(source.getLocation().getProtocol())) {
      return null;
    }
    try {
      Path path = Path.of(source.getLocation().toURI());
      return Files.isDirectory(path) ? path : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** The same as the build finds; see there. */
  private static String ofFolder(Path classes) throws IOException {
    Path engine = classes.resolve("dev/sampan/wasm");
    Path self = engine.resolve("cache/BuildId.class");
    List<Path> files;
    try (Stream<Path> found = Files.walk(engine)) {
      files = found.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    MessageDigest digest = Digests.sha256();
    for (Path file : files) {
      if (!file.equals(self)) {
        String name = engine.relativize(file).toString().replace('\\', '/');
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(Digests.sha256().digest(Files.readAllBytes(file)));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }
}
