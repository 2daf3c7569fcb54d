package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.TableInstance;

/**
 * Writes the classes through which functions of a type are called that are known only at run time:
 * by number, through a table or through a reference. A switch over the numbers calls each of the
 * module's functions directly, so that HotSpot sees the callees and may inline them; all others are
 * found the slow way.
 */
final class Dispatch {

  private static final String TABLE = "L" + Member.internalName(TableInstance.class) + ";";
  private static final String CALLEE = "L" + Callees.CALLEE_CLASS + ";";
  private static final Member TABLES =
      new Member(FunctionShape.INSTANCE_CLASS, "tables", "[" + TABLE);
  private static final Member TABLE0 = new Member(FunctionShape.INSTANCE_CLASS, "table0", TABLE);
  private static final Member TABLE_TARGET =
      Member.of(CallSupport.class, "target", "(I" + TABLE + FunctionShape.INSTANCE + ")I");
  private static final Member REFERENCE_TARGET =
      Member.of(
          CallSupport.class, "target", "(" + FunctionShape.OBJECT + FunctionShape.INSTANCE + ")I");
  private static final Member TABLE_CALLEE =
      Member.of(CallSupport.class, "callee", "(III" + FunctionShape.INSTANCE + ")" + CALLEE);
  private static final Member REFERENCE_CALLEE =
      Member.of(CallSupport.class, "callee", "(" + FunctionShape.OBJECT + ")" + CALLEE);

  private static final String TABLE_MARK = "t";
  private static final String BY_NUMBER = "number";
  private static final String BY_REFERENCE = "reference";
  private static final String BY_INDEX = "table";

  /** A switch takes no more bytes than this; what is behind it is divided further. */
  private static final int SWITCH_BYTES = 6_000;

  private final ModuleShape shape;
  private final int type;
  private final FunctionShape functions;
  private final int[] callees;
  private final int firstNumber;
  private final ClassWriter out;
  private final int arguments;
  private int parts;

