package dev.sampan.wasm;

import dev.sampan.wasm.model.FuncType;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link HostFunction}: its arguments, and where its results go.
 *
 * <p>Arguments are counted from 0. Reading one as another type than the import declares throws
 * {@link IllegalArgumentException}; so does giving results that the import does not declare.
 */
public interface Call {

  /** The type that the import declares. */
  FuncType type();

  /** The instance whose code called. */
  Instance instance();

  /**
   * The calling instance's first memory.
   *
   * @throws IllegalStateException if it has none
   */
  Memory memory();

  /** An {@code i32} argument. */
  int i32(int index);

  /** An {@code i64} argument. */
  long i64(int index);

  /** An {@code f32} argument. */
  float f32(int index);

  /** An {@code f64} argument. */
  double f64(int index);

  /** A {@code v128} argument. */
  V128 v128(int index);

  /** A reference argument. */
  @Nullable Object ref(int index);

  /** Gives the next result, an {@code i32}. */
  void result(int value);

  /** Gives the next result, an {@code i64}. */
  void result(long value);

  /** Gives the next result, an {@code f32}. */
  void result(float value);

  /** Gives the next result, an {@code f64}. */
  void result(double value);

  /** Gives the next result, a {@code v128}. */
  void result(V128 value);

  /** Gives the next result, a reference of the declared type. */
  void resultRef(@Nullable Object value);
}
