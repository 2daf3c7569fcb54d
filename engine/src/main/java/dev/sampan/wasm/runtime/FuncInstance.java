package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A function instance: a guest's or a host's. */
public abstract sealed class FuncInstance implements Func permits WasmFunction, HostFunc {

  private final DefType definition;
  private final FuncType type;
  private final int slots;

  /** What a tier calls it through; made when first needed. */
  private volatile @Nullable Object callee;

  FuncInstance(DefType definition) {
    this.definition = definition;
    this.type = definition.function();
    this.slots = Math.max(Values.slots(type.parameters()), Values.slots(type.results()));
  }

  /** The function's closed type; its identity is what indirect calls compare. */
  public final DefType definition() {
    return definition;
  }

  @Override
  public final FuncType type() {
    return type;
  }

  @Override
  public final ExternFuncType externType() {
    return new ExternFuncType(definition);
  }

  /** What a tier has stored here to call it through, or null. */
  public final @Nullable Object callee() {
    return callee;
  }

  /** Stores something for a tier to call it through. */
  public final void callee(Object newCallee) {
    callee = newCallee;
  }

  /** How long the arrays for {@link #invoke} must be. */
  public final int slots() {
    return slots;
  }

  /** Calls with arguments in slots, as {@link Executor#invoke} describes. */
  public abstract void invoke(long[] numbers, @Nullable Object[] references);

  @Override
  public final Results call(@Nullable Object... arguments) {
    int count = type.parameters().size();
    if (arguments.length != count) {
      throw new IllegalArgumentException(
          this + " expects " + count + " arguments, found " + arguments.length);
    }
    long[] numbers = new long[slots];
    @Nullable Object[] references = new Object[slots];
    int slot = 0;
    for (int i = 0; i < count; i++) {
      slot = Values.store(type.parameters().get(i), arguments[i], numbers, references, slot);
    }
    invoke(numbers, references);
    return new Results(type, Values.load(type.results(), numbers, references));
  }

  @Override
  public final MethodHandle handle() {
    MethodHandle direct = direct();
    return direct != null ? direct : Handles.of(this);
  }

  /** A method handle better than one that calls with objects, or null. */
  abstract @Nullable MethodHandle direct();

  @Override
  public String toString() {
    return "function " + type;
  }
}
