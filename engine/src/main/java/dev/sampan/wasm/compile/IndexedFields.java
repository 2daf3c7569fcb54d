package dev.sampan.wasm.compile;

/**
 * Writes the methods that find a structure's field by its index, for those who know it only when
 * they run. What a class has not, its superclass has.
 */
final class IndexedFields {

  private static final String OBJECT = "java/lang/Object";

  /** The methods of {@link dev.sampan.wasm.runtime.StructObject}. */
  private enum Method {
    NUMBER("number", "(I)J", Jvm.LRETURN),
    SET_NUMBER("number", "(IJ)V", Jvm.RETURN, FieldCode.LONG),
    HIGH("high", "(I)J", Jvm.LRETURN),
    SET_VECTOR("vector", "(IJJ)V", Jvm.RETURN, FieldCode.LONG, FieldCode.LONG),
    REFERENCE("reference", "(I)L" + OBJECT + ";", Jvm.ARETURN),
    SET_REFERENCE("reference", "(IL" + OBJECT + ";)V", Jvm.RETURN, FieldCode.REFERENCE);

    private final String text;
    private final String descriptor;
    private final int give;
    private final FieldCode[] values;

    Method(String text, String descriptor, int give, FieldCode... values) {
      this.text = text;
      this.descriptor = descriptor;
      this.give = give;
      this.values = values;
    }

    boolean serves(FieldCode field) {
      return switch (this) {
        case NUMBER -> field != FieldCode.REFERENCE;
        case SET_NUMBER -> field != FieldCode.REFERENCE && field != FieldCode.VECTOR;
        case HIGH, SET_VECTOR -> field == FieldCode.VECTOR;
        case REFERENCE, SET_REFERENCE -> field == FieldCode.REFERENCE;
      };
    }
  }

  private final ClassWriter writer;
  private final String superName;
  private final FieldCode[] fields;
  private final int first;
  private final int end;

  IndexedFields(ClassWriter writer, String superName, FieldCode[] fields, int first, int end) {
    this.writer = writer;
    this.superName = superName;
    this.fields = fields;
    this.first = first;
    this.end = end;
  }

  void write() {
    for (Method method : Method.values()) {
      for (int i = first; i < end; i++) {
        if (method.serves(fields[i])) {
          write(method);
          break;
        }
      }
    }
  }

  private void write(Method method) {
    int[] locals = new int[2 + method.values.length];
    int slots = 2;
    locals[0] = VerificationType.object(writer.pool.classInfo(writer.name));
    locals[1] = VerificationType.INTEGER;
    for (int i = 0; i < method.values.length; i++) {
      locals[2 + i] = method.values[i].verification(writer.pool);
      slots += method.values[i].slots();
    }
    Code code = new Code(writer.pool, locals, slots);
    Label inherited = new Label();
    Label[] cases = new Label[end - first];
    for (int i = first; i < end; i++) {
      cases[i - first] = method.serves(fields[i]) ? new Label() : inherited;
    }
    code.local(Jvm.ILOAD, 1);
    code.tableSwitch(first, cases, inherited);
    for (int i = first; i < end; i++) {
      if (method.serves(fields[i])) {
        code.bind(cases[i - first], locals, locals.length);
        code.local(Jvm.ALOAD, 0);
        access(method, code, i);
        code.op(method.give);
      }
    }
    code.bind(inherited, locals, locals.length);
    code.local(Jvm.ALOAD, 0);
    code.local(Jvm.ILOAD, 1);
    int local = 2;
    for (FieldCode value : method.values) {
      code.local(value.load, local);
      local += value.slots();
    }
    code.invokeSpecial(new Member(superName, method.text, method.descriptor));
    code.op(method.give);
    writer.method(ClassWriter.PUBLIC, method.text, method.descriptor, code);
  }

  private void access(Method method, Code code, int i) {
    FieldCode field = fields[i];
    Member member = new Member(writer.name, "f" + i, field.field);
    Member high = new Member(writer.name, "f" + i + "h", field.field);
    switch (method) {
      case NUMBER -> {
        code.getField(member);
        field.toSlot(code);
      }
      case SET_NUMBER -> {
        code.local(Jvm.LLOAD, 2);
        field.fromSlot(code);
        code.putField(member);
      }
      case HIGH -> code.getField(high);
      case SET_VECTOR -> {
        code.op(Jvm.DUP);
        code.local(Jvm.LLOAD, 2);
        code.putField(member);
        code.local(Jvm.LLOAD, 4);
        code.putField(high);
      }
      case REFERENCE -> code.getField(member);
      case SET_REFERENCE -> {
        code.local(Jvm.ALOAD, 2);
        code.putField(member);
      }
    }
  }
}
