package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.preview1.Snapshot;
import dev.sampan.wasi.preview1.SocketCall;
import dev.sampan.wasi.preview1.Syscall;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.FuncType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A guest in the hands of a test: a module that imports every function of preview 1 and exports
 * each under its name, with helpers that put arguments into its memory. Numbers in the tests are
 * those of the interface as guests see them.
 */
final class Guest implements AutoCloseable {

  static final int CREATE = 1;
  static final int DIRECTORY = 2;
  static final int EXCLUSIVE = 4;
  static final int TRUNCATE = 8;
  static final int FOLLOW = 1;
  static final int APPEND = 1;

  static final long READ = 1L << 1;
  static final long SEEK = 1L << 2;
  static final long WRITE = 1L << 6;
  static final long ALL = (1L << 30) - 1;
  static final long READ_FILE = ALL & ~(WRITE | 1L << 8 | 1L << 22);

  /** The first granted directory. */
  static final int ROOT = 3;

  private static final Engine ENGINE = Engine.create();
  private static final WasmModule MODULE = ENGINE.load(trampolines(Snapshot.PREVIEW1));
  private static final WasmModule UNSTABLE = ENGINE.load(trampolines(Snapshot.UNSTABLE));
  private static final int HEAP = 1 << 16;

  private final Instance instance;
  private final Memory memory;
  private int free = HEAP;

  Guest(Wasi wasi) {
    this(wasi, Snapshot.PREVIEW1);
  }

  Guest(Wasi wasi, Snapshot snapshot) {
    WasmModule module = snapshot == Snapshot.PREVIEW1 ? MODULE : UNSTABLE;
    instance = module.instantiate(Imports.create().with(wasi));
    memory = instance.memory("memory");
  }

  private static String trampolines(Snapshot snapshot) {
    StringBuilder imports = new StringBuilder();
    StringBuilder functions = new StringBuilder();
    Map<String, FuncType> all = new LinkedHashMap<>();
    Stream.of(Syscall.values()).forEach(f -> all.put(f.wasmName(), f.type()));
    Stream.of(SocketCall.values()).forEach(f -> all.put(f.wasmName(), f.type()));
    all.forEach(
        (name, type) -> {
          imports.append(
              "(import \"%s\" \"%s\" (func $%s %s))\n"
                  .formatted(snapshot.module(), name, name, text(type)));
          functions.append(
              "(func (export \"%s\") %s %s call $%s)\n"
                  .formatted(name, text(type), arguments(type), name));
        });
    return "(module\n" + imports + "(memory (export \"memory\") 16)\n" + functions + ")";
  }

  private static String text(FuncType type) {
    String parameters = type.parameters().toString().replaceAll("[\\[\\],]", " ");
    String results = type.results().toString().replaceAll("[\\[\\],]", " ");
    return "(param " + parameters + ") (result " + results + ")";
  }

  private static String arguments(FuncType type) {
    return IntStream.range(0, type.parameters().size())
        .mapToObj(i -> "local.get " + i)
        .collect(Collectors.joining(" "));
  }

