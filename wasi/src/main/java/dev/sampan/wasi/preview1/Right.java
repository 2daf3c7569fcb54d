package dev.sampan.wasi.preview1;

import dev.sampan.wasi.Rights;
import dev.sampan.wasi.capability.FileType;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a descriptor allows, in the order of preview 1's {@code rights}. Sets are bit masks. */
enum Right {
  FD_DATASYNC,
  FD_READ,
  FD_SEEK,
  FD_FDSTAT_SET_FLAGS,
  FD_SYNC,
  FD_TELL,
  FD_WRITE,
  FD_ADVISE,
  FD_ALLOCATE,
  PATH_CREATE_DIRECTORY,
  PATH_CREATE_FILE,
  PATH_LINK_SOURCE,
  PATH_LINK_TARGET,
  PATH_OPEN,
  FD_READDIR,
  PATH_READLINK,
  PATH_RENAME_SOURCE,
  PATH_RENAME_TARGET,
  PATH_FILESTAT_GET,
  PATH_FILESTAT_SET_SIZE,
  PATH_FILESTAT_SET_TIMES,
  FD_FILESTAT_GET,
  FD_FILESTAT_SET_SIZE,
  FD_FILESTAT_SET_TIMES,
  PATH_SYMLINK,
  PATH_REMOVE_DIRECTORY,
  PATH_UNLINK_FILE,
  POLL_FD_READWRITE,
  SOCK_SHUTDOWN,
  SOCK_ACCEPT;

  /** What applies to a file. */
  static final long FILE =
      mask(
          FD_DATASYNC,
          FD_READ,
          FD_SEEK,
          FD_FDSTAT_SET_FLAGS,
          FD_SYNC,
          FD_TELL,
          FD_WRITE,
          FD_ADVISE,
          FD_ALLOCATE,
          FD_FILESTAT_GET,
          FD_FILESTAT_SET_SIZE,
          FD_FILESTAT_SET_TIMES,
          POLL_FD_READWRITE);

  /** What applies to a directory. */
  static final long DIRECTORY =
      mask(
          FD_DATASYNC,
          FD_FDSTAT_SET_FLAGS,
          FD_SYNC,
          PATH_CREATE_DIRECTORY,
          PATH_CREATE_FILE,
          PATH_LINK_SOURCE,
          PATH_LINK_TARGET,
          PATH_OPEN,
          FD_READDIR,
          PATH_READLINK,
          PATH_RENAME_SOURCE,
          PATH_RENAME_TARGET,
          PATH_FILESTAT_GET,
          PATH_FILESTAT_SET_SIZE,
          PATH_FILESTAT_SET_TIMES,
          FD_FILESTAT_GET,
          FD_FILESTAT_SET_TIMES,
          PATH_SYMLINK,
          PATH_REMOVE_DIRECTORY,
          PATH_UNLINK_FILE);

  /** What a standard stream allows beside reading or writing. A terminal cannot be sought. */
  static final long STREAM =
      mask(FD_FDSTAT_SET_FLAGS, FD_SYNC, FD_DATASYNC, FD_FILESTAT_GET, POLL_FD_READWRITE);

  /** What applies to a socket. */
  static final long SOCKET =
      mask(
          FD_READ,
          FD_WRITE,
          FD_FDSTAT_SET_FLAGS,
          FD_FILESTAT_GET,
          POLL_FD_READWRITE,
          SOCK_SHUTDOWN,
          SOCK_ACCEPT);

  /**
   * What changes anything. A second name counts too: made from a read-only directory, it could be
   * written to from a writable one.
   */
  private static final long CHANGING =
      mask(
          FD_WRITE,
          FD_ALLOCATE,
          FD_FILESTAT_SET_SIZE,
          FD_FILESTAT_SET_TIMES,
          PATH_CREATE_DIRECTORY,
          PATH_CREATE_FILE,
          PATH_LINK_SOURCE,
          PATH_LINK_TARGET,
          PATH_RENAME_SOURCE,
          PATH_RENAME_TARGET,
          PATH_FILESTAT_SET_SIZE,
          PATH_FILESTAT_SET_TIMES,
          PATH_SYMLINK,
          PATH_REMOVE_DIRECTORY,
          PATH_UNLINK_FILE);

  /** This right alone. */
  long mask() {
    return 1L << ordinal();
  }

  /** Several rights. */
  static long mask(Right... rights) {
    long mask = 0;
    for (Right right : rights) {
      mask |= right.mask();
    }
    return mask;
  }

  /** The names of a set. */
  static String names(long rights) {
    return Stream.of(values())
        .filter(right -> (rights & right.mask()) != 0)
        .map(right -> right.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /** What a grant allows, in the directory and below it. */
  static long of(Rights granted) {
    return switch (granted) {
      case READ_ONLY -> (FILE | DIRECTORY) & ~CHANGING;
      case READ_WRITE -> FILE | DIRECTORY;
    };
  }

  /** What of a set applies to a directory or file. */
  static long applicable(long rights, FileType type) {
    return rights & (type == FileType.DIRECTORY ? DIRECTORY : FILE);
  }
}
