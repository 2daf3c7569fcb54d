package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.runtime.Aggregate;

/**
 * Writes what the classes of structures and arrays have in common: each knows its type, in a static
 * field, so that objects need none. It asks for it when it is initialised.
 */
final class TypedClass {

  private static final String DEF_TYPE = "L" + Member.internalName(DefType.class) + ";";
  private static final Member ADOPT =
      Member.of(
          SharedClasses.class,
          "adopt",
          "(L" + Member.internalName(Aggregate.class) + ";I)" + DEF_TYPE);

  private TypedClass() {}

  /** The access flags of a type's class. */
  static int access(DefType type) {
    return ClassWriter.PUBLIC | (type.isFinal() ? ClassWriter.FINAL : 0);
  }

  /**
   * Adds the members.
   *
   * @param constructor a constructor's descriptor: without parameters, or with a length
   */
  static void write(ClassWriter writer, DefType type, String constructor) {
    Member field = new Member(writer.name, "TYPE", DEF_TYPE);
    writer.field(ClassWriter.PUBLIC | ClassWriter.STATIC | ClassWriter.FINAL, field.name, DEF_TYPE);

    Code initializer = new Code(writer.pool, new int[0], 0);
    initializer.type(Jvm.NEW, writer.name);
    initializer.op(Jvm.DUP);
    if (constructor.equals("(I)V")) {
      initializer.pushInt(0);
    }
    initializer.invokeSpecial(new Member(writer.name, "<init>", constructor));
    initializer.pushInt(type.groupIndex());
    initializer.invokeStatic(ADOPT);
    initializer.putStatic(field);
    initializer.op(Jvm.RETURN);
    writer.method(ClassWriter.STATIC, "<clinit>", "()V", initializer);

    Code getter = new Code(writer.pool, new int[0], 1);
    getter.getStatic(field);
    getter.op(Jvm.ARETURN);
    writer.method(ClassWriter.PUBLIC, "type", "()" + DEF_TYPE, getter);
  }
}
