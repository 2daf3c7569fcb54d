package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The seam between the runtime and a tier that runs code. There is one executor per loaded module;
 * all instances of the module share it.
 */
public interface Executor {

  /**
   * Runs a function of an instance of the executor's module.
   *
   * <p>Values lie in slots: a {@code v128} takes two, the low half first, all else one. A reference
   * lies in {@code references} at its slot, everything else in {@code numbers}. Both arrays are as
   * long as the slots of the parameters or of the results need, whichever are more.
   *
   * @param function the function
   * @param numbers the arguments; holds the results afterwards
   * @param references the same for references
   */
  void invoke(WasmFunction function, long[] numbers, @Nullable Object[] references);

  /** Makes the objects that the code works with. */
  Aggregates aggregates();

  /** How long it took so far to make code from functions, in nanoseconds. */
  long compileNanos();

  /** Whether it calls functions of the module by {@link #callNumber}. */
  default boolean numbersCalls() {
    return false;
  }

  /**
   * A number by which the executor finds a function faster than by its object, or -1.
   *
   * @param function its index in the module, imports counted
   */
  default int callNumber(int function) {
    return -1;
  }

  /**
   * A function as a method handle of exactly its type as Java sees it, or null if the tier has no
   * better way than {@link #invoke}.
   */
  default @Nullable MethodHandle handle(WasmFunction function) {
    return null;
  }

  /**
   * An object that implements a Java interface by calling an instance's exports, or null if the
   * tier has no better way than {@link #invoke}.
   */
  default @Nullable Object implement(ModuleInstance instance, ExportBinding binding) {
    return null;
  }

  /** What the code asks whether it is to stop, if it asks through guards. */
  default List<Guard> guards() {
    return List.of();
  }
}
