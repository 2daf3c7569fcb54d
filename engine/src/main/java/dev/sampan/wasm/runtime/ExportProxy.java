package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.JavaTypes;
import dev.sampan.wasm.Results;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The exports of an instance behind a Java interface. */
final class ExportProxy implements InvocationHandler {

  private final ModuleInstance instance;
  private final Class<?> type;
  private final Map<Method, Func> functions = new HashMap<>();

  private ExportProxy(ModuleInstance instance, ExportBinding binding) {
    this.instance = instance;
    this.type = binding.type();
    for (ExportBinding.Target target : binding.targets()) {
      functions.put(target.method(), instance.function(target.function()));
    }
  }

  static Object create(ModuleInstance instance, ExportBinding binding) {
    Class<?> type = binding.type();
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new ExportProxy(instance, binding));
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
