package dev.sampan.wasm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method of an interface whose objects give imports; found once for all objects. */
public final class JavaMethod {

  private static final MethodHandle TO_BOOLEAN;
  private static final MethodHandle FROM_BOOLEAN;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      TO_BOOLEAN =
          lookup.findStatic(
              JavaMethod.class, "toBoolean", MethodType.methodType(boolean.class, int.class));
      FROM_BOOLEAN =
          lookup.findStatic(
              JavaMethod.class, "fromBoolean", MethodType.methodType(int.class, boolean.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Method method;
  private final Class<?> leading;
  private volatile @Nullable MethodHandle handle;
  private volatile @Nullable Object callee;

  JavaMethod(Method method) {
    this.method = method;
    Class<?>[] parameters = method.getParameterTypes();
    this.leading =
        parameters.length > 0 && (parameters[0] == Memory.class || parameters[0] == Instance.class)
            ? parameters[0]
            : void.class;
    method.trySetAccessible();
  }

  private static boolean toBoolean(int value) {
    return value != 0;
  }

  private static int fromBoolean(boolean value) {
    return value ? 1 : 0;
  }

  /** The method. */
  public Method method() {
    return method;
  }

  /** {@link Memory} or {@link Instance} if the method takes the caller's first, else void. */
  public Class<?> leading() {
    return leading;
  }

  int leadingCount() {
    return leading == void.class ? 0 : 1;
  }

  /**
   * The method with its arguments and its result as Wasm has them: the object comes first, then the
   * leading parameter if there is one.
   *
   * @return null if the method cannot be reached
   */
  public @Nullable MethodHandle handle() {
    MethodHandle known = handle;
    if (known == null) {
      try {
        known = adapt(MethodHandles.lookup().unreflect(method).asFixedArity());
      } catch (IllegalAccessException e) {
        return null;
      }
      handle = known;
    }
    return known;
  }

  private MethodHandle adapt(MethodHandle direct) {
    MethodHandle adapted = direct;
    int first = 1 + leadingCount();
    MethodType type = direct.type().changeParameterType(0, Object.class);
    for (int i = first; i < type.parameterCount(); i++) {
      Class<?> parameter = type.parameterType(i);
      if (parameter == boolean.class) {
        adapted = MethodHandles.filterArguments(adapted, i, TO_BOOLEAN);
        type = type.changeParameterType(i, int.class);
      } else if (!parameter.isPrimitive() && parameter != V128.class) {
        type = type.changeParameterType(i, Object.class);
      }
    }
    Class<?> result = type.returnType();
    if (result == boolean.class) {
      adapted = MethodHandles.filterReturnValue(adapted, FROM_BOOLEAN);
      type = type.changeReturnType(int.class);
    } else if (!result.isPrimitive() && result != V128.class) {
      type = type.changeReturnType(Object.class);
    }
    return adapted.asType(type);
  }

  /** What a tier calls the method through, or null. */
  public @Nullable Object callee() {
    return callee;
  }

  /** Stores something for a tier to call the method through. */
  public void callee(Object newCallee) {
    callee = newCallee;
  }

  @Override
  public String toString() {
    return method.toString();
  }
}
