package dev.sampan.wasm;

import dev.sampan.wasm.model.ExternFuncType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The methods of an interface, offered as functions for import. */
final class JavaFunctions {

  /** The methods of each interface by the names of imports. */
  private static final ClassValue<Map<String, JavaMethod>> METHODS =
      new ClassValue<>() {
        @Override
        protected Map<String, JavaMethod> computeValue(Class<?> type) {
          return methods(type);
        }
      };

  private JavaFunctions() {}

  private static Map<String, JavaMethod> methods(Class<?> type) {
    Map<String, JavaMethod> methods = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        JavaMethod found = new JavaMethod(method);
        for (String name : JavaNames.of(method)) {
          JavaMethod other = methods.put(name, found);
          if (other != null) {
            throw new IllegalArgumentException(
                "two methods stand for the import " + name + ": " + other + " and " + method);
          }
        }
      }
    }
    return Map.copyOf(methods);
  }

  static <T> ImportSource of(Class<T> type, T object) {
    Map<String, JavaMethod> methods = METHODS.get(type);
    return wanted -> {
      JavaMethod method = methods.get(wanted.name());
      return method == null || !(wanted.type() instanceof ExternFuncType)
          ? Optional.empty()
          : Optional.of(new MethodFunction(method, object, wanted));
    };
  }
}
