package dev.sampan.wasi.capability;

import java.nio.file.attribute.BasicFileAttributes;

/** What kind of thing a file or descriptor is, in the order of preview 1's {@code filetype}. */
public enum FileType {
  UNKNOWN,
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  DIRECTORY,
  REGULAR_FILE,
  SOCKET_DGRAM,
  SOCKET_STREAM,
  SYMBOLIC_LINK;

  private static final int MODE_FORMAT = 0170000;
  private static final int MODE_SOCKET = 0140000;
  private static final int MODE_BLOCK = 0060000;
  private static final int MODE_CHARACTER = 0020000;

  /** The number in preview 1. */
  public int number() {
    return ordinal();
  }

  /** The kind as far as Java's attributes tell it; devices, sockets and pipes are unknown. */
  static FileType of(BasicFileAttributes attributes) {
    // A Windows junction is a directory and "other" at once, and leads elsewhere.
    if (attributes.isSymbolicLink()) {
      return SYMBOLIC_LINK;
    } else if (attributes.isOther()) {
      return UNKNOWN;
    }
    return attributes.isDirectory() ? DIRECTORY : REGULAR_FILE;
  }

  /** The kind by the mode of a Unix file that Java calls "other". */
  static FileType ofMode(int mode) {
    return switch (mode & MODE_FORMAT) {
      case MODE_SOCKET -> SOCKET_STREAM;
      case MODE_BLOCK -> BLOCK_DEVICE;
      case MODE_CHARACTER -> CHARACTER_DEVICE;
      default -> UNKNOWN;
    };
  }
}
