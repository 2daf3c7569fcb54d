package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A function that a module defines, as one instance has it. */
public final class WasmFunction extends FuncInstance {

  private final ModuleInstance instance;
  private final int index;
  private final int callNumber;

  WasmFunction(ModuleInstance instance, int index) {
    super(instance.module().types().type(instance.module().definition().functionType(index)));
    this.instance = instance;
    this.index = index;
    this.callNumber = instance.module().executor().callNumber(index);
  }

  /** The instance it belongs to. */
  public ModuleInstance instance() {
    return instance;
  }

  /** Its index in the module, imports counted. */
  public int index() {
    return index;
  }

  /** The number by which the executor finds it, or -1. */
  public int callNumber() {
    return callNumber;
  }

  @Override
  public void invoke(long[] numbers, @Nullable Object[] references) {
    boolean outermost = instance.enter();
    try {
      instance.module().executor().invoke(this, numbers, references);
    } catch (RuntimeException e) {
      throw outermost ? instance.outcome(e) : e;
    } finally {
      if (outermost) {
        instance.leave();
      }
    }
  }

  @Override
  @Nullable MethodHandle direct() {
    return instance.module().executor().handle(this);
  }

  @Override
  public String toString() {
    return "function " + instance.module().functionName(index) + " " + type();
  }
}
