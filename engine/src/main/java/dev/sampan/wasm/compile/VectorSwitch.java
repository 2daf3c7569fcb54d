package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/**
 * Writes what an ordinary loop does at its head if it has a second version: it counts, and when it
 * is time hands over its locals and the operands below it. It gets them back, unless the function
 * has ended.
 */
final class VectorSwitch {

  /** The classes with a {@link VectorSite} each. */
  static final String CLASSES = "wasm/S";

  private static final String SITE_CLASS = Member.internalName(VectorSite.class);
  private static final String SITE = "L" + SITE_CLASS + ";";
  private static final String REFERENCES = "[" + FunctionShape.OBJECT;
  private static final Member NEW_SITE = new Member(SITE_CLASS, "<init>", "(II)V");
  private static final Member IS_DUE = Member.of(VectorSite.class, "isDue", "(" + SITE + ")Z");
  private static final Member VISIT =
      Member.of(
          VectorSite.class,
          "visit",
          "(" + REFERENCES + "[J" + SITE + FunctionShape.INSTANCE + ")[J");

  /** Binds a label where values are on the operand stack, by their types. */
  interface Binder {
    void bind(Label label, int[] stack);
  }

  private VectorSwitch() {}

  /** What tells the classes of a loop from those of others. */
  static String suffix(int function, int loop) {
    return function + "x" + loop;
  }

  /** The site of a loop. */
  static VectorSite site(ClassLoader loader, int function, int loop) {
    String name = (CLASSES + suffix(function, loop)).replace('/', '.');
    try {
      return (VectorSite) Class.forName(name, true, loader).getField("site").get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("there is no site " + name + "; please report", e);
    }
  }

  /** Writes the class of a site. */
  static byte[] writeClass(String name) {
    int mark = name.lastIndexOf('x');
    ClassWriter out =
        new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, "java/lang/Object");
    out.field(ClassWriter.PUBLIC | ClassWriter.STATIC | ClassWriter.FINAL, "site", SITE);
    Code code = new Code(out.pool, new int[0], 0);
    code.type(Jvm.NEW, SITE_CLASS);
    code.op(Jvm.DUP);
    code.pushInt(Integer.parseInt(name, CLASSES.length(), mark, 10));
    code.pushInt(Integer.parseInt(name, mark + 1, name.length(), 10));
    code.invokeSpecial(NEW_SITE);
    code.putStatic(new Member(name, "site", SITE));
    code.op(Jvm.RETURN);
    out.method(ClassWriter.STATIC, "<clinit>", "()V", code);
    return out.toBytes();
  }

  /** Writes the beginning of a loop; the operands below it are at home. */
  static void write(Emission e, FunctionShape function, int loop, Binder binder) {
    Code code = e.code;
    Member site = new Member(CLASSES + suffix(e.body.function, loop), "site", SITE);
    Label goOn = new Label();
    code.getStatic(site);
    code.invokeStatic(IS_DUE);
    code.jump(Jvm.IFEQ, goOn);

    VectorState state = VectorState.of(e);
    boolean references = state.hasReferences();
    if (references) {
      state.pushReferences(e);
      code.op(Jvm.DUP);
    } else {
      code.op(Jvm.ACONST_NULL);
    }
    state.pushNumbers(e);
    code.getStatic(site);
    e.mark(loop);
    e.helper(VISIT);
    code.op(Jvm.DUP);
    Label back = new Label();
    code.jump(Jvm.IFNONNULL, back);
    code.op(Jvm.POP);
    if (references) {
      code.op(Jvm.POP);
    }
    returnWaiting(e, function);

    int numbers = VerificationType.object(code.pool.classInfo("[J"));
    int objects = VerificationType.object(code.pool.classInfo(REFERENCES));
    binder.bind(back, references ? new int[] {objects, numbers} : new int[] {numbers});
    state.takeNumbers(e);
    if (references) {
      state.takeReferences(e);
    }
    binder.bind(goOn, new int[0]);
  }

  /** Returns the function's results, of which all wait but the first slot. */
  private static void returnWaiting(Emission e, FunctionShape function) {
    if (function.results.length > 0) {
      int kind = FunctionShape.kind(function.results[0]);
      if (kind == TypeCode.REF) {
        e.code.pushInt(0);
        e.helper(CallCode.TAKE_REFERENCE);
      } else {
        e.instance();
        e.code.getField(CallCode.RESULTS);
        e.code.pushInt(0);
        e.code.op(Jvm.LALOAD);
        NumberBits.fromBits(e.code, kind);
      }
    }
    e.code.op(function.returnOpcode());
  }
}
