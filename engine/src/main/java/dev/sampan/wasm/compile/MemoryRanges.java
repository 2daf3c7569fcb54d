package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.runtime.MemoryInstance;

/**
 * Instructions of compiled code on whole ranges of memory: the operands as they are, the immediates
 * and the instance. 32-bit addresses and sizes are unsigned.
 */
public final class MemoryRanges {

  private MemoryRanges() {}

  // two methods cannot differ in their result alone, so size has the address type in its name

  public static int size32(int memory, CompiledInstance in) {
    return (int) in.memories[memory].pages();
  }

  public static long size64(int memory, CompiledInstance in) {
    return in.memories[memory].pages();
  }

  public static int grow(int pages, int memory, CompiledInstance in) {
    return (int) in.memories[memory].grow(Integer.toUnsignedLong(pages));
  }

  public static long grow(long pages, int memory, CompiledInstance in) {
    return in.memories[memory].grow(pages);
  }

  public static void fill(int address, int value, int count, int memory, CompiledInstance in) {
    in.memories[memory].fillRange(
        Integer.toUnsignedLong(address), (byte) value, Integer.toUnsignedLong(count));
  }

  public static void fill(long address, int value, long count, int memory, CompiledInstance in) {
    in.memories[memory].fillRange(address, (byte) value, count);
  }

  private static void copyRange(
      long target, long source, long count, int to, int from, CompiledInstance in) {
    MemoryInstance memory = in.memories[to];
    memory.copyRange(target, in.memories[from], source, count);
  }

  public static void copy(
      int target, int source, int count, int to, int from, CompiledInstance in) {
    copyRange(
        Integer.toUnsignedLong(target),
        Integer.toUnsignedLong(source),
        Integer.toUnsignedLong(count),
        to,
        from,
        in);
  }

  public static void copy(
      long target, int source, int count, int to, int from, CompiledInstance in) {
    copyRange(target, Integer.toUnsignedLong(source), Integer.toUnsignedLong(count), to, from, in);
  }

  public static void copy(
      int target, long source, int count, int to, int from, CompiledInstance in) {
    copyRange(Integer.toUnsignedLong(target), source, Integer.toUnsignedLong(count), to, from, in);
  }

  public static void copy(
      long target, long source, long count, int to, int from, CompiledInstance in) {
    copyRange(target, source, count, to, from, in);
  }

  private static void initRange(
      long address, int start, int count, int segment, int memory, CompiledInstance in) {
    DataSegment data = in.instance.data(segment);
    in.memories[memory].initRange(
        address,
        data.bytes(),
        data.start(),
        in.instance.dataSize(segment),
        Integer.toUnsignedLong(start),
        Integer.toUnsignedLong(count));
  }

  public static void init(
      int address, int start, int count, int segment, int memory, CompiledInstance in) {
    initRange(Integer.toUnsignedLong(address), start, count, segment, memory, in);
  }

  public static void init(
      long address, int start, int count, int segment, int memory, CompiledInstance in) {
    initRange(address, start, count, segment, memory, in);
  }

  public static void dropData(int segment, CompiledInstance in) {
    in.instance.dropData(segment);
  }
}
