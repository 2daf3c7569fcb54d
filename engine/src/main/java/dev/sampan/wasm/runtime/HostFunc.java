package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.MethodFunction;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A Java function with the type that an import, or the host, gave it. */
public final class HostFunc extends FuncInstance {

  private static final MethodHandle FAILURE;

  static {
    try {
      FAILURE =
          MethodHandles.lookup()
              .findVirtual(
                  HostFunc.class,
                  "failure",
                  MethodType.methodType(RuntimeException.class, Throwable.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int HOT = 5_000;

  private final HostFunction function;
  private final CallLayout layout;
  private final String name;
  private int calls;

  /**
   * Gives a Java function a type.
   *
   * @param name what messages call it
   */
  public HostFunc(DefType type, HostFunction function, String name) {
    this(type, CallLayout.of(type.function()), function, name);
  }

  /** Gives a Java function a type whose layout is known. */
  HostFunc(DefType type, CallLayout layout, HostFunction function, String name) {
    super(type);
    this.function = function;
    this.layout = layout;
    this.name = name;
  }

  /** What the host gave. */
  public HostFunction function() {
    return function;
  }

  CallLayout layout() {
    return layout;
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
    Call call = begin(caller, numbers, references);
    try {
      function.call(call);
    } catch (IndexOutOfBoundsException e) {
      throw recognisable(e);
    }
    end(call);
  }

  /** The object of a call that is about to be made; a guest that is paused waits before it. */
  public Call begin(
      @Nullable ModuleInstance caller, long[] numbers, @Nullable Object[] references) {
    if (caller != null) {
      caller.heedAtBorder();
    }
    return new HostCall(this, layout, caller, numbers, references);
  }

  /**
   * Puts the results of a call that was made into the arrays. A guest that was paused meanwhile
   * waits before it sees them.
   */
  public void end(Call call) {
    HostCall made = (HostCall) call;
    made.finish();
    ModuleInstance caller = made.caller();
    if (caller != null) {
      caller.heedAtBorder();
    }
  }

  /** Counts a call, and says whether it is the one by which the function counts as hot. */
  public boolean becomesHot() {
    return ++calls == HOT;
  }

  /**
   * The instance that calls.
   *
   * @throws IllegalStateException if it is the host
   */
  public ModuleInstance caller(@Nullable ModuleInstance caller) {
    if (caller == null) {
      throw new IllegalStateException(this + " was called by the host, not by an instance");
    }
    return caller;
  }

  /**
   * The first memory of the instance that calls.
   *
   * @throws IllegalStateException if there is none
   */
  public MemoryInstance memory(@Nullable ModuleInstance caller) {
    if (caller == null || caller.memories().length == 0) {
      throw new IllegalStateException(this + " was called by an instance without memory");
    }
    return caller.memories()[0];
  }

  /**
   * The exception of a host function such that it cannot be taken for one of compiled code, which
   * tells its own by the place where they were thrown: HotSpot throws exceptions without any trace
   * where one place has thrown very often.
   */
  public RuntimeException recognisable(IndexOutOfBoundsException thrown) {
    if (thrown.getStackTrace().length > 0) {
      return thrown;
    }
    StackTraceElement place = place();
    thrown.setStackTrace(new StackTraceElement[] {place});
    if (thrown.getStackTrace().length > 0) {
      return thrown;
    }
    // those of HotSpot itself cannot be changed
    ArrayIndexOutOfBoundsException other = new ArrayIndexOutOfBoundsException(thrown.getMessage());
    StackTraceElement[] here = other.getStackTrace();
    StackTraceElement[] trace = new StackTraceElement[here.length + 1];
    trace[0] = place;
    System.arraycopy(here, 0, trace, 1, here.length);
    other.setStackTrace(trace);
    return other;
  }

  private StackTraceElement place() {
    if (function instanceof MethodFunction method) {
      Method called = method.method().method();
      String owner = method.target().getClass().getName();
      return new StackTraceElement(owner, called.getName(), null, -1);
    }
    return new StackTraceElement(function.getClass().getName(), "call", null, -1);
  }

  /** What passes on to the guest for something that a Java method has thrown. */
  public RuntimeException failure(Throwable thrown) {
    if (thrown instanceof IndexOutOfBoundsException e) {
      return recognisable(e);
    }
    if (thrown instanceof RuntimeException e) {
      return e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (function instanceof MethodFunction method) {
      return method.failure(thrown);
    }
    return new IllegalStateException(this + " failed", thrown);
  }

  @Override
  @Nullable MethodHandle direct() {
    if (function instanceof MethodFunction method
        && method.method().leading() == void.class
        && type().parameters().stream().allMatch(HostFunc::holdsAnything)
        && type().results().stream().allMatch(HostFunc::holdsAnything)) {
      MethodHandle handle = method.method().handle();
      if (handle != null && handle.type().parameterCount() < 250) {
        MethodHandle bound = handle.bindTo(method.target()).asType(Handles.type(type()));
        MethodHandle thrower =
            MethodHandles.throwException(bound.type().returnType(), RuntimeException.class);
        return MethodHandles.catchException(
            bound,
            Throwable.class,
            MethodHandles.filterArguments(thrower, 0, FAILURE.bindTo(this)));
      }
    }
    return null;
  }

  /** Whether each object of the class that stands for a type in Java is a value of the type. */
  private static boolean holdsAnything(ValType type) {
    return type instanceof NumType
        || type instanceof RefType reference
            && reference.nullable()
            && (reference.heap() == AbstractHeapType.ANY
                || reference.heap() == AbstractHeapType.EXTERN);
  }

  @Override
  public String toString() {
    return "host function " + name + " " + type();
  }
}
