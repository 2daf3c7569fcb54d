package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasm.Call;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The command line and the environment: a table of addresses, and the strings they point to, each
 * with a zero at its end.
 */
final class Arguments {

  private final List<byte[]> args;
  private final List<byte[]> environ;

  Arguments(Settings settings) {
    args = settings.args().stream().map(Arguments::zeroTerminated).toList();
    environ =
        settings.env().entrySet().stream()
            .map(variable -> zeroTerminated(variable.getKey() + "=" + variable.getValue()))
            .toList();
  }

  private static byte[] zeroTerminated(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  void args(Call call) {
    store(call, args);
  }

  void argsSizes(Call call) throws ErrnoException {
    storeSizes(call, args);
  }

  void environ(Call call) {
    store(call, environ);
  }

  void environSizes(Call call) throws ErrnoException {
    storeSizes(call, environ);
  }

  private static void store(Call call, List<byte[]> strings) {
    GuestMemory memory = GuestMemory.of(call);
    int table = call.i32(0);
    int text = call.i32(1);
    memory.check(table, 4L * strings.size(), 4);
    memory.check(text, totalBytes(strings));
    long offset = 0;
    for (int i = 0; i < strings.size(); i++) {
      byte[] string = strings.get(i);
      int address = GuestMemory.plus(text, offset);
      memory.set32(GuestMemory.plus(table, 4L * i), address);
      memory.write(address, string, 0, string.length);
      offset += string.length;
    }
  }

  private static void storeSizes(Call call, List<byte[]> strings) throws ErrnoException {
    GuestMemory memory = GuestMemory.of(call);
    long bytes = totalBytes(strings);
    if (bytes > Integer.MAX_VALUE) {
      throw new ErrnoException(Errno.OVERFLOW);
    }
    memory.check(call.i32(1), 4, 4);
    memory.set32(call.i32(0), strings.size());
    memory.set32(call.i32(1), (int) bytes);
  }

  private static long totalBytes(List<byte[]> strings) {
    return strings.stream().mapToLong(string -> string.length).sum();
  }
}
