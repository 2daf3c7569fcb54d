package dev.sampan.wasm.compile;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.HostFunc;
import dev.sampan.wasm.runtime.Values;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the classes call through which compiled code calls methods of the host. */
public final class MethodSupport {

  private MethodSupport() {}

  /** The method that a generated class calls. */
  public static MethodHandle handle(Class<?> generated) {
    return ((MethodCallee.Loader) Objects.requireNonNull(generated.getClassLoader())).handle;
  }

  public static Instance caller(FuncInstance function, CompiledInstance caller) {
    return ((HostFunc) function).caller(caller.instance);
  }

  public static Memory memory(FuncInstance function, CompiledInstance caller) {
    return ((HostFunc) function).memory(caller.instance);
  }

  public static V128 vector(long low, long high) {
    return new V128(low, high);
  }

  /** Returns the low half of a result, and leaves the other for the caller to take. */
  public static long leaveVector(
      @Nullable V128 vector, FuncInstance function, CompiledInstance caller) {
    if (vector == null) {
      throw refused(null, function);
    }
    caller.results[1] = vector.high();
    return vector.low();
  }

  /** Refuses a result that is not of the declared type. */
  public static @Nullable Object checked(@Nullable Object result, FuncInstance function) {
    Values.check(function.type().results().getFirst(), result);
    return result;
  }

  private static IllegalArgumentException refused(@Nullable Object result, FuncInstance function) {
    return new IllegalArgumentException(
        "result 0 of "
            + function
            + " is "
            + function.type().results().getFirst()
            + ", found "
            + result);
  }

  public static Call begin(
      FuncInstance function,
      long[] numbers,
      @Nullable Object[] references,
      CompiledInstance caller) {
    return ((HostFunc) function).begin(caller.instance, numbers, references);
  }

  public static void end(Call call, FuncInstance function) {
    ((HostFunc) function).end(call);
  }

  /** What passes on to the guest for something that a method has thrown. */
  public static RuntimeException failed(Throwable thrown, FuncInstance function) {
    return ((HostFunc) function).failure(thrown);
  }
}
