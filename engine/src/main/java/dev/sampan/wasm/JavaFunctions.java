package dev.sampan.wasm;

import dev.sampan.wasm.model.ExternFuncType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The methods of an interface, offered as functions for import. */
final class JavaFunctions {

  private JavaFunctions() {}

  static <T> ImportSource of(Class<T> type, T object) {
    Map<String, Method> methods = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        for (String name : JavaNames.of(method)) {
          Method other = methods.put(name, method);
          if (other != null) {
            throw new IllegalArgumentException(
                "two methods stand for the import " + name + ": " + other + " and " + method);
          }
        }
      }
    }
    return wanted -> {
      Method method = methods.get(wanted.name());
      return method == null || !(wanted.type() instanceof ExternFuncType)
          ? Optional.empty()
          : Optional.of(new MethodFunction(method, object, wanted));
    };
  }

  /** Runs a method and passes on what it throws. */
  static Object invoke(Method method, Object target, Object[] arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      switch (e.getTargetException()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException("the imported method " + method + " failed", e);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " cannot be called: make its interface public", e);
    }
  }
}
