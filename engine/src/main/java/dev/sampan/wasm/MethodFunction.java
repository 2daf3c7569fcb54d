package dev.sampan.wasm;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Java method as a host function. Its types are checked once, when it is linked. */
public final class MethodFunction implements HostFunction {

  private final JavaMethod method;
  private final Object target;
  private final FuncType type;

  MethodFunction(JavaMethod method, Object target, ImportType wanted) {
    this.method = method;
    this.target = target;
    this.type = ((DefType) ((ExternFuncType) wanted.type()).type()).function();
    if (!fits(method.method().getParameterTypes(), method.leadingCount())) {
      throw new LinkException(
          "incompatible import type: \""
              + wanted.module()
              + "\" \""
              + wanted.name()
              + "\" is declared as "
              + type
              + ", the Java method is "
              + method);
    }
  }

  private boolean fits(Class<?>[] parameters, int leading) {
    List<ValType> declared = type.parameters();
    if (parameters.length - leading != declared.size()) {
      return false;
    }
    for (int i = 0; i < declared.size(); i++) {
      if (!JavaTypes.fits(parameters[leading + i], declared.get(i))) {
        return false;
      }
    }
    Class<?> result = method.method().getReturnType();
    return switch (type.results().size()) {
      case 0 -> result == void.class;
      case 1 -> JavaTypes.fits(result, type.results().getFirst());
      default -> false;
    };
  }

  /** The method. */
  public JavaMethod method() {
    return method;
  }

  /** The object whose method it is. */
  public Object target() {
    return target;
  }

  @Override
  public void call(Call call) {
    Class<?>[] parameters = method.method().getParameterTypes();
    @Nullable Object[] arguments = new Object[parameters.length];
    int leading = method.leadingCount();
    if (leading == 1) {
      arguments[0] = method.leading() == Memory.class ? call.memory() : call.instance();
    }
    for (int i = 0; i < type.parameters().size(); i++) {
      Object value = JavaTypes.argument(call, i, type.parameters().get(i));
      Class<?> parameter = parameters[leading + i];
      Object argument = JavaTypes.toJava(value, parameter);
      arguments[leading + i] = parameter.isPrimitive() ? argument : parameter.cast(argument);
    }
    Object result = invoke(arguments);
    if (!type.results().isEmpty()) {
      JavaTypes.result(call, type.results().getFirst(), JavaTypes.toWasm(result));
    }
  }

  private @Nullable Object invoke(@Nullable Object[] arguments) {
    Method called = method.method();
    try {
      return called.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw failure(e.getTargetException());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(called + " cannot be called: make its interface public", e);
    }
  }

  /** What passes on to the guest's caller for something that the method has thrown. */
  public RuntimeException failure(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException("the imported method " + method + " failed", thrown);
    };
  }
}
