package dev.sampan.wasm.compile;

import dev.sampan.wasm.Results;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.Values;
import org.jspecify.annotations.Nullable;

/** What the methods call through which Java enters compiled code. */
public final class EntrySupport {

  private EntrySupport() {}

  /** Enters an instance; the result is for {@link #leave}. */
  public static boolean enter(Object instance) {
    return ((ModuleInstance) instance).enter();
  }

  public static void leave(boolean outermost, Object instance) {
    if (outermost) {
      ((ModuleInstance) instance).leave();
    }
  }

  /** Leaves an instance in which something was thrown, and says what is to be thrown. */
  public static RuntimeException failed(Throwable thrown, boolean outermost, Object instance) {
    ModuleInstance left = (ModuleInstance) instance;
    if (outermost) {
      // first of all: what comes then may need more stack than there is
      left.leave();
    }
    RuntimeException outcome = Compiler.outcome(thrown);
    return outermost ? left.outcome(outcome) : outcome;
  }

  /** What compiled code knows an instance by. */
  public static CompiledInstance inside(Object instance) {
    return ((ModuleInstance) instance).executorState() instanceof CompiledInstance known
        ? known
        : Compiler.instanceOf((ModuleInstance) instance);
  }

  /** Refuses a reference that is not of the type that a parameter of a function type has. */
  public static @Nullable Object checked(
      @Nullable Object value, int type, int parameter, CompiledInstance in) {
    Values.check(in.types.type(type).function().parameters().get(parameter), value);
    return value;
  }

  public static long low(@Nullable V128 vector) {
    return present(vector).low();
  }

  public static long high(@Nullable V128 vector) {
    return present(vector).high();
  }

  private static V128 present(@Nullable V128 vector) {
    if (vector == null) {
      Values.check(VecType.V128, null);
      throw new AssertionError("null is no vector");
    }
    return vector;
  }

  /** The vector whose high half waits among the results. */
  public static V128 takeVector(long low, CompiledInstance in) {
    return new V128(low, in.results[1]);
  }

  /** All results of a function of a type, of which the first slot is in the arrays already. */
  public static Results results(
      long[] numbers, @Nullable Object[] references, int type, CompiledInstance in) {
    CallSupport.takeResults(in, numbers, references, numbers.length);
    FuncType function = in.types.type(type).function();
    return new Results(function, Values.load(function.results(), numbers, references));
  }
}
