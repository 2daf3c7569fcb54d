package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Table;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.TableType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A table of references. Growth reserves in steps, so that growing by one is cheap. */
public final class TableInstance implements Table {

  /** What an element counts as in the budget of memory: the reference, and the number. */
  static final int ELEMENT_BYTES = 8;

  private final TableType type;
  private final Budget budget;

  /** The instance whose own functions are found by number here, or null. */
  public final @Nullable ModuleInstance owner;

  private @Nullable Object[] elements;

  /** Per element the number of the owner's function, or -1; kept only if there is an owner. */
  private int[] targets = {};

  private int size;

  /**
   * A table whose elements are all the same.
   *
   * @throws Trap if there is no room for it
   */
  TableInstance(
      TableType type, @Nullable Object value, Budget budget, @Nullable ModuleInstance owner) {
    this.type = type;
    this.owner = owner;
    this.budget = budget;
    long min = type.limits().min();
    if (min < 0 || min > Integer.MAX_VALUE - 8 || !budget.reserve(min)) {
      throw tooLarge(min);
    }
    try {
      elements = new Object[(int) min];
    } catch (OutOfMemoryError e) {
      budget.release(min);
      throw tooLarge(min);
    }
    size = (int) min;
    Arrays.fill(elements, value);
    changed(0, size);
  }

  /** Keeps the numbers in step with a range of elements. */
  private void changed(int from, int to) {
    if (owner == null) {
      return;
    }
    if (targets.length < elements.length) {
      int before = targets.length;
      targets = Arrays.copyOf(targets, elements.length);
      Arrays.fill(targets, before, targets.length, -1);
    }
    for (int i = from; i < to; i++) {
      targets[i] =
          elements[i] instanceof WasmFunction function && function.instance() == owner
              ? function.callNumber()
              : -1;
    }
  }

  /** The number of the owner's function at an index, or -1 if there is none. */
  public int target(int index) {
    int[] known = targets;
    return index >= 0 && index < known.length ? known[index] : -1;
  }

  private static Trap tooLarge(long count) {
    return new Trap(
        Trap.Kind.ALLOCATION_FAILURE,
        "allocation failure: a table of " + Long.toUnsignedString(count) + " elements");
  }

  @Override
  public TableType type() {
    Limits declared = type.limits();
    return new TableType(
        type.address(), new Limits(size, declared.max(), declared.bounded()), type.element());
  }

  @Override
  public TableType externType() {
    return type();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public @Nullable Object get(long index) {
    return elements[check(index)];
  }

  @Override
  public void set(long index, @Nullable Object value) {
    Values.check(type.element(), value);
    put(index, value);
  }

  /** Sets an element that is known to be of the right type. */
  public void put(long index, @Nullable Object value) {
    int i = check(index);
    elements[i] = value;
    changed(i, i + 1);
  }

  /** The element at an index for a call. */
  public @Nullable Object callee(long index) {
    if (index < 0 || index >= size) {
      throw new Trap(
          Trap.Kind.UNDEFINED_ELEMENT,
          "undefined element " + Long.toUnsignedString(index) + " of a table of " + size);
    }
    return elements[(int) index];
  }

  private int check(long index) {
    if (index < 0 || index >= size) {
      throw outOfBounds();
    }
    return (int) index;
  }

  private static Trap outOfBounds() {
    return new Trap(Trap.Kind.OUT_OF_BOUNDS_TABLE);
  }

  private static void checkRange(long index, long count, long size) {
    if (index < 0 || count < 0 || index > size - count) {
      throw outOfBounds();
    }
  }

  /** A copy of the elements. */
  @Nullable Object[] toArray() {
    return Arrays.copyOf(elements, size);
  }

  /** Makes other elements of it, which become its own. */
  void restore(@Nullable Object[] newElements) {
    if (newElements.length > size) {
      if (!budget.reserve(newElements.length - size)) {
        throw tooLarge(newElements.length);
      }
    } else {
      budget.release(size - newElements.length);
    }
    elements = newElements;
    size = newElements.length;
    targets = new int[0];
    changed(0, size);
  }

  @Override
  public long grow(long count, @Nullable Object value) {
    long limit = Integer.MAX_VALUE - 8L;
    Limits declared = type.limits();
    if (declared.bounded() && declared.max() >= 0) {
      limit = Math.min(limit, declared.max());
    }
    if (count < 0 || count > limit - size || !budget.reserve(count)) {
      return -1;
    }
    int before = size;
    int after = (int) (size + count);
    if (after > elements.length) {
      try {
        long spare = Math.min(limit, Math.max(after, elements.length + (elements.length >> 1)));
        elements = Arrays.copyOf(elements, (int) spare);
      } catch (OutOfMemoryError e) {
        budget.release(count);
        return -1;
      }
    }
    Arrays.fill(elements, before, after, value);
    size = after;
    changed(before, after);
    return before;
  }

  /** Sets a range (Execution › Table Instructions › table.fill). */
  public void fill(long index, @Nullable Object value, long count) {
    checkRange(index, count, size);
    for (long done = 0; done < count; done += STEP) {
      Interruptions.poll();
      int from = (int) (index + done);
      int to = (int) (index + Math.min(done + STEP, count));
      Arrays.fill(elements, from, to, value);
      changed(from, to);
    }
  }

  /** So many elements are set at a time; in between guests can be stopped. */
  private static final int STEP = 1 << 18;

  /** Copies a range from a table, which may be this one. */
  public void copy(long index, TableInstance source, long sourceIndex, long count) {
    checkRange(sourceIndex, count, source.size);
    checkRange(index, count, size);
    boolean backwards = source == this && sourceIndex < index;
    for (long done = 0; done < count; done += STEP) {
      Interruptions.poll();
      int part = (int) Math.min(STEP, count - done);
      long at = backwards ? count - done - part : done;
      int to = (int) (index + at);
      System.arraycopy(source.elements, (int) (sourceIndex + at), elements, to, part);
      changed(to, to + part);
    }
  }

  /** Copies a range from a segment; a dropped segment is empty. */
  public void init(long index, @Nullable Object[] segment, long offset, long count) {
    checkRange(offset, count, segment.length);
    checkRange(index, count, size);
    System.arraycopy(segment, (int) offset, elements, (int) index, (int) count);
    changed((int) index, (int) (index + count));
  }
}
