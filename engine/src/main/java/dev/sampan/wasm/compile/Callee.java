package dev.sampan.wasm.compile;

import dev.sampan.wasm.MethodFunction;
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
    Callee made = isQuick(function) ? make(function) : new Making(function).done();
    function.callee(made);
    return made;
  }

  /** Whether the classes are there already. */
  private static boolean isQuick(FuncInstance function) {
    return function instanceof HostFunc host
        && (host.function() instanceof MethodFunction method
            ? method.method().callee() != null
            : CalleeType.of(host.definition()).throughArrays != null);
  }

  /** The making of what a function is called through. */
  private static final class Making extends Linking<Callee> {

    private final FuncInstance function;

    Making(FuncInstance function) {
      this.function = function;
    }

    @Override
    Callee work() {
      return make(function);
    }

    @Override
    String what() {
      return function.toString();
    }
  }

  /** The making of what a hot function of the host is called through. */
  private static final class Heating extends Linking<Callee> {

    private final HostFunc function;

    Heating(HostFunc function) {
      this.function = function;
    }

    @Override
    Callee work() {
      return HotHostCallee.of(function);
    }

    @Override
    String what() {
      return function.toString();
    }
  }

  private static Callee make(FuncInstance function) {
    if (function instanceof WasmFunction wasm
        && wasm.instance().module().executor() instanceof Compiler compiler) {
      return compiler.instance(wasm.instance()).code.callee(wasm);
    }
    Callee made = function instanceof HostFunc host ? MethodCallee.of(host) : null;
    return made != null ? made : Callees.throughArrays(function);
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
      if (host.becomesHot() && !CalleeType.of(host.definition()).shape.wide) {
        host.callee(new Heating(host).done());
        caller.relink(host);
      }
    } else {
      function.invoke(numbers, references);
    }
  }
}
