package dev.sampan.wasi.libc;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.ValType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The allocator that a guest itself has and exports: {@code malloc} as compilers for C have it, or
 * {@code __new} as that of AssemblyScript has it.
 */
final class GuestAllocator implements Allocator {

  private final Space space;
  private final Func allocation;
  private final Optional<Func> pin;
  private final Func release;

  private GuestAllocator(Memory memory, Func allocation, Optional<Func> pin, Func release) {
    this.space = new Space(memory);
    this.allocation = allocation;
    this.pin = pin;
    this.release = release;
  }

  /** The allocator of a guest, or empty if it exports none. */
  static Optional<Allocator> of(Instance instance, Memory memory) {
    Optional<Func> release =
        first(
            function(instance, "free", 1, 0),
            function(instance, "__release", 1, 0),
            function(instance, "__unpin", 1, 0));
    Optional<Func> malloc = function(instance, "malloc", 1, 1);
    if (malloc.isPresent()) {
      return release.map(end -> new GuestAllocator(memory, malloc.get(), Optional.empty(), end));
    }
    Optional<Func> made = function(instance, "__new", 2, 1);
    Optional<Func> pin =
        first(function(instance, "__retain", 1, 1), function(instance, "__pin", 1, 1));
    return made.isEmpty() || pin.isEmpty()
        ? Optional.empty()
        : release.map(end -> new GuestAllocator(memory, made.get(), pin, end));
  }

  @SafeVarargs
  private static Optional<Func> first(Optional<Func>... candidates) {
    for (Optional<Func> candidate : candidates) {
      if (candidate.isPresent()) {
        return candidate;
      }
    }
    return Optional.empty();
  }

  private static Optional<Func> function(
      Instance instance, String name, int parameters, int results) {
    FuncType type = new FuncType(numbers(parameters), numbers(results));
    return instance.export(name).stream()
        .filter(Func.class::isInstance)
        .map(Func.class::cast)
        .filter(function -> function.type().equals(type))
        .findFirst();
  }

  private static List<ValType> numbers(int count) {
    return Collections.nCopies(count, NumType.I32);
  }

  @Override
  public int allocate(long size) {
    if (size != (int) size && size >>> 32 != 0) {
      return 0;
    }
    if (pin.isEmpty()) {
      return allocation.call((int) size).i32();
    }
    int address = allocation.call((int) size, 0).i32();
    return address == 0 ? 0 : pin.get().call(address).i32();
  }

  @Override
  public void free(int address) {
    release.call(address);
  }

  /**
   * How long the old piece is, only the guest knows; so as much is copied as fits the new one,
   * which is enough, and what is too much has no meaning.
   */
  @Override
  public int reallocate(int address, long size) {
    int fresh = allocate(size);
    if (fresh != 0 && address != 0) {
      long from = Space.unsigned(address);
      long present = Math.clamp(space.memory().size() - from, 0L, size);
      space.move(Space.unsigned(fresh), from, present);
      free(address);
    }
    return fresh;
  }
}
