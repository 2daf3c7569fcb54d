package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.JavaNames;
import dev.sampan.wasm.JavaTypes;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.model.FuncType;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The exports of an instance behind a Java interface. */
final class ExportProxy implements InvocationHandler {

  private final ModuleInstance instance;
  private final Class<?> type;
  private final Map<Method, Func> functions = new HashMap<>();

  private ExportProxy(ModuleInstance instance, Class<?> type) {
    this.instance = instance;
    this.type = type;
  }

  static <T> T create(ModuleInstance instance, Class<T> type) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(type.getName() + " is no interface");
    }
    ExportProxy proxy = new ExportProxy(instance, type);
    for (Method method : type.getMethods()) {
      if (Modifier.isAbstract(method.getModifiers())) {
        proxy.functions.put(method, find(instance, method));
      }
    }
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, proxy));
  }

  private static Func find(ModuleInstance instance, Method method) {
    for (String name : JavaNames.of(method)) {
      if (instance.export(name).orElse(null) instanceof Func function) {
        if (!fits(function.type(), method)) {
          throw new LinkException(
              "incompatible export type: \""
                  + name
                  + "\" is "
                  + function.type()
                  + ", the Java method is "
                  + method);
        }
        return function;
      }
    }
    throw new LinkException(
        "unknown export: "
            + instance.module()
            + " has no function "
            + JavaNames.of(method)
            + " for the Java method "
            + method);
  }

  private static boolean fits(FuncType type, Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    List<?> declared = type.parameters();
    if (parameters.length != declared.size()) {
      return false;
    }
    for (int i = 0; i < parameters.length; i++) {
      if (!JavaTypes.fits(parameters[i], type.parameters().get(i))) {
        return false;
      }
    }
    Class<?> result = method.getReturnType();
    return switch (type.results().size()) {
      case 0 -> result == void.class;
      case 1 -> JavaTypes.fits(result, type.results().getFirst());
      default -> result == Results.class;
    };
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    Func function = functions.get(method);
    if (function != null) {
      return call(function, method, arguments == null ? new Object[0] : arguments);
    }
    if (method.isDefault()) {
      return Modifier.isPublic(method.getDeclaringClass().getModifiers())
          ? InvocationHandler.invokeDefault(proxy, method, arguments)
          : invokeHidden(proxy, method, arguments == null ? new Object[0] : arguments);
    }
    return switch (method.getName()) {
      case "equals" -> proxy == Objects.requireNonNull(arguments)[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> type.getSimpleName() + " of " + instance;
    };
  }

  /** A default method of an interface that is not public. */
  private static @Nullable Object invokeHidden(
      Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
    Class<?> declaring = method.getDeclaringClass();
    return MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
        .unreflectSpecial(method, declaring)
        .bindTo(proxy)
        .invokeWithArguments(arguments);
  }

  private static @Nullable Object call(Func function, Method method, @Nullable Object[] arguments) {
    @Nullable Object[] values = new Object[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = JavaTypes.toWasm(arguments[i]);
    }
    Results results = function.call(values);
    return switch (results.size()) {
      case 0 -> null;
      case 1 -> JavaTypes.toJava(results.get(0), method.getReturnType());
      default -> results;
    };
  }
}
