package dev.sampan.wasm;

import dev.sampan.wasm.model.TableType;
import org.jspecify.annotations.Nullable;

/**
 * A table of references (Execution › Runtime Structure › Table Instances). Indices are unsigned; an
 * access past the end throws {@link Trap} with kind {@link Trap.Kind#OUT_OF_BOUNDS_TABLE}.
 */
public non-sealed interface Table extends Extern {

  /** The type, with the present size as minimum. */
  TableType type();

  /** The number of elements. */
  long size();

  /** The element at an index. */
  @Nullable Object get(long index);

  /**
   * Sets the element at an index.
   *
   * @throws IllegalArgumentException if the value is not of the element type
   */
  void set(long index, @Nullable Object value);

  /**
   * Adds elements.
   *
   * @return the size before, or -1 if the limits forbid the growth
   */
  long grow(long count, @Nullable Object value);
}
