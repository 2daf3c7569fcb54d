package dev.sampan.wasi.libc;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Global;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a guest's memory comes from: its own allocator if it exports one, else a {@link Heap} of
 * the host, made when it is first needed.
 */
final class Allocation {

  /** The linker's name for where data and stack end. */
  private static final String HEAP_BASE = "__heap_base";

  /** {@code calloc} fails from here on. */
  private static final long MAX_PRODUCT = (1L << 32) - 1;

  /**
   * The threads inside of the guest's own allocator. If that asks the library for memory in its
   * turn, it gets the host's.
   */
  private final Set<Thread> inside = ConcurrentHashMap.newKeySet();

  private @Nullable Instance instance;
  private @Nullable Memory memory;
  private @Nullable Heap heap;

  /** An allocation that knows nobody yet. */
  Allocation() {}

  /**
   * The memory of the instance that calls, or, if the host calls a function that the guest exports
   * again, the one of the instance that called before.
   */
  synchronized Memory memory(Call call) {
    try {
      instance = call.instance();
      memory = call.memory();
    } catch (IllegalStateException e) {
      // the host has called, or the instance has no memory
    }
    if (memory == null) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
    return memory;
  }

  private synchronized Instance instance(Call call) {
    memory(call);
    if (instance == null) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
    return instance;
  }

  private synchronized Heap heap(Instance guest, Memory room) {
    Heap present = heap;
    if (present == null) {
      present = new Heap(room, start(guest, room), end(guest, room));
      heap = present;
    }
    return present;
  }

  /**
   * Where the linker's data ends, or far away if the guest does not tell, or may use what lies
   * behind for itself: only who asks the library for memory surely has no allocator of its own.
   * Where memory cannot grow there is no other place.
   */
  private static long start(Instance guest, Memory room) {
    boolean free = guest.module().imports().stream().anyMatch(Allocation::isAllocator);
    Optional<Extern> base = guest.export(HEAP_BASE);
    return (free || !canGrow(room))
            && base.isPresent()
            && base.get() instanceof Global global
            && global.type().equals(new GlobalType(NumType.I32, false))
            && global.get() instanceof Integer address
        ? Space.unsigned(address)
        : Long.MAX_VALUE;
  }

  private static boolean isAllocator(ImportType wanted) {
    return wanted.module().equals(LibraryFunction.MODULE)
        && LibraryFunction.known(wanted.name())
            .map(name -> LibraryFunction.named(name).allocates())
            .orElse(false);
  }

  private static boolean canGrow(Memory room) {
    Limits limits = room.type().limits();
    return !limits.bounded() || Long.compareUnsigned(room.pages(), limits.max()) < 0;
  }

  /** Where the memory ended that the guest began with; 0 if that is not known. */
  private static long end(Instance guest, Memory room) {
    for (ExportType export : guest.module().exports()) {
      if (export.type() instanceof MemoryType type
          && guest.export(export.name()).stream().anyMatch(memory -> memory == room)) {
        return type.limits().min() << type.pageSizeLog2();
      }
    }
    return 0;
  }

  /** Work with an allocator. */
  private interface Work {
    int on(Allocator allocator);
  }

  private int run(Instance guest, Memory room, Work work) {
    Thread thread = Thread.currentThread();
    Optional<Allocator> own =
        inside.contains(thread) ? Optional.empty() : GuestAllocator.of(guest, room);
    if (own.isEmpty()) {
      return work.on(heap(guest, room));
    }
    inside.add(thread);
    try {
      return work.on(own.get());
    } finally {
      inside.remove(thread);
    }
  }

  private int run(Call call, Work work) {
    return run(instance(call), memory(call), work);
  }

  int allocate(Call call, long size) {
    return run(call, allocator -> allocator.allocate(size));
  }

  /** Room for the host's own use, or 0. */
  int allocate(Instance guest, Memory room, long size) {
    return run(guest, room, allocator -> allocator.allocate(size));
  }

  /** Takes back what the host has used. */
  void free(Instance guest, Memory room, int address) {
    run(
        guest,
        room,
        allocator -> {
          allocator.free(address);
          return 0;
        });
  }

  int allocateZeroed(Call call, long count, long size) {
    long product = count * size;
    if (product < 0 || product >= MAX_PRODUCT) {
      return 0;
    }
    int address = allocate(call, product);
    if (address != 0) {
      new Space(memory(call)).fill(Space.unsigned(address), product, (byte) 0);
    }
    return address;
  }

  int reallocate(Call call, int address, long size) {
    return run(call, allocator -> allocator.reallocate(address, size));
  }

  void free(Call call, int address) {
    if (address != 0) {
      run(
          call,
          allocator -> {
            allocator.free(address);
            return 0;
          });
    }
  }

  /**
   * The memory that the guest has used in calls of the library, else the first it exports.
   *
   * @param use why there must be one, for the message
   */
  Memory room(Instance guest, String use) {
    Optional<Memory> known = known();
    return known.isPresent()
        ? known.get()
        : guest.exportNames().stream()
            .map(name -> guest.export(name).orElseThrow())
            .filter(Memory.class::isInstance)
            .map(Memory.class::cast)
            .findFirst()
            .orElseThrow(
                () ->
                    new LinkException(use + ", but the module exports no memory to put them into"));
  }

  private synchronized Optional<Memory> known() {
    return Optional.ofNullable(memory);
  }

  /** Forgets the heap. */
  synchronized void close() {
    heap = null;
    instance = null;
    memory = null;
  }
}
