package dev.sampan.wasi.capability;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Names that mean something else on Windows than a file of that name: devices, whatever extension
 * and directory they have, streams of a file, and names whose end Windows cuts off.
 */
final class WindowsNames {

  private static final Set<String> DEVICES =
      Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$");

  private WindowsNames() {}

  /** Whether a path is one of Windows, or of a file system in memory that is like it. */
  static boolean isWindows(Path path) {
    return path.getFileSystem().getSeparator().equals("\\");
  }

  /** Whether a name means something else than a file of just this name. */
  static boolean isSpecial(String name) {
    return name.endsWith(".") && !name.equals(Directory.SELF)
        || name.endsWith(" ")
        || name.chars().anyMatch(WindowsNames::isForbidden)
        || isDevice(name);
  }

  private static boolean isForbidden(int character) {
    return character < ' ' || "<>:\"/\\|?*".indexOf(character) >= 0;
  }

  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    String base =
        (dot < 0 ? name : name.substring(0, dot)).stripTrailing().toUpperCase(Locale.ROOT);
    return DEVICES.contains(base)
        || base.length() == 4
            && (base.startsWith("COM") || base.startsWith("LPT"))
            && "0123456789\u00B9\u00B2\u00B3".indexOf(base.charAt(3)) >= 0;
  }
}
