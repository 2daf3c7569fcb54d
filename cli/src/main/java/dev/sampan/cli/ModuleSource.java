package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;

/** The module that a host is given: a file, or one from the web, with the digest it must have. */
final class ModuleSource {

  private static final String DIGEST = "--digest";
  private static final String ALGORITHM = "sha256:";

  /** As much as a host accepts. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int CHUNK = 1 << 16;
  private static final Duration MAX_TIME = Duration.ofMinutes(5);

  private ModuleSource() {}

  /** Adds what names one. */
  static Syntax addTo(Syntax syntax) {
    return syntax
        .option(
            Option.value(
                DIGEST,
                "sha256:HEX",
                "Go on only if this is the SHA-256 of the module; it is what 'app inspect' shows."))
        .operand(new Operand("FILE|URL", 1, false, "The module; - is standard input."));
  }

  /**
   * Does something with the module.
   *
   * @param given a file or URL
   * @throws Failure if it cannot be had, or is another one than it should be
   */
  static <T> T with(Line line, Console console, String given, Function<Path, T> use) {
    boolean fetched = Download.isUrl(given);
    if (!fetched && given.matches("[A-Za-z][A-Za-z0-9+.-]+://.*")) {
      throw Failure.usage(
          "expected a file, or a URL that begins with https:// or http://, found '" + given + "'");
    }
    if (!fetched && !ModuleFile.isStdin(Line.path(given))) {
      Path file = Line.path(given);
      check(line, given, file);
      return use.apply(file);
    }
    try {
      Path file = Files.createTempFile("sampan", ".wasm");
      try {
        if (fetched) {
          Download.fetch(given, file, MAX_BYTES, MAX_TIME);
        } else {
          Files.copy(console.in(), file, StandardCopyOption.REPLACE_EXISTING);
        }
        check(line, given, file);
        return use.apply(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, given + ": " + e.getMessage(), e);
    }
  }

  private static void check(Line line, String given, Path file) {
    if (!line.has(DIGEST)) {
      return;
    }
    String wanted = line.value(DIGEST).toLowerCase(Locale.ROOT);
    if (!wanted.matches(ALGORITHM + "[0-9a-f]{64}")) {
      throw Failure.usage(
          DIGEST + " needs sha256: and 64 hexadecimal digits, found '" + line.value(DIGEST) + "'");
    }
    String found = ALGORITHM + digest(file);
    if (!found.equals(wanted)) {
      throw new Failure(
          ExitCode.FAILED, given + ": expected the digest " + wanted + ", found " + found, null);
    }
  }

  private static String digest(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }
}
