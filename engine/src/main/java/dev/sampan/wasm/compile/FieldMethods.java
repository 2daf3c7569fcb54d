package dev.sampan.wasm.compile;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.runtime.StructObject;
import java.util.Arrays;

/**
 * Writes the static methods through which compiled code reaches a structure's field. The guest's
 * null is not tested for: the JVM finds it while it reads the object, and the handler traps.
 */
final class FieldMethods {

  static final int FLAGS = ClassWriter.PUBLIC | ClassWriter.STATIC;

  private static final String OBJECT = "java/lang/Object";
  private static final String NULL_POINTER = Member.internalName(NullPointerException.class);
  private static final Member NULL_REFERENCE =
      Member.of(StructObject.class, "nullReference", "()L" + Member.internalName(Trap.class) + ";");

  private final ClassWriter writer;

  FieldMethods(ClassWriter writer) {
    this.writer = writer;
  }

  /** A Java field, and the methods that give its value. */
  void readable(String index, FieldCode field) {
    writer.field(ClassWriter.PUBLIC, "f" + index, field.field);
    Member member = new Member(writer.name, "f" + index, field.field);
    if (field.isPacked()) {
      getter("get" + index + "_s", member, field, 0);
      getter("get" + index + "_u", member, field, field == FieldCode.BYTE ? 0xFF : 0xFFFF);
    } else {
      getter("get" + index, member, field, 0);
    }
  }

  private void getter(String name, Member member, FieldCode field, int mask) {
    int[] parameters = {object(OBJECT)};
    Code code = new Code(writer.pool, parameters, 1);
    code.local(Jvm.ALOAD, 0);
    code.type(Jvm.CHECKCAST, writer.name);
    code.getField(member);
    if (mask != 0) {
      code.pushInt(mask);
      code.op(Jvm.IAND);
    }
    code.op(field.give);
    trapOnNull(code, parameters);
    writer.method(FLAGS, name, "(L" + OBJECT + ";)" + field.value, code);
  }

  /** The method that sets the field with an index. */
  void setter(int index, FieldCode field) {
    boolean vector = field == FieldCode.VECTOR;
    int value = field.verification(writer.pool);
    int[] parameters = {object(OBJECT), value, value};
    int count = vector ? 3 : 2;
    Code code = new Code(writer.pool, Arrays.copyOf(parameters, count), 1 + field.slots());
    code.local(Jvm.ALOAD, 0);
    code.type(Jvm.CHECKCAST, writer.name);
    if (vector) {
      code.op(Jvm.DUP);
      code.local(Jvm.LLOAD, 3);
      code.putField(new Member(writer.name, "f" + index + "h", field.field));
    }
    code.local(field.load, 1);
    code.putField(new Member(writer.name, "f" + index, field.field));
    code.op(Jvm.RETURN);
    trapOnNull(code, Arrays.copyOf(parameters, count));
    String values = vector ? field.value + field.value : field.value;
    writer.method(FLAGS, "set" + index, "(L" + OBJECT + ";" + values + ")V", code);
  }

  /** Ends a method. */
  private void trapOnNull(Code code, int[] locals) {
    int size = code.size();
    Label handler = new Label();
    code.bind(handler, locals, locals.length, new int[] {object(NULL_POINTER)});
    code.op(Jvm.POP);
    code.invokeStatic(NULL_REFERENCE);
    code.op(Jvm.ATHROW);
    code.handler(0, size, handler, NULL_POINTER);
  }

  private int object(String className) {
    return VerificationType.object(writer.pool.classInfo(className));
  }
}
