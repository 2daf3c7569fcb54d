package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a host function. Results are kept apart until the function ends, so that giving one
 * does not overwrite an argument that is still to be read.
 */
final class HostCall implements Call {

  private final HostFunc function;
  private final @Nullable ModuleInstance caller;
  private final long[] numbers;
  private final @Nullable Object[] references;
  private final @Nullable Object[] results;
  private int given;

  HostCall(
      HostFunc function,
      @Nullable ModuleInstance caller,
      long[] numbers,
      @Nullable Object[] references) {
    this.function = function;
    this.caller = caller;
    this.numbers = numbers;
    this.references = references;
    this.results = new Object[function.type().results().size()];
  }

  void finish() {
    List<ValType> types = function.type().results();
    if (given != types.size()) {
      throw new IllegalArgumentException(
          function + " gave " + given + " of " + types.size() + " results");
    }
    int slot = 0;
    for (int i = 0; i < given; i++) {
      slot = Values.store(types.get(i), results[i], numbers, references, slot);
    }
  }

  @Override
  public FuncType type() {
    return function.type();
  }

  @Override
  public Instance instance() {
    if (caller == null) {
      throw new IllegalStateException(function + " was called by the host, not by an instance");
    }
    return caller;
  }

  @Override
  public Memory memory() {
    if (caller == null || caller.memories().length == 0) {
      throw new IllegalStateException(function + " was called by an instance without memory");
    }
    return caller.memories()[0];
  }

  private int slot(int index, ValType wanted) {
    List<ValType> parameters = function.type().parameters();
    if (index < 0 || index >= parameters.size()) {
      throw new IllegalArgumentException(
          function + " has " + parameters.size() + " parameters, asked for number " + index);
    }
    ValType actual = parameters.get(index);
    if (actual != wanted && !(actual instanceof RefType && wanted instanceof RefType)) {
      throw new IllegalArgumentException(
          "parameter " + index + " of " + function + " is " + actual + ", not " + wanted);
    }
    int slot = 0;
    for (int i = 0; i < index; i++) {
      slot += Values.slots(parameters.get(i));
    }
    return slot;
  }

  @Override
  public int i32(int index) {
    return (int) numbers[slot(index, NumType.I32)];
  }

  @Override
  public long i64(int index) {
    return numbers[slot(index, NumType.I64)];
  }

  @Override
  public float f32(int index) {
    return Float.intBitsToFloat((int) numbers[slot(index, NumType.F32)]);
  }

  @Override
  public double f64(int index) {
    return Double.longBitsToDouble(numbers[slot(index, NumType.F64)]);
  }

  @Override
  public V128 v128(int index) {
    int slot = slot(index, VecType.V128);
    return new V128(numbers[slot], numbers[slot + 1]);
  }

  @Override
  public @Nullable Object ref(int index) {
    return references[slot(index, RefType.EXTERNREF)];
  }

  private void give(@Nullable Object value) {
    List<ValType> types = function.type().results();
    if (given == types.size()) {
      throw new IllegalArgumentException(
          function + " has " + types.size() + " results, another one was given: " + value);
    }
    Values.check(types.get(given), value);
    results[given++] = value;
  }

  @Override
  public void result(int value) {
    give(value);
  }

  @Override
  public void result(long value) {
    give(value);
  }

  @Override
  public void result(float value) {
    give(value);
  }

  @Override
  public void result(double value) {
    give(value);
  }

  @Override
  public void result(V128 value) {
    give(value);
  }

  @Override
  public void resultRef(@Nullable Object value) {
    give(value);
  }
}
