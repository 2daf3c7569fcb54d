package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.HostFunc;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.WasmFunction;
import org.jspecify.annotations.Nullable;

/**
 * What compiled code calls a function through that it does not know: an import, or a function of
 * another instance or of the host. For each method descriptor there is one generated class below
 * this one with an abstract method {@code call}, and generated classes below that.
 */
public abstract class Callee {

  /** The function. */
  public final FuncInstance function;

  protected Callee(FuncInstance function) {
    this.function = function;
  }

  /** What a function is called through. */
  static Callee of(FuncInstance function) {
    if (function.callee() instanceof Callee known) {
      return known;
    }
    Callee made =
        function instanceof WasmFunction wasm
                && wasm.instance().module().executor() instanceof Compiler compiler
            ? compiler.instance(wasm.instance()).code.callee(wasm)
            : Callees.throughArrays(function);
    function.callee(made);
    return made;
  }

  /** Calls a function that takes its arguments in arrays. */
  public static void invoke(
      FuncInstance function,
      long[] numbers,
      @Nullable Object[] references,
      CompiledInstance caller) {
    if (function instanceof HostFunc host) {
      ModuleInstance instance = caller.instance;
      host.call(instance, numbers, references);
    } else {
      function.invoke(numbers, references);
    }
  }
}
