package dev.sampan.wasm.compile;

import org.jspecify.annotations.Nullable;

/**
 * Instructions of compiled code on tables: the operands as they are, the immediates and the
 * instance. 32-bit indices are unsigned.
 */
public final class Tables {

  private Tables() {}

  public static @Nullable Object get(int index, int table, CompiledInstance in) {
    return in.tables[table].get(Integer.toUnsignedLong(index));
  }

  public static @Nullable Object get(long index, int table, CompiledInstance in) {
    return in.tables[table].get(index);
  }

  public static void set(int index, @Nullable Object value, int table, CompiledInstance in) {
    in.tables[table].put(Integer.toUnsignedLong(index), value);
  }

  public static void set(long index, @Nullable Object value, int table, CompiledInstance in) {
    in.tables[table].put(index, value);
  }

  public static int size32(int table, CompiledInstance in) {
    return (int) in.tables[table].size();
  }

  public static long size64(int table, CompiledInstance in) {
    return in.tables[table].size();
  }

  public static int grow(@Nullable Object value, int count, int table, CompiledInstance in) {
    return (int) in.tables[table].grow(Integer.toUnsignedLong(count), value);
  }

  public static long grow(@Nullable Object value, long count, int table, CompiledInstance in) {
    return in.tables[table].grow(count, value);
  }

  public static void fill(
      int index, @Nullable Object value, int count, int table, CompiledInstance in) {
    in.tables[table].fill(Integer.toUnsignedLong(index), value, Integer.toUnsignedLong(count));
  }

  public static void fill(
      long index, @Nullable Object value, long count, int table, CompiledInstance in) {
    in.tables[table].fill(index, value, count);
  }

  private static void copyRange(
      long target, long source, long count, int to, int from, CompiledInstance in) {
    in.tables[to].copy(target, in.tables[from], source, count);
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

  public static void init(
      int index, int start, int count, int segment, int table, CompiledInstance in) {
    init(Integer.toUnsignedLong(index), start, count, segment, table, in);
  }

  public static void init(
      long index, int start, int count, int segment, int table, CompiledInstance in) {
    in.tables[table].init(
        index,
        in.instance.element(segment),
        Integer.toUnsignedLong(start),
        Integer.toUnsignedLong(count));
  }

  public static void dropElement(int segment, CompiledInstance in) {
    in.instance.dropElement(segment);
  }
}
