package dev.sampan.wasm;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Java method as a host function. Its types are checked once, when it is linked. */
final class MethodFunction implements HostFunction {

  private final Method method;
  private final Object target;
  private final FuncType type;
  private final int leading;

  MethodFunction(Method method, Object target, ImportType wanted) {
    this.method = method;
    this.target = target;
    this.type = ((DefType) ((ExternFuncType) wanted.type()).type()).function();
    Class<?>[] parameters = method.getParameterTypes();
    this.leading =
        parameters.length > 0 && (parameters[0] == Memory.class || parameters[0] == Instance.class)
            ? 1
            : 0;
    if (!fits(parameters)) {
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
    method.trySetAccessible();
  }

  private boolean fits(Class<?>[] parameters) {
    List<ValType> declared = type.parameters();
    if (parameters.length - leading != declared.size()) {
      return false;
    }
    for (int i = 0; i < declared.size(); i++) {
      if (!JavaTypes.fits(parameters[leading + i], declared.get(i))) {
        return false;
      }
    }
    Class<?> result = method.getReturnType();
    return switch (type.results().size()) {
      case 0 -> result == void.class;
      case 1 -> JavaTypes.fits(result, type.results().getFirst());
      default -> false;
    };
  }

  @Override
  public void call(Call call) {
    Class<?>[] parameters = method.getParameterTypes();
    @Nullable Object[] arguments = new Object[parameters.length];
    if (leading == 1) {
      arguments[0] = parameters[0] == Memory.class ? call.memory() : call.instance();
    }
    for (int i = 0; i < type.parameters().size(); i++) {
      Object value = JavaTypes.argument(call, i, type.parameters().get(i));
      arguments[leading + i] = JavaTypes.toJava(value, parameters[leading + i]);
    }
    Object result = JavaFunctions.invoke(method, target, arguments);
    if (!type.results().isEmpty()) {
      JavaTypes.result(call, type.results().getFirst(), JavaTypes.toWasm(result));
    }
  }
}
