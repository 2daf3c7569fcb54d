package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.JavaTypes;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.model.FuncType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Functions as method handles of exactly their type. */
final class Handles {

  private static final MethodHandle CALL;

  static {
    try {
      CALL =
          MethodHandles.lookup()
              .findStatic(
                  Handles.class,
                  "call",
                  MethodType.methodType(Object.class, Func.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Handles() {}

  /** The type of the method handle of a function. */
  static MethodType type(FuncType type) {
    Class<?>[] parameters =
        type.parameters().stream().map(JavaTypes::carrier).toArray(Class<?>[]::new);
    Class<?> result =
        switch (type.results().size()) {
          case 0 -> void.class;
          case 1 -> JavaTypes.carrier(type.results().getFirst());
          default -> Results.class;
        };
    return MethodType.methodType(result, parameters);
  }

  /** A method handle that calls with objects. */
  static MethodHandle of(Func function) {
    MethodType type = type(function.type());
    return CALL.bindTo(function).asCollector(Object[].class, type.parameterCount()).asType(type);
  }

  private static @Nullable Object call(Func function, @Nullable Object[] arguments) {
    Results results = function.call(arguments);
    return switch (results.size()) {
      case 0 -> null;
      case 1 -> results.get(0);
      default -> results;
    };
  }
}
