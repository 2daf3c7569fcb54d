package dev.sampan.wasi.preview1;

import dev.sampan.wasi.AuditEvent;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.Lookup;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides whether a guest may do what it asks for, and that tells of each
 * decision.
 */
final class Gate {

  private final @Nullable Consumer<AuditEvent> audit;

  Gate(Settings settings) {
    this.audit = settings.audit();
  }

  /** Lets something through. */
  void allowed(String call, String... arguments) {
    tell(call, true, null, arguments);
  }

  /** Tells of a refusal, and gives what the guest is to be told. */
  ErrnoException refused(Errno errno, String call, String needed, String... arguments) {
    tell(call, false, needed, arguments);
    return new ErrnoException(errno);
  }

  /**
   * Tells of a decision.
   *
   * @param arguments names and values in turn
   */
  void tell(String call, boolean allowed, @Nullable String needed, String... arguments) {
    if (audit == null) {
      return;
    }
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      named.put(arguments[i], arguments[i + 1]);
    }
    audit.accept(new AuditEvent(call, named, allowed, Optional.ofNullable(needed)));
  }

  /**
   * Follows a path from a directory, if the descriptor has the rights for what is to happen there.
   *
   * @param last how the last component is treated
   * @param base the rights needed on the directory itself
   * @param inheriting the rights needed on what is opened below it
   */
  Lookup path(Syscall syscall, Fd fd, String path, Lookup.Last last, long base, long inheriting)
      throws IOException {
    String call = syscall.wasmName();
    long lacking = base & ~fd.base() | inheriting & ~fd.inheriting();
    if (lacking != 0) {
      throw refused(Errno.NOTCAPABLE, call, neededFor(fd, lacking), "path", place(fd, path));
    }
    Lookup found;
    try {
      found = Lookup.of(fd.directory(), path, last);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.PERM) {
        throw refused(
            e.errno(),
            call,
            "a granted directory that holds \"%s\"".formatted(place(fd, path)),
            "path",
            place(fd, path));
      }
      throw e;
    }
    allowed(call, "path", place(fd, path));
    return found;
  }

  /** Follows the path that is given by two arguments, up to a name; the rights are one. */
  Lookup name(Syscall syscall, Call call, Right right, int fdIndex, int pathIndex, FdTable table)
      throws IOException {
    Fd fd = table.get(call.i32(fdIndex));
    fd.directory();
    String path = GuestMemory.of(call).path(call.i32(pathIndex), call.i32(pathIndex + 1));
    return path(syscall, fd, path, Lookup.Last.ITSELF, right.mask(), 0);
  }

  private static String place(Fd fd, String path) {
    Fd.Origin origin = fd.origin();
    return origin == null ? path : origin.below(path).path();
  }

  private static String neededFor(Fd fd, long lacking) {
    Fd.Origin origin = fd.origin();
    if (origin != null
        && origin.grant().rights() == Rights.READ_ONLY
        && (lacking & ~Right.of(Rights.READ_ONLY)) != 0) {
      return "directory \"%s\" with rights %s".formatted(origin.grant().guest(), Rights.READ_WRITE);
    }
    return "the rights %s, which the guest gave up or did not ask for"
        .formatted(Right.names(lacking));
  }
}
