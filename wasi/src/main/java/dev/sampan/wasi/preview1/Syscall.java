package dev.sampan.wasi.preview1;

import static dev.sampan.wasm.model.NumType.I32;
import static dev.sampan.wasm.model.NumType.I64;

import dev.sampan.wasi.Explanation.Purpose;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every function of preview 1, with its parameters. All return an errno, but {@link #PROC_EXIT},
 * which does not return.
 */
public enum Syscall {
  ARGS_GET(I32, I32),
  ARGS_SIZES_GET(I32, I32),
  ENVIRON_GET(I32, I32),
  ENVIRON_SIZES_GET(I32, I32),

  CLOCK_RES_GET(I32, I32),
  CLOCK_TIME_GET(I32, I64, I32),

  FD_ADVISE(I32, I64, I64, I32),
  FD_ALLOCATE(I32, I64, I64),
  FD_CLOSE(I32),
  FD_DATASYNC(I32),
  FD_FDSTAT_GET(I32, I32),
  FD_FDSTAT_SET_FLAGS(I32, I32),
  FD_FDSTAT_SET_RIGHTS(I32, I64, I64),
  FD_FILESTAT_GET(I32, I32),
  FD_FILESTAT_SET_SIZE(I32, I64),
  FD_FILESTAT_SET_TIMES(I32, I64, I64, I32),
  FD_PREAD(I32, I32, I32, I64, I32),
  FD_PRESTAT_DIR_NAME(I32, I32, I32),
  FD_PRESTAT_GET(I32, I32),
  FD_PWRITE(I32, I32, I32, I64, I32),
  FD_READ(I32, I32, I32, I32),
  FD_READDIR(I32, I32, I32, I64, I32),
  FD_RENUMBER(I32, I32),
  FD_SEEK(I32, I64, I32, I32),
  FD_SYNC(I32),
  FD_TELL(I32, I32),
  FD_WRITE(I32, I32, I32, I32),

  PATH_CREATE_DIRECTORY(I32, I32, I32),
  PATH_FILESTAT_GET(I32, I32, I32, I32, I32),
  PATH_FILESTAT_SET_TIMES(I32, I32, I32, I32, I64, I64, I32),
  PATH_LINK(I32, I32, I32, I32, I32, I32, I32),
  PATH_OPEN(I32, I32, I32, I32, I32, I64, I64, I32, I32),
  PATH_READLINK(I32, I32, I32, I32, I32, I32),
  PATH_REMOVE_DIRECTORY(I32, I32, I32),
  PATH_RENAME(I32, I32, I32, I32, I32, I32),
  PATH_SYMLINK(I32, I32, I32, I32, I32),
  PATH_UNLINK_FILE(I32, I32, I32),

  POLL_ONEOFF(I32, I32, I32, I32),
  PROC_EXIT(I32),
  PROC_RAISE(I32),
  RANDOM_GET(I32, I32),
  SCHED_YIELD(),

  SOCK_ACCEPT(I32, I32, I32),
  SOCK_RECV(I32, I32, I32, I32, I32, I32),
  SOCK_SEND(I32, I32, I32, I32, I32),
  SOCK_SHUTDOWN(I32, I32);

  private static final Map<String, Syscall> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(Syscall::wasmName, Function.identity()));

  private final List<ValType> parameters;

  Syscall(ValType... parameters) {
    this.parameters = List.of(parameters);
  }

  /** The name that guests import. */
  public String wasmName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What guests need the function for. */
  public Purpose purpose() {
    return switch (this) {
      case ARGS_GET, ARGS_SIZES_GET -> Purpose.ARGUMENTS;
      case ENVIRON_GET, ENVIRON_SIZES_GET -> Purpose.ENVIRONMENT;
      case CLOCK_RES_GET, CLOCK_TIME_GET -> Purpose.CLOCKS;
      case FD_ADVISE,
          FD_ALLOCATE,
          FD_CLOSE,
          FD_DATASYNC,
          FD_FDSTAT_GET,
          FD_FDSTAT_SET_FLAGS,
          FD_FDSTAT_SET_RIGHTS,
          FD_FILESTAT_GET,
          FD_FILESTAT_SET_SIZE,
          FD_FILESTAT_SET_TIMES,
          FD_PREAD,
          FD_PWRITE,
          FD_READ,
          FD_RENUMBER,
          FD_SEEK,
          FD_SYNC,
          FD_TELL,
          FD_WRITE,
          POLL_ONEOFF ->
          Purpose.STREAMS;
      case FD_PRESTAT_DIR_NAME,
          FD_PRESTAT_GET,
          FD_READDIR,
          PATH_CREATE_DIRECTORY,
          PATH_FILESTAT_GET,
          PATH_FILESTAT_SET_TIMES,
          PATH_LINK,
          PATH_OPEN,
          PATH_READLINK,
          PATH_REMOVE_DIRECTORY,
          PATH_RENAME,
          PATH_SYMLINK,
          PATH_UNLINK_FILE ->
          Purpose.DIRECTORIES;
      case PROC_EXIT, PROC_RAISE, SCHED_YIELD -> Purpose.PROCESS;
      case RANDOM_GET -> Purpose.RANDOM;
      case SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN -> Purpose.NETWORK;
    };
  }

  /** The type that an import must declare. */
  public FuncType type() {
    return new FuncType(parameters, this == PROC_EXIT ? List.of() : List.of(I32));
  }

  /**
   * The function that an import means, or empty if it means none.
   *
   * @throws LinkException if the import declares another type
   */
  public static Optional<Syscall> of(ImportType wanted) {
    Syscall syscall = BY_NAME.get(wanted.name());
    if (syscall == null || Snapshot.of(wanted.module()) == null) {
      return Optional.empty();
    }
    requireType(wanted, syscall.type());
    return Optional.of(syscall);
  }

  /**
   * Fails if an import declares another type than the function has.
   *
   * @throws LinkException if so
   */
  static void requireType(ImportType wanted, FuncType type) {
    boolean matches =
        wanted.type() instanceof ExternFuncType(DefType declared)
            && declared.composite() instanceof FuncType func
            && func.equals(type);
    if (!matches) {
      throw new LinkException(
          "incompatible import type: \"%s\" \"%s\" (%s) expected, found func %s"
              .formatted(wanted.module(), wanted.name(), wanted.type(), type));
    }
  }
}
