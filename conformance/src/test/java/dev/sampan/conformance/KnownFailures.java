package dev.sampan.conformance;

import dev.sampan.wasm.ExecutionMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The commands of the suites that are expected to fail, from {@code known-failures.txt}. */
final class KnownFailures {

  private static final String RESOURCE = "known-failures.txt";

  private final Set<String> places;

  private KnownFailures(Set<String> places) {
    this.places = places;
  }

  /** No failures at all. */
  static KnownFailures none() {
    return new KnownFailures(Set.of());
  }

  /** Those of a mode. */
  static KnownFailures read(ExecutionMode mode) {
    return new KnownFailures(parse(resource(), mode.name().toLowerCase(Locale.ROOT)));
  }

  private static String resource() {
    try (InputStream in = KnownFailures.class.getResourceAsStream(RESOURCE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The places in a list for a mode, each as {@code file:line}. */
  static Set<String> parse(String list, String mode) {
    Set<String> places = new TreeSet<>();
    int number = 0;
    for (String line : list.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.strip().split("\\s+", 3);
      int colon = parts.length < 3 ? -1 : parts[1].lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(
            RESOURCE + ":" + number + ": expected \"mode file:line reason\", found: " + line);
      }
      if (parts[0].equals("all") || parts[0].equals(mode)) {
        String file = parts[1].substring(0, colon + 1);
        for (String at : parts[1].substring(colon + 1).split(",")) {
          places.add(file + Integer.parseInt(at));
        }
      }
    }
    return places;
  }

  /** The places in a file, each as {@code file:line}. */
  Set<String> in(String file) {
    return places.stream()
        .filter(place -> place.startsWith(file + ":"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The files that are named. */
  Set<String> files() {
    return places.stream()
        .map(place -> place.substring(0, place.lastIndexOf(':')))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
