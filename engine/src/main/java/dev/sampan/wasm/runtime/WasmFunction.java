package dev.sampan.wasm.runtime;

import org.jspecify.annotations.Nullable;

/** A function that a module defines, as one instance has it. */
public final class WasmFunction extends FuncInstance {

  private final ModuleInstance instance;
  private final int index;

  WasmFunction(ModuleInstance instance, int index) {
    super(instance.module().types().type(instance.module().definition().functionType(index)));
    this.instance = instance;
    this.index = index;
  }

  /** The instance it belongs to. */
  public ModuleInstance instance() {
    return instance;
  }

  /** Its index in the module, imports counted. */
  public int index() {
    return index;
  }

  @Override
  public void invoke(long[] numbers, @Nullable Object[] references) {
    instance.enter();
    try {
      instance.module().executor().invoke(this, numbers, references);
    } finally {
      instance.leave();
    }
  }

  @Override
  public String toString() {
    return "function " + instance.module().functionName(index) + " " + type();
  }
}
