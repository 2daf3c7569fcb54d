package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.runtime.StructObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the class of a structure type. It extends the supertype's and has a Java field for each
 * field that the supertype has not.
 *
 * <p>A class of very many fields would overflow its constant pool, and its switches HotSpot's limit
 * for methods. So it becomes a chain of classes, each with a part of the fields; inheritance, which
 * is there anyhow, puts them together. Only the last class of the chain has objects.
 */
final class StructClass {

  /** How many fields a class of the chain has at most; its longest method then has 7,500 bytes. */
  static final int FIELDS_PER_CLASS = 250;

  private static final String SLOTS = "([J[Ljava/lang/Object;I)";

  private final ClassWriter writer;
  private final String superName;
  private final DefType type;
  private final FieldCode[] fields;
  private final int first;
  private final int end;

  /** How many fields the superclass takes from slots: all of its own or none. */
  private final int loaded;

  private final boolean last;

  private StructClass(
      DefType type,
      FieldCode[] fields,
      String name,
      String superName,
      int first,
      int end,
      int loaded) {
    this.type = type;
    this.fields = fields;
    this.superName = superName;
    this.first = first;
    this.end = end;
    this.loaded = loaded;
    this.last = name.equals(SharedClasses.name(type));
    int access = last ? TypedClass.access(type) : ClassWriter.PUBLIC | ClassWriter.ABSTRACT;
    this.writer = new ClassWriter(access, name, superName);
  }

  /** The classes of a type, each before those that extend it; the last one is the type's own. */
  static List<StructClass> chain(DefType type) {
    DefType supertype = type.supertype();
    FieldCode[] inherited =
        supertype == null ? new FieldCode[0] : FieldCode.of((StructType) supertype.composite());
    int first = inherited.length;
    int loaded = FieldCode.factoryDescriptor(inherited).isEmpty() ? first : 0;
    FieldCode[] fields = FieldCode.of((StructType) type.composite());
    int end = fields.length;
    String name = SharedClasses.name(type);
    String parent =
        supertype == null ? Member.internalName(StructObject.class) : SharedClasses.name(supertype);
    List<StructClass> chain = new ArrayList<>();
    while (end - first > FIELDS_PER_CLASS) {
      String part = name + "$" + chain.size();
      int next = first + FIELDS_PER_CLASS;
      chain.add(new StructClass(type, fields, part, parent, first, next, loaded));
      first = next;
      loaded = next;
      parent = part;
    }
    chain.add(new StructClass(type, fields, name, parent, first, end, loaded));
    return chain;
  }

  /** The name of the class, with slashes. */
  String name() {
    return writer.name;
  }

  /** The class file. */
  byte[] toBytes() {
    FieldMethods methods = new FieldMethods(writer);
    for (int i = first; i < end; i++) {
      methods.readable(String.valueOf(i), fields[i]);
      if (fields[i] == FieldCode.VECTOR) {
        methods.readable(i + "h", fields[i]);
      }
      methods.setter(i, fields[i]);
    }
    new IndexedFields(writer, superName, fields, first, end).write();
    constructor();
    String factory = FieldCode.factoryDescriptor(fields);
    if (factory.isEmpty()) {
      loader();
    }
    if (last) {
      TypedClass.write(writer, type, "()V");
      blank(ClassWriter.PUBLIC, "blank", Member.internalName(StructObject.class));
      blank(FieldMethods.FLAGS, "ofDefaults", "java/lang/Object");
      if (factory.isEmpty()) {
        slotFactory();
      } else {
        fieldFactory(factory);
      }
    }
    return writer.toBytes();
  }

  private void constructor() {
    Code code = new Code(writer.pool, new int[0], 1);
    code.local(Jvm.ALOAD, 0);
    code.invokeSpecial(new Member(superName, "<init>", "()V"));
    code.op(Jvm.RETURN);
    writer.method(ClassWriter.PUBLIC, "<init>", "()V", code);
  }

  private void blank(int flags, String name, String result) {
    Code code = new Code(writer.pool, new int[0], 1);
    create(code);
    code.op(Jvm.ARETURN);
    writer.method(flags, name, "()L" + result + ";", code);
  }

  private void create(Code code) {
    code.type(Jvm.NEW, writer.name);
    code.op(Jvm.DUP);
    code.invokeSpecial(new Member(writer.name, "<init>", "()V"));
  }

  // ---- factories ----

  /** From all fields as arguments. */
  private void fieldFactory(String descriptor) {
    Code code = new Code(writer.pool, new int[0], 0);
    create(code);
    int local = 0;
    for (int i = 0; i < fields.length; i++) {
      local = set(code, i, "", local);
      if (fields[i] == FieldCode.VECTOR) {
        local = set(code, i, "h", local);
      }
    }
    code.op(Jvm.ARETURN);
    writer.method(FieldMethods.FLAGS, "of", descriptor, code);
  }

  private int set(Code code, int field, String half, int local) {
    code.op(Jvm.DUP);
    code.local(fields[field].load, local);
    Member member = new Member(writer.name, "f" + field + half, fields[field].field);
    code.putField(member);
    return local + member.resultSlots;
  }

  /** From slots as the runtime keeps values in, where the fields are too many for arguments. */
  private void slotFactory() {
    Code code = new Code(writer.pool, new int[0], 3);
    create(code);
    code.op(Jvm.DUP);
    code.local(Jvm.ALOAD, 0);
    code.local(Jvm.ALOAD, 1);
    code.local(Jvm.ILOAD, 2);
    code.invokeVirtual(new Member(writer.name, "load", SLOTS + "V"));
    code.op(Jvm.ARETURN);
    writer.method(FieldMethods.FLAGS, "ofSlots", SLOTS + "Ljava/lang/Object;", code);
  }

  /** Takes all fields from slots, those of the superclass through it if it has such a method. */
  private void loader() {
    Code code = new Code(writer.pool, new int[0], 4);
    if (loaded > 0) {
      code.local(Jvm.ALOAD, 0);
      code.local(Jvm.ALOAD, 1);
      code.local(Jvm.ALOAD, 2);
      code.local(Jvm.ILOAD, 3);
      code.invokeSpecial(new Member(superName, "load", SLOTS + "V"));
    }
    int slot = 0;
    for (int i = 0; i < end; i++) {
      boolean vector = fields[i] == FieldCode.VECTOR;
      if (i >= loaded) {
        load(code, i, "", slot);
        if (vector) {
          load(code, i, "h", slot + 1);
        }
      }
      slot += vector ? 2 : 1;
    }
    code.op(Jvm.RETURN);
    writer.method(ClassWriter.PUBLIC, "load", SLOTS + "V", code);
  }

  private void load(Code code, int i, String half, int slot) {
    boolean reference = fields[i] == FieldCode.REFERENCE;
    code.local(Jvm.ALOAD, 0);
    code.local(Jvm.ALOAD, reference ? 2 : 1);
    code.local(Jvm.ILOAD, 3);
    code.pushInt(slot);
    code.op(Jvm.IADD);
    code.op(reference ? Jvm.AALOAD : Jvm.LALOAD);
    fields[i].fromSlot(code);
    code.putField(new Member(writer.name, "f" + i + half, fields[i].field));
  }
}
