package dev.sampan.wasm;

import dev.sampan.wasm.model.FuncType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call returned. Asking for a type that the result does not have throws {@link
 * IllegalArgumentException}.
 */
public final class Results {

  private final FuncType type;
  private final @Nullable Object[] values;

  /**
   * Results of a call.
   *
   * @param type the function's type
   * @param values one object per result: {@link Integer}, {@link Long}, {@link Float}, {@link
   *     Double}, {@link V128}, or a reference; the array is kept
   */
  public Results(FuncType type, @Nullable Object... values) {
    this.type = type;
    this.values = values;
  }

  /** The number of results. */
  public int size() {
    return values.length;
  }

  /** Result {@code index} as an object. */
  public @Nullable Object get(int index) {
    return values[index];
  }

  /** All results as objects. */
  public List<@Nullable Object> toList() {
    return Collections.unmodifiableList(Arrays.asList(values));
  }

  /** The first result, an {@code i32}. */
  public int i32() {
    return i32(0);
  }

  /** An {@code i32} result. */
  public int i32(int index) {
    return value(index, Integer.class);
  }

  /** The first result, an {@code i64}. */
  public long i64() {
    return i64(0);
  }

  /** An {@code i64} result. */
  public long i64(int index) {
    return value(index, Long.class);
  }

  /** The first result, an {@code f32}. */
  public float f32() {
    return f32(0);
  }

  /** An {@code f32} result. */
  public float f32(int index) {
    return value(index, Float.class);
  }

  /** The first result, an {@code f64}. */
  public double f64() {
    return f64(0);
  }

  /** An {@code f64} result. */
  public double f64(int index) {
    return value(index, Double.class);
  }

  /** The first result, a {@code v128}. */
  public V128 v128() {
    return value(0, V128.class);
  }

  private <T> T value(int index, Class<T> wanted) {
    Object value = index < values.length ? values[index] : null;
    if (!wanted.isInstance(value)) {
      throw new IllegalArgumentException(
          "result " + index + " of type " + type + " is no " + wanted.getSimpleName());
    }
    return wanted.cast(value);
  }

  @Override
  public String toString() {
    return toList().toString();
  }
}
