package dev.sampan.wasm.runtime;

import dev.sampan.wasm.JavaNames;
import dev.sampan.wasm.JavaTypes;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.FuncType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which of a module's exports a Java interface's methods stand for; found once for all instances.
 */
public final class ExportBinding {

  /**
   * One method.
   *
   * @param method an abstract method of the interface
   * @param function the function's index in the module
   */
  public record Target(Method method, int function) {}

  private final Class<?> type;
  private final List<Target> targets;

  private ExportBinding(Class<?> type, List<Target> targets) {
    this.type = type;
    this.targets = targets;
  }

  /** The interface. */
  public Class<?> type() {
    return type;
  }

  /** Its abstract methods. */
  public List<Target> targets() {
    return targets;
  }

  static ExportBinding of(LoadedModule module, Class<?> type) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(type.getName() + " is no interface");
    }
    List<Target> targets = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (Modifier.isAbstract(method.getModifiers()) && !isObjects(method)) {
        targets.add(new Target(method, find(module, method)));
      }
    }
    return new ExportBinding(type, List.copyOf(targets));
  }

  /** Whether every object has the method, so that the interface only says so once more. */
  private static boolean isObjects(Method method) {
    try {
      Object.class.getMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static int find(LoadedModule module, Method method) {
    Set<String> names = JavaNames.of(method);
    for (String name : names) {
      Export export = module.exportsByName().get(name);
      if (export != null && export.kind() == ExternKind.FUNC) {
        FuncType type =
            module.types().type(module.definition().functionType(export.index())).function();
        if (!fits(type, method)) {
          throw new LinkException(
              "incompatible export type: \""
                  + name
                  + "\" is "
                  + type
                  + ", the Java method is "
                  + method);
        }
        return export.index();
      }
    }
    throw new LinkException(
        "unknown export: "
            + module
            + " has no function "
            + names
            + " for the Java method "
            + method);
  }

  private static boolean fits(FuncType type, Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    if (parameters.length != type.parameters().size()) {
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
}