  private Dispatch(ModuleShape shape, int type, String className) {
    this.shape = shape;
    this.type = type;
    this.functions = shape.ofType(type);
    this.callees = shape.callees(type);
    this.firstNumber = callees.length == 0 ? 0 : shape.callNumber(callees[0]);
    this.out =
        new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, className, "java/lang/Object");
    this.arguments = functions.argumentSlots();
  }

  // ---- the methods to call ----

  static Member byNumber(ModuleShape shape, int type) {
    return member(shape, type, ModuleShape.DISPATCH + type, BY_NUMBER, "I");
  }

  static Member throughReference(ModuleShape shape, int type) {
    return member(shape, type, ModuleShape.DISPATCH + type, BY_REFERENCE, FunctionShape.OBJECT);
  }

  static Member throughTable(ModuleShape shape, int type, int table) {
    return member(shape, type, ModuleShape.DISPATCH + type + TABLE_MARK + table, BY_INDEX, "I");
  }

  private static Member member(
      ModuleShape shape, int type, String owner, String name, String selector) {
    FunctionShape functions = shape.ofType(type);
    return new Member(owner, name, descriptor(functions, selector));
  }

  private static String descriptor(FunctionShape functions, String selector) {
    return "(" + functions.arguments + selector + FunctionShape.INSTANCE + ")" + functions.result;
  }

  // ---- the classes ----

  /** Writes the class with a name that {@link ModuleShape#DISPATCH} begins. */
  static byte[] write(ModuleShape shape, String className) {
    String rest = className.substring(ModuleShape.DISPATCH.length());
    int mark = rest.indexOf(TABLE_MARK);
    int type = Integer.parseInt(mark < 0 ? rest : rest.substring(0, mark));
    Dispatch dispatch = new Dispatch(shape, type, className);
    if (mark < 0) {
      dispatch.number();
      dispatch.reference();
    } else {
      dispatch.table(Integer.parseInt(rest.substring(mark + TABLE_MARK.length())));
    }
    return dispatch.out.toBytes();
  }

  /** Local variables: the arguments, the selector, the instance, then the number. */
  private Code method(String selector) {
    int selectorType =
        selector.equals("I")
            ? VerificationType.INTEGER
            : VerificationType.object(out.pool.classInfo("java/lang/Object"));
    int[] own = CodeFrames.arguments(functions, out.pool);
    int[] frame = java.util.Arrays.copyOf(own, own.length + 2);
    frame[own.length] = selectorType;
    frame[own.length + 1] = CodeFrames.instance(out.pool);
    return new Code(out.pool, frame, arguments + 2);
  }

  private void number() {
    Code code = method("I");
    Label fallback = new Label();
    code.local(Jvm.ILOAD, arguments);
    cases(code, fallback, "I", false);
    bind(code, fallback, "I", false);
    // only numbers of this type's functions come here
    code.op(Jvm.ACONST_NULL);
    code.op(Jvm.ATHROW);
    out.method(
        ClassWriter.PUBLIC | ClassWriter.STATIC, BY_NUMBER, descriptor(functions, "I"), code);
  }

  private void reference() {
    Code code = method(FunctionShape.OBJECT);
    Label slow = new Label();
    code.local(Jvm.ALOAD, arguments);
    code.local(Jvm.ALOAD, arguments + 1);
    code.invokeStatic(REFERENCE_TARGET);
    code.local(Jvm.ISTORE, arguments + 2);
    code.local(Jvm.ILOAD, arguments + 2);
    cases(code, slow, FunctionShape.OBJECT, true);
    bind(code, slow, FunctionShape.OBJECT, true);
    code.local(Jvm.ALOAD, arguments);
    code.invokeStatic(REFERENCE_CALLEE);
    callSlowly(code);
    out.method(
        ClassWriter.PUBLIC | ClassWriter.STATIC,
        BY_REFERENCE,
        descriptor(functions, FunctionShape.OBJECT),
        code);
  }

  private void table(int table) {
    Code code = method("I");
    Label slow = new Label();
    code.local(Jvm.ILOAD, arguments);
    code.local(Jvm.ALOAD, arguments + 1);
    if (table == 0) {
      code.getField(TABLE0);
    } else {
      code.getField(TABLES);
      code.pushInt(table);
      code.op(Jvm.AALOAD);
    }
    code.local(Jvm.ALOAD, arguments + 1);
    code.invokeStatic(TABLE_TARGET);
    code.local(Jvm.ISTORE, arguments + 2);
    code.local(Jvm.ILOAD, arguments + 2);
    cases(code, slow, "I", true);
    bind(code, slow, "I", true);
    code.local(Jvm.ILOAD, arguments);
    code.pushInt(table);
    code.pushInt(type);
    code.local(Jvm.ALOAD, arguments + 1);
    code.invokeStatic(TABLE_CALLEE);
    callSlowly(code);
    out.method(ClassWriter.PUBLIC | ClassWriter.STATIC, BY_INDEX, descriptor(functions, "I"), code);
  }

  private void callSlowly(Code code) {
    Member method = Callees.method(functions);
    code.type(Jvm.CHECKCAST, method.owner);
    CodeFrames.loadArguments(code, functions, 0);
    code.local(Jvm.ALOAD, arguments + 1);
    code.invokeVirtual(method);
    code.op(functions.returnOpcode());
  }

  private void bind(Code code, Label label, String selector, boolean numberKnown) {
    int[] own = CodeFrames.arguments(functions, out.pool);
    int count = own.length + (numberKnown ? 3 : 2);
    int[] frame = java.util.Arrays.copyOf(own, count);
    frame[own.length] =
        selector.equals("I")
            ? VerificationType.INTEGER
            : VerificationType.object(out.pool.classInfo("java/lang/Object"));
    frame[own.length + 1] = CodeFrames.instance(out.pool);
    if (numberKnown) {
      frame[own.length + 2] = VerificationType.INTEGER;
    }
    code.bind(label, frame, count);
  }

  private int caseBytes() {
    return 4 + 4 * Math.max(functions.parameters.length, 2) + 12;
  }

  /** Switches over the number on the stack; numbers of no function of the type fall through. */
  private void cases(Code code, Label fallback, String selector, boolean numberKnown) {
    if (callees.length == 0) {
      code.op(Jvm.POP);
      code.jump(Jvm.GOTO, fallback);
      return;
    }
    if (callees.length * caseBytes() <= SWITCH_BYTES) {
      Label[] labels = labels(callees.length);
      code.tableSwitch(firstNumber, labels, fallback);
      for (int k = 0; k < callees.length; k++) {
        bind(code, labels[k], selector, numberKnown);
        CodeFrames.loadArguments(code, functions, 0);
        code.local(Jvm.ALOAD, arguments + 1);
        code.invokeStatic(shape.member(callees[k]));
        code.op(functions.returnOpcode());
      }
      return;
    }
    // the callees are divided among methods, which switch over the number less the first one
    code.pushInt(firstNumber);
    code.op(Jvm.ISUB);
    divide(code, 0, callees.length, fallback, selector, numberKnown);
  }

  private static Label[] labels(int count) {
    Label[] labels = new Label[count];
    for (int k = 0; k < count; k++) {
      labels[k] = new Label();
    }
    return labels;
  }

  /** Divides a range of callees, whose position in the type is on the stack, among methods. */
  private void divide(
      Code code, int from, int to, Label fallback, String selector, boolean numberKnown) {
    int perMethod = Math.max(1, SWITCH_BYTES / caseBytes());
    int span = perMethod;
    while ((long) span * perMethod < to - from) {
      span *= perMethod;
    }
    int count = (to - from + span - 1) / span;
    code.op(Jvm.DUP);
    int position = arguments + 3;
    code.local(Jvm.ISTORE, position);
    code.jump(Jvm.IFLT, fallback);
    code.local(Jvm.ILOAD, position);
    if (from > 0) {
      code.pushInt(from);
      code.op(Jvm.ISUB);
    }
    code.pushInt(span);
    code.op(Jvm.IDIV);
    Label[] labels = labels(count);
    code.tableSwitch(0, labels, fallback);
    for (int k = 0; k < count; k++) {
      bind(code, labels[k], selector, numberKnown);
      int low = from + k * span;
      int high = Math.min(to, low + span);
      CodeFrames.loadArguments(code, functions, 0);
      code.local(Jvm.ILOAD, numberKnown ? arguments + 2 : arguments);
      code.local(Jvm.ALOAD, arguments + 1);
      code.invokeStatic(part(low, high));
      code.op(functions.returnOpcode());
    }
  }

  /** Writes a method that calls one of a range of callees by number. */
  private Member part(int from, int to) {
    Code code = method("I");
    Label fallback = new Label();
    code.local(Jvm.ILOAD, arguments);
    if ((to - from) * caseBytes() <= SWITCH_BYTES) {
      Label[] labels = labels(to - from);
      code.tableSwitch(firstNumber + from, labels, fallback);
      for (int k = from; k < to; k++) {
        bind(code, labels[k - from], "I", false);
        CodeFrames.loadArguments(code, functions, 0);
        code.local(Jvm.ALOAD, arguments + 1);
        code.invokeStatic(shape.member(callees[k]));
        code.op(functions.returnOpcode());
      }
    } else {
      code.pushInt(firstNumber);
      code.op(Jvm.ISUB);
      divide(code, from, to, fallback, "I", false);
    }
    bind(code, fallback, "I", false);
    code.op(Jvm.ACONST_NULL);
    code.op(Jvm.ATHROW);
    String name = "part" + parts++;
    String descriptor = descriptor(functions, "I");
    out.method(ClassWriter.STATIC, name, descriptor, code);
    return new Member(out.name, name, descriptor);
  }
}