  /** Calls a function that must trap. */
  void traps(Trap.Kind kind, String function, Object... arguments) {
    assertThatThrownBy(() -> call(function, arguments))
        .as(function)
        .isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(kind))
        .hasMessageStartingWith(kind.message() + ": ");
  }

  /** Calls a function and returns the errno. */
  Errno call(String function, Object... arguments) {
    return Errno.values()[instance.function(function).call(arguments).i32()];
  }

  /** Calls a function that must succeed. */
  void ok(String function, Object... arguments) {
    assertThat(call(function, arguments)).as(function).isEqualTo(Errno.SUCCESS);
  }

  /** Calls a function that does not return. */
  void exit(int status) {
    instance.function("proc_exit").call(status);
  }

  Memory memory() {
    return memory;
  }

  /** Room in memory, aligned to 8. */
  int room(int bytes) {
    int address = free;
    free = (free + bytes + 7) & -8;
    return address;
  }

  int bytes(byte[] content) {
    int address = room(content.length);
    memory.write(address, content, 0, content.length);
    return address;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Calls a function whose arguments are a descriptor and a path. */
  Errno path(String function, int fd, String path) {
    byte[] bytes = utf8(path);
    return call(function, fd, bytes(bytes), bytes.length);
  }

  /** Calls {@code path_open}; gives the descriptor, or a negative errno. */
  int tryOpen(int fd, int lookup, String path, int oflags, long base, int fdflags) {
    byte[] bytes = utf8(path);
    int result = room(4);
    Errno errno =
        call(
            "path_open",
            fd,
            lookup,
            bytes(bytes),
            bytes.length,
            oflags,
            base,
            ALL,
            fdflags,
            result);
    return errno == Errno.SUCCESS ? memory.i32(result) : -errno.number();
  }

  /** Opens what must be there, following links. */
  int open(String path, int oflags, long base) {
    int fd = tryOpen(ROOT, FOLLOW, path, oflags, base, 0);
    assertThat(fd).as(path).isPositive();
    return fd;
  }

  /** The errno of opening for reading, following links. */
  Errno openError(String path) {
    return openError(FOLLOW, path, 0, READ_FILE);
  }

  Errno openError(int lookup, String path, int oflags, long base) {
    int fd = tryOpen(ROOT, lookup, path, oflags, base, 0);
    return fd >= 0 ? Errno.SUCCESS : Errno.values()[-fd];
  }

  void close(int fd) {
    ok("fd_close", fd);
  }

  private int ranges(int address, int length) {
    int list = room(8);
    memory.setI32(list, address);
    memory.setI32(list + 4, length);
    return list;
  }

  Errno tryWrite(int fd, String text) {
    byte[] bytes = utf8(text);
    return call("fd_write", fd, ranges(bytes(bytes), bytes.length), 1, room(4));
  }

  void write(int fd, String text) {
    assertThat(tryWrite(fd, text)).isEqualTo(Errno.SUCCESS);
  }

  Errno tryRead(int fd) {
    return call("fd_read", fd, ranges(room(8), 8), 1, room(4));
  }

  String read(int fd, int length) {
    int buffer = room(length);
    int count = room(4);
    ok("fd_read", fd, ranges(buffer, length), 1, count);
    return memory.utf8(buffer, memory.i32(count));
  }

  String readAt(int fd, long offset, int length) {
    int buffer = room(length);
    int count = room(4);
    ok("fd_pread", fd, ranges(buffer, length), 1, offset, count);
    return memory.utf8(buffer, memory.i32(count));
  }

  void writeAt(int fd, long offset, String text) {
    byte[] bytes = utf8(text);
    ok("fd_pwrite", fd, ranges(bytes(bytes), bytes.length), 1, offset, room(4));
  }

  long seek(int fd, long delta, int whence) {
    int result = room(8);
    ok("fd_seek", fd, delta, whence, result);
    return memory.i64(result);
  }

  long tell(int fd) {
    int result = room(8);
    ok("fd_tell", fd, result);
    return memory.i64(result);
  }

  /** The address of a filestat. */
  int status(int fd) {
    int result = room(64);
    ok("fd_filestat_get", fd, result);
    return result;
  }

  /** The address of a path's filestat. */
  int status(int lookup, String path) {
    byte[] bytes = utf8(path);
    int result = room(64);
    ok("path_filestat_get", ROOT, lookup, bytes(bytes), bytes.length, result);
    return result;
  }

  Errno rename(String from, String to) {
    byte[] old = utf8(from);
    byte[] made = utf8(to);
    return call("path_rename", ROOT, bytes(old), old.length, ROOT, bytes(made), made.length);
  }

  Errno symlink(String target, String path) {
    byte[] old = utf8(target);
    byte[] made = utf8(path);
    return call("path_symlink", bytes(old), old.length, ROOT, bytes(made), made.length);
  }

  Errno link(int fromFd, int lookup, String from, int toFd, String to) {
    byte[] old = utf8(from);
    byte[] made = utf8(to);
    return call(
        "path_link", fromFd, lookup, bytes(old), old.length, toFd, bytes(made), made.length);
  }

  @Override
  public void close() {
    instance.close();
  }
}
