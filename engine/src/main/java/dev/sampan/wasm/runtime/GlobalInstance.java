package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Global;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.VecType;
import org.jspecify.annotations.Nullable;

/** A global: one or two words, or a reference. */
public final class GlobalInstance implements Global {

  private final GlobalType type;

  /** The value if it is a number, or the low half of a vector. */
  public long low;

  /** The high half of a vector. */
  public long high;

  /** The value if it is a reference. */
  public @Nullable Object reference;

  /**
   * A global with a value.
   *
   * @param type its closed type
   * @throws IllegalArgumentException if the value has another type
   */
  public GlobalInstance(GlobalType type, @Nullable Object value) {
    this.type = type;
    put(value);
  }

  @Override
  public GlobalType type() {
    return type;
  }

  @Override
  public GlobalType externType() {
    return type;
  }

  @Override
  public @Nullable Object get() {
    return switch (type.type()) {
      case NumType num ->
          switch (num) {
            case I32 -> (int) low;
            case I64 -> low;
            case F32 -> Float.intBitsToFloat((int) low);
            case F64 -> Double.longBitsToDouble(low);
          };
      case VecType vec -> new V128(low, high);
      case RefType ref -> reference;
    };
  }

  @Override
  public void set(@Nullable Object value) {
    if (!type.mutable()) {
      throw new IllegalArgumentException("the " + type + " is immutable");
    }
    put(value);
  }

  private void put(@Nullable Object value) {
    long[] numbers = new long[2];
    @Nullable Object[] references = new Object[2];
    Values.store(type.type(), value, numbers, references, 0);
    low = numbers[0];
    high = numbers[1];
    reference = references[0];
  }
}
