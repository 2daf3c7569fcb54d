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
import org.jspecify.annotations.Nullable;

/**
 * A call of a host function. Results are kept apart until the function ends, so that giving one
 * does not overwrite an argument that is still to be read: the first one in fields, because most
 * functions have no other.
 */
final class HostCall implements Call {

  private final HostFunc function;
  private final CallLayout layout;
  private final @Nullable ModuleInstance caller;
  private final long[] numbers;
  private final @Nullable Object[] references;
  private int given;
  private int slot;
  private long low;
  private long high;
  private @Nullable Object reference;
  private long @Nullable [] moreNumbers;
  private @Nullable Object @Nullable [] moreReferences;

  HostCall(
      HostFunc function,
      CallLayout layout,
      @Nullable ModuleInstance caller,
      long[] numbers,
      @Nullable Object[] references) {
    this.function = function;
    this.layout = layout;
    this.caller = caller;
    this.numbers = numbers;
    this.references = references;
  }

  @Nullable ModuleInstance caller() {
    return caller;
  }

  void finish() {
    ValType[] types = layout.results;
    if (given != types.length) {
      throw new IllegalArgumentException(
          function + " gave " + given + " of " + types.length + " results");
    }
    if (given == 0) {
      return;
    }
    switch (types[0]) {
      case NumType num -> numbers[0] = low;
      case RefType ref -> references[0] = reference;
      case VecType vec -> {
        numbers[0] = low;
        numbers[1] = high;
      }
    }
    if (moreNumbers != null && moreReferences != null) {
      int first = Values.slots(types[0]);
      System.arraycopy(moreNumbers, first, numbers, first, slot - first);
      System.arraycopy(moreReferences, first, references, first, slot - first);
    }
  }

  @Override
  public FuncType type() {
    return layout.type;
  }

  @Override
  public Instance instance() {
    return function.caller(caller);
  }

  @Override
  public Memory memory() {
    return function.memory(caller);
  }

  // ---- arguments ----

  private int slot(int index, ValType wanted) {
    ValType[] parameters = layout.parameters;
    if (index < 0 || index >= parameters.length) {
      throw new IllegalArgumentException(
          function + " has " + parameters.length + " parameters, asked for number " + index);
    }
    ValType actual = parameters[index];
    if (actual != wanted && !(actual instanceof RefType && wanted instanceof RefType)) {
      throw new IllegalArgumentException(
          "parameter " + index + " of " + function + " is " + actual + ", not " + wanted);
    }
    return layout.parameterSlots[index];
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
    int first = slot(index, VecType.V128);
    return new V128(numbers[first], numbers[first + 1]);
  }

  @Override
  public @Nullable Object ref(int index) {
    return references[slot(index, RefType.EXTERNREF)];
  }

  // ---- results ----

  private boolean isNext(ValType type) {
    return given < layout.results.length && layout.results[given] == type;
  }

  private IllegalArgumentException refused(@Nullable Object value) {
    ValType[] types = layout.results;
    return new IllegalArgumentException(
        given == types.length
            ? function + " has " + types.length + " results, another one was given: " + value
            : "result " + given + " of " + function + " is " + types[given] + ", found " + value);
  }

  private void number(long bits) {
    if (given++ == 0) {
      low = bits;
    } else {
      numbers()[slot] = bits;
    }
    slot++;
  }

  private long[] numbers() {
    long[] more = moreNumbers;
    if (more == null) {
      more = new long[layout.resultSlots];
      moreNumbers = more;
      moreReferences = new Object[layout.resultSlots];
    }
    return more;
  }

  private @Nullable Object[] references() {
    numbers();
    @Nullable Object[] more = moreReferences;
    return more == null ? new Object[0] : more;
  }

  @Override
  public void result(int value) {
    if (!isNext(NumType.I32)) {
      throw refused(value);
    }
    number(value);
  }

  @Override
  public void result(long value) {
    if (!isNext(NumType.I64)) {
      throw refused(value);
    }
    number(value);
  }

  @Override
  public void result(float value) {
    if (!isNext(NumType.F32)) {
      throw refused(value);
    }
    number(Float.floatToRawIntBits(value));
  }

  @Override
  public void result(double value) {
    if (!isNext(NumType.F64)) {
      throw refused(value);
    }
    number(Double.doubleToRawLongBits(value));
  }

  @Override
  public void result(V128 value) {
    if (!isNext(VecType.V128)) {
      throw refused(value);
    }
    Values.check(VecType.V128, value);
    if (given == 0) {
      high = value.high();
      number(value.low());
      slot++;
    } else {
      number(value.low());
      numbers()[slot++] = value.high();
    }
  }

  @Override
  public void resultRef(@Nullable Object value) {
    if (given == layout.results.length || !(layout.results[given] instanceof RefType type)) {
      throw refused(value);
    }
    Values.check(type, value);
    if (given++ == 0) {
      reference = value;
    } else {
      references()[slot] = value;
    }
    slot++;
  }
}
