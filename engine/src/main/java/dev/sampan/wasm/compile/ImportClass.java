package dev.sampan.wasm.compile;

/** Writes the methods that stand for imported functions: they call what the instance was given. */
final class ImportClass {

  private static final Member CALLEE =
      Member.of(
          CompiledInstance.class,
          "importCallee",
          "(I" + FunctionShape.INSTANCE + ")L" + Callees.CALLEE_CLASS + ";");

  private ImportClass() {}

  static byte[] write(ModuleShape shape, int number) {
    String name = ModuleShape.IMPORTS + number;
    ClassWriter out =
        new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, "java/lang/Object");
    int from = number * ModuleShape.IMPORTS_PER_CLASS;
    int to = Math.min(shape.importedFunctions(), from + ModuleShape.IMPORTS_PER_CLASS);
    for (int i = from; i < to; i++) {
      FunctionShape function = shape.ofFunction(i);
      Member method = Callees.method(function);
      int instance = function.argumentSlots();
      Code code = new Code(out.pool, new int[0], instance + 1);
      code.pushInt(i);
      code.local(Jvm.ALOAD, instance);
      code.invokeStatic(CALLEE);
      code.type(Jvm.CHECKCAST, method.owner);
      CodeFrames.loadArguments(code, function, 0);
      code.local(Jvm.ALOAD, instance);
      code.invokeVirtual(method);
      code.op(function.returnOpcode());
      Member stub = shape.member(i);
      out.method(ClassWriter.PUBLIC | ClassWriter.STATIC, stub.name, stub.descriptor, code);
    }
    return out.toBytes();
  }
}
