package dev.sampan.cli;

import dev.sampan.wasm.CodeCache;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The folder for code among a user's caches, where each system has them. */
final class UserCache {

  private static final String NAME = "sampan";

  private UserCache() {}

  /** The cache of the user who runs this process, or null if there is no place for one. */
  static @Nullable CodeCache find() {
    Path folder =
        folder(System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home"));
    return folder == null ? null : CodeCache.at(folder);
  }

  /**
   * The folder.
   *
   * @param environment the environment variables
   * @param system the system's name
   * @param home the user's folder, if known
   */
  static @Nullable Path folder(
      Map<String, String> environment, String system, @Nullable String home) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return below(environment.get("LOCALAPPDATA"));
    }
    Path chosen = below(environment.get("XDG_CACHE_HOME"));
    if (chosen != null) {
      return chosen;
    }
    return below(home, name.startsWith("mac") ? "Library/Caches" : ".cache");
  }

  /** The folder of this command below a place of the system, or null if that is not known. */
  static @Nullable Path below(@Nullable String folder, String... names) {
    // a home that is not known is given as a question mark
    if (folder == null || folder.isEmpty() || folder.equals("?")) {
      return null;
    }
    try {
      Path path = Path.of(folder, names);
      return path.isAbsolute() ? path.resolve(NAME) : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
