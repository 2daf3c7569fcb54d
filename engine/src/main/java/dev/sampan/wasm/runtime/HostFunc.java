package dev.sampan.wasm.runtime;

import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.model.DefType;
import org.jspecify.annotations.Nullable;

/** A Java function with the type that an import, or the host, gave it. */
public final class HostFunc extends FuncInstance {

  private final HostFunction function;
  private final String name;

  /**
   * Gives a Java function a type.
   *
   * @param name what messages call it
   */
  public HostFunc(DefType type, HostFunction function, String name) {
    super(type);
    this.function = function;
    this.name = name;
  }

  @Override
  public void invoke(long[] numbers, @Nullable Object[] references) {
    call(null, numbers, references);
  }

  /**
   * Calls on behalf of an instance.
   *
   * @param caller the instance that calls, or null for the host
   */
  public void call(@Nullable ModuleInstance caller, long[] numbers, @Nullable Object[] references) {
    HostCall call = new HostCall(this, caller, numbers, references);
    function.call(call);
    call.finish();
  }

  @Override
  public String toString() {
    return "host function " + name + " " + type();
  }
}
