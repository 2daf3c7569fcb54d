package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Calls the static methods of generated classes as compiled code does. */
final class Generated {

  private Generated() {}

  static @Nullable Object call(DefType type, String method, @Nullable Object... arguments) {
    return call(SharedClasses.classOf(type), method, arguments);
  }

  static @Nullable Object call(Class<?> owner, String method, @Nullable Object... arguments) {
    Method found =
        Arrays.stream(owner.getMethods())
            .filter(each -> each.getName().equals(method))
            .filter(each -> (each.getModifiers() & ClassWriter.STATIC) != 0)
            .filter(each -> each.getParameterCount() == arguments.length)
            .findFirst()
            .orElseThrow(() -> new AssertionError(owner + " has no " + method));
    try {
      return found.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** The size of the longest method of a class file. */
  static int longestMethod(byte[] classFile) {
    return ClassFile.of().parse(classFile).methods().stream()
        .mapToInt(Generated::size)
        .max()
        .orElse(0);
  }

  static int size(MethodModel method) {
    return method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
  }
}
