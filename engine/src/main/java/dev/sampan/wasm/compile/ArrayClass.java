package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.ArraySegments;
import dev.sampan.wasm.runtime.ByteArray;
import dev.sampan.wasm.runtime.DoubleArray;
import dev.sampan.wasm.runtime.FloatArray;
import dev.sampan.wasm.runtime.IntArray;
import dev.sampan.wasm.runtime.LongArray;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.ReferenceArray;
import dev.sampan.wasm.runtime.ShortArray;
import dev.sampan.wasm.runtime.VectorArray;

/**
 * Writes the class of an array type. It extends the supertype's, or the engine's class for the
 * elements, and adds nothing but its name: an object's class is its type.
 */
final class ArrayClass {

  private static final String INSTANCE = "L" + Member.internalName(ModuleInstance.class) + ";";
  private static final String FROM_SEGMENT = "(II" + INSTANCE + "I)Ljava/lang/Object;";
  private static final Member CHECK_DATA =
      Member.of(ArraySegments.class, "checkData", "(II" + INSTANCE + "II)V");
  private static final Member CHECK_ELEMENTS =
      Member.of(ArraySegments.class, "checkElements", "(II" + INSTANCE + "I)V");
  private static final Member INIT_DATA =
      Member.of(ArraySegments.class, "initData", "(Ljava/lang/Object;III" + INSTANCE + "I)V");
  private static final Member INIT_ELEMENTS =
      Member.of(ArraySegments.class, "initElements", "(Ljava/lang/Object;III" + INSTANCE + "I)V");

  private final DefType type;
  private final ClassWriter writer;
  private final String superName;

  ArrayClass(DefType type) {
    this.type = type;
    DefType supertype = type.supertype();
    this.superName =
        supertype == null ? Member.internalName(elementClass(type)) : SharedClasses.name(supertype);
    this.writer = new ClassWriter(TypedClass.access(type), SharedClasses.name(type), superName);
  }

  /** How the elements are kept. */
  static FieldCode element(DefType type) {
    return FieldCode.of(((ArrayType) type.composite()).element().storage());
  }

  /** The class that has the elements, and the methods for compiled code. */
  static Class<? extends ArrayObject> elementClass(DefType type) {
    return switch (element(type)) {
      case BYTE -> ByteArray.class;
      case SHORT -> ShortArray.class;
      case INT -> IntArray.class;
      case LONG -> LongArray.class;
      case FLOAT -> FloatArray.class;
      case DOUBLE -> DoubleArray.class;
      case VECTOR -> VectorArray.class;
      case REFERENCE -> ReferenceArray.class;
    };
  }

  /** The class file. */
  byte[] toBytes() {
    TypedClass.write(writer, type, "(I)V");
    Code constructor = new Code(writer.pool, new int[0], 2);
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ILOAD, 1);
    constructor.invokeSpecial(new Member(superName, "<init>", "(I)V"));
    constructor.op(Jvm.RETURN);
    writer.method(ClassWriter.PUBLIC, "<init>", "(I)V", constructor);

    factory(ClassWriter.PUBLIC, "blank", Member.internalName(ArrayObject.class), 1);
    factory(FieldMethods.FLAGS, "ofDefaults", "java/lang/Object", 0);
    if (element(type) == FieldCode.REFERENCE) {
      fromSegment("ofElements", CHECK_ELEMENTS, INIT_ELEMENTS);
    } else {
      fromSegment("ofData", CHECK_DATA, INIT_DATA);
    }
    return writer.toBytes();
  }

  private void factory(int flags, String name, String result, int length) {
    Code code = new Code(writer.pool, new int[0], length + 1);
    create(code, length);
    code.op(Jvm.ARETURN);
    writer.method(flags, name, "(I)L" + result + ";", code);
  }

  private void create(Code code, int length) {
    code.type(Jvm.NEW, writer.name);
    code.op(Jvm.DUP);
    code.local(Jvm.ILOAD, length);
    code.invokeSpecial(new Member(writer.name, "<init>", "(I)V"));
  }

  /** From a segment: offset, count, instance and the segment's index. */
  private void fromSegment(String name, Member check, Member init) {
    Code code = new Code(writer.pool, new int[0], 4);
    code.local(Jvm.ILOAD, 0);
    code.local(Jvm.ILOAD, 1);
    code.local(Jvm.ALOAD, 2);
    code.local(Jvm.ILOAD, 3);
    if (check == CHECK_DATA) {
      code.pushInt(element(type).segmentBytes);
    }
    code.invokeStatic(check);
    create(code, 1);
    code.op(Jvm.DUP);
    code.pushInt(0);
    code.local(Jvm.ILOAD, 0);
    code.local(Jvm.ILOAD, 1);
    code.local(Jvm.ALOAD, 2);
    code.local(Jvm.ILOAD, 3);
    code.invokeStatic(init);
    code.op(Jvm.ARETURN);
    writer.method(FieldMethods.FLAGS, name, FROM_SEGMENT, code);
  }
}
