package dev.sampan.apps.service;

import dev.sampan.wasi.Libc;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.WasmException;
import java.util.EnumMap;
import java.util.Map;

/** The functions that an instance exports to be called, and the way of messages into its memory. */
final class Callbacks {

  private final Instance instance;
  private final Libc.Guest memory;
  private final Map<GuestExport, Func> functions = new EnumMap<>(GuestExport.class);

  /**
   * The functions of an instance.
   *
   * @param memory finds room for messages
   */
  Callbacks(Instance instance, Libc.Guest memory) {
    this.instance = instance;
    this.memory = memory;
    for (GuestExport each : GuestExport.values()) {
      each.in(instance.module()).ifPresent(name -> functions.put(each, instance.function(name)));
    }
  }

  /** Whether the guest exports a function. */
  boolean has(GuestExport export) {
    return functions.containsKey(export);
  }

  /** Calls a function, if the guest exports it. */
  void call(GuestExport export, Object... arguments) {
    Func function = functions.get(export);
    if (function != null) {
      function.call(arguments);
    }
  }

  /**
   * Calls a function with a copy of data, which is taken back when it returns.
   *
   * @param first the arguments before the address and the length
   * @throws ExhaustedException if there is no room for the data
   */
  void call(GuestExport export, byte[] data, Integer... first) {
    if (!has(export)) {
      return;
    }
    int address = 0;
    if (data.length > 0) {
      address = memory.allocate(instance, data.length);
      if (address == 0) {
        throw noRoom(data.length);
      }
    }
    boolean returned = false;
    try {
      if (data.length > 0) {
        memory.memory(instance).write(Integer.toUnsignedLong(address), data, 0, data.length);
      }
      Object[] arguments = new Object[first.length + 2];
      System.arraycopy(first, 0, arguments, 0, first.length);
      arguments[first.length] = address;
      arguments[first.length + 1] = data.length;
      call(export, arguments);
      returned = true;
    } finally {
      if (address != 0) {
        release(address, returned);
      }
    }
  }

  private void release(int address, boolean returned) {
    try {
      memory.free(instance, address);
    } catch (WasmException e) {
      if (returned) {
        throw e;
      }
      // the first failure is the one that counts
    }
  }

  private static ExhaustedException noRoom(int bytes) {
    return new ExhaustedException(
        Resource.MEMORY,
        -1,
        bytes,
        "memory exhausted: no room for a message of "
            + bytes
            + " bytes; the guest may export malloc and free, or let its memory grow",
        null);
  }
}
