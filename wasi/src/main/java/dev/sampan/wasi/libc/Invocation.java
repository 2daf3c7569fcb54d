package dev.sampan.wasi.libc;

import dev.sampan.wasm.Call;
import org.jspecify.annotations.Nullable;

/**
 * One call whose arguments have been checked.
 *
 * @param call the call
 * @param memory the caller's memory, or null if the function takes no address
 * @param lengths for each argument the length of its string or range
 */
record Invocation(Call call, @Nullable Space memory, long[] lengths) {

  /** The caller's memory, for functions that take an address. */
  Space space() {
    if (memory == null) {
      throw new AssertionError("memory without an address, please report");
    }
    return memory;
  }

  /** An argument as a number. */
  int i32(int index) {
    return call.i32(index);
  }

  /** An argument as an address, or as an unsigned number. */
  long unsigned(int index) {
    return Space.unsigned(call.i32(index));
  }

  /** The length of an argument's string, or of its range as far as it has been checked. */
  long length(int index) {
    return lengths[index];
  }
}
