package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.ExportBinding;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a class that implements a Java interface. It mentions nothing but what the interface
 * mentions and the Java platform, so it can lie beside the interface: functions are method handles
 * in constants, which HotSpot inlines like ordinary calls.
 */
final class GlueClass {

  private static final String OBJECT = FunctionShape.OBJECT;
  private static final String HANDLE_CLASS = Member.internalName(MethodHandle.class);
  private static final String HANDLE = "L" + HANDLE_CLASS + ";";
  private static final String HANDLES = "[" + HANDLE;
  private static final String LOOKUP = "Ljava/lang/invoke/MethodHandles$Lookup;";
  private static final String METHOD_HANDLES = "java/lang/invoke/MethodHandles";
  private static final Member OWN_LOOKUP = new Member(METHOD_HANDLES, "lookup", "()" + LOOKUP);
  private static final Member CLASS_DATA =
      new Member(
          METHOD_HANDLES,
          "classData",
          "(" + LOOKUP + "Ljava/lang/String;Ljava/lang/Class;)" + OBJECT);
  private static final Member NEW_OBJECT = new Member("java/lang/Object", "<init>", "()V");
  private static final Member VALUE_OF =
      new Member("java/lang/String", "valueOf", "(" + OBJECT + ")Ljava/lang/String;");
  private static final Member CONCAT =
      new Member("java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;");
  private static final String CONSTRUCTOR = "(" + OBJECT + HANDLES + ")V";

  private final ClassWriter out;
  private final Member instance;
  private final Member others;

  private GlueClass(String name) {
    out = new ClassWriter(ClassWriter.FINAL | ClassWriter.SYNTHETIC, name, "java/lang/Object");
    instance = new Member(name, "instance", OBJECT);
    others = new Member(name, "others", HANDLES);
  }

  /**
   * Writes the class.
   *
   * @param handles per method the handle that takes the instance first, or null if each instance
   *     has a handle of its own
   * @param neighbour a class in whose package it shall lie
   */
  static byte[] write(
      ModuleShape shape,
      ExportBinding binding,
      @Nullable MethodHandle[] handles,
      Class<?> neighbour) {
    String place = neighbour.getPackageName().replace('.', '/');
    String simple = binding.type().getSimpleName();
    GlueClass writer = new GlueClass((place.isEmpty() ? "" : place + "/") + simple + "$Exports");
    writer.out.implement(Member.internalName(binding.type()));
    writer.fields(handles);
    writer.constructor();
    writer.describe(simple);
    List<ExportBinding.Target> targets = binding.targets();
    int other = 0;
    for (int i = 0; i < handles.length; i++) {
      ExportBinding.Target target = targets.get(i);
      MethodType called =
          Glue.type(shape.type(shape.definition().functionType(target.function())).function());
      writer.method(target.method(), called, handles[i] != null ? i : ~other++);
    }
    return writer.out.toBytes();
  }

  private Member constant(int index) {
    return new Member(out.name, "f" + index, HANDLE);
  }

  private void fields(@Nullable MethodHandle[] handles) {
    out.field(ClassWriter.FINAL, instance.name, instance.descriptor);
    out.field(ClassWriter.FINAL, others.name, others.descriptor);
    Code code = new Code(out.pool, new int[0], 0);
    code.invokeStatic(OWN_LOOKUP);
    code.pushString("_");
    code.pushClass(HANDLES);
    code.invokeStatic(CLASS_DATA);
    code.type(Jvm.CHECKCAST, HANDLES);
    code.local(Jvm.ASTORE, 0);
    for (int i = 0; i < handles.length; i++) {
      if (handles[i] != null) {
        Member field = constant(i);
        out.field(ClassWriter.STATIC | ClassWriter.FINAL, field.name, field.descriptor);
        code.local(Jvm.ALOAD, 0);
        code.pushInt(i);
        code.op(Jvm.AALOAD);
        code.putStatic(field);
      }
    }
    code.op(Jvm.RETURN);
    out.method(ClassWriter.STATIC, "<clinit>", "()V", code);
  }

  private void constructor() {
    Code code = new Code(out.pool, new int[0], 3);
    code.local(Jvm.ALOAD, 0);
    code.invokeSpecial(NEW_OBJECT);
    code.local(Jvm.ALOAD, 0);
    code.local(Jvm.ALOAD, 1);
    code.putField(instance);
    code.local(Jvm.ALOAD, 0);
    code.local(Jvm.ALOAD, 2);
    code.putField(others);
    code.op(Jvm.RETURN);
    out.method(0, "<init>", CONSTRUCTOR, code);
  }

  private void describe(String simpleName) {
    Code code = new Code(out.pool, new int[0], 1);
    code.pushString(simpleName + " of ");
    code.local(Jvm.ALOAD, 0);
    code.getField(instance);
    code.invokeStatic(VALUE_OF);
    code.invokeVirtual(CONCAT);
    code.op(Jvm.ARETURN);
    out.method(ClassWriter.PUBLIC, "toString", "()Ljava/lang/String;", code);
  }

  /**
   * Writes a method.
   *
   * @param handle the number of the constant that it calls, or the complement of the place among
   *     the instance's own handles
   */
  private void method(Method method, MethodType called, int handle) {
    Class<?>[] parameters = method.getParameterTypes();
    int slots = 1;
    for (Class<?> parameter : parameters) {
      slots += slots(parameter);
    }
    Code code = new Code(out.pool, new int[0], slots);
    MethodType type = called;
    if (handle >= 0) {
      code.getStatic(constant(handle));
      code.local(Jvm.ALOAD, 0);
      code.getField(instance);
      type = called.insertParameterTypes(0, Object.class);
    } else {
      code.local(Jvm.ALOAD, 0);
      code.getField(others);
      code.pushInt(~handle);
      code.op(Jvm.AALOAD);
    }
    int slot = 1;
    for (Class<?> parameter : parameters) {
      code.local(load(parameter), slot);
      slot += slots(parameter);
    }
    code.invokeVirtual(new Member(HANDLE_CLASS, "invokeExact", type.toMethodDescriptorString()));
    Class<?> result = method.getReturnType();
    if (result == boolean.class) {
      nonZero(code, slot);
    } else if (!result.isPrimitive() && result != type.returnType()) {
      code.type(Jvm.CHECKCAST, Member.internalName(result));
    }
    code.op(returnOpcode(result));
    String descriptor = MethodType.methodType(result, parameters).toMethodDescriptorString();
    out.method(ClassWriter.PUBLIC, method.getName(), descriptor, code);
  }

  /** Makes 1 of each number but 0. */
  private static void nonZero(Code code, int spare) {
    code.local(Jvm.ISTORE, spare);
    code.pushInt(0);
    code.local(Jvm.ILOAD, spare);
    code.op(Jvm.ISUB);
    code.local(Jvm.ILOAD, spare);
    code.op(Jvm.IOR);
    code.pushInt(31);
    code.op(Jvm.IUSHR);
  }

  private static int slots(Class<?> type) {
    return type == long.class || type == double.class ? 2 : 1;
  }

  private static int load(Class<?> type) {
    if (!type.isPrimitive()) {
      return Jvm.ALOAD;
    }
    if (type == long.class) {
      return Jvm.LLOAD;
    }
    if (type == float.class) {
      return Jvm.FLOAD;
    }
    return type == double.class ? Jvm.DLOAD : Jvm.ILOAD;
  }

  private static int returnOpcode(Class<?> type) {
    if (type == void.class) {
      return Jvm.RETURN;
    }
    return load(type) - Jvm.ILOAD + Jvm.IRETURN;
  }
}
