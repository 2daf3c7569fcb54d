package dev.sampan.wasm.compile;

import dev.sampan.wasm.Results;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.TypeCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the methods through which Java calls a module's functions: they take and give what Java
 * sees at the border, guard the instance, and turn what the guest throws into what leaves it. The
 * instance comes first.
 */
final class EntryClass {

  static final String CLASSES = "wasm/H";

  private static final String OBJECT = FunctionShape.OBJECT;
  private static final String THROWABLE = "java/lang/Throwable";
  private static final String VECTOR = "L" + Member.internalName(V128.class) + ";";
  private static final String RESULTS = "L" + Member.internalName(Results.class) + ";";
  private static final String INSTANCE = FunctionShape.INSTANCE;

  private static final Member ENTER = support("enter", "(" + OBJECT + ")Z");
  private static final Member LEAVE = support("leave", "(Z" + OBJECT + ")V");
  private static final Member FAILED =
      support("failed", "(L" + THROWABLE + ";Z" + OBJECT + ")Ljava/lang/RuntimeException;");
  private static final Member INSIDE = support("inside", "(" + OBJECT + ")" + INSTANCE);
  private static final Member CHECKED =
      support("checked", "(" + OBJECT + "II" + INSTANCE + ")" + OBJECT);
  private static final Member LOW = support("low", "(" + VECTOR + ")J");
  private static final Member HIGH = support("high", "(" + VECTOR + ")J");
  private static final Member TAKE_VECTOR = support("takeVector", "(J" + INSTANCE + ")" + VECTOR);
  private static final Member TAKE_ALL =
      support("results", "([J[" + OBJECT + "I" + INSTANCE + ")" + RESULTS);
  private static final Member LONGS = Member.of(CallSupport.class, "longs", "(I)[J");
  private static final Member OBJECTS = Member.of(CallSupport.class, "objects", "(I)[" + OBJECT);

  private final ModuleShape shape;
  private final ClassWriter out;

  private EntryClass(ModuleShape shape, String name) {
    this.shape = shape;
    this.out = new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, "java/lang/Object");
  }

  private static Member support(String name, String descriptor) {
    return Member.of(EntrySupport.class, name, descriptor);
  }

  /** The name of a function's method. */
  static String method(int function) {
    return "h" + function;
  }

  /** Whether there is such a method: a function may have more parameters than a method. */
  static boolean has(FunctionShape function) {
    return !function.wide;
  }

  /** Writes the class for a group of functions. */
  static byte[] write(ModuleShape shape, int group) {
    EntryClass writer = new EntryClass(shape, CLASSES + group);
    int imported = shape.importedFunctions();
    for (int i = shape.groupStart(group); i < shape.groupStart(group + 1); i++) {
      if (has(shape.ofFunction(imported + i))) {
        writer.entry(imported + i);
      }
    }
    return writer.out.toBytes();
  }

  private static String descriptor(int[] types) {
    StringBuilder text = new StringBuilder();
    for (int type : types) {
      text.append(carrier(type));
    }
    return text.toString();
  }

  private static String carrier(int type) {
    return switch (FunctionShape.kind(type)) {
      case TypeCode.I32 -> "I";
      case TypeCode.I64 -> "J";
      case TypeCode.F32 -> "F";
      case TypeCode.F64 -> "D";
      case TypeCode.V128 -> VECTOR;
      default -> OBJECT;
    };
  }

  private static String result(FunctionShape function) {
    return switch (function.results.length) {
      case 0 -> "V";
      case 1 -> carrier(function.results[0]);
      default -> RESULTS;
    };
  }

  private static int javaSlots(int type) {
    return FunctionShape.kind(type) == TypeCode.V128 ? 1 : FunctionShape.javaSlots(type);
  }

  private void entry(int index) {
    FunctionShape function = shape.ofFunction(index);
    String descriptor = "(" + OBJECT + descriptor(function.parameters) + ")" + result(function);
    int outermost = 1;
    for (int type : function.parameters) {
      outermost += javaSlots(type);
    }
    int inside = outermost + 1;
    int[] frame = frame(function);
    Code code = new Code(out.pool, Arrays.copyOf(frame, frame.length - 1), outermost);
    code.local(Jvm.ALOAD, 0);
    code.invokeStatic(ENTER);
    code.local(Jvm.ISTORE, outermost);
    int start = code.size();
    code.local(Jvm.ALOAD, 0);
    code.invokeStatic(INSIDE);
    code.local(Jvm.ASTORE, inside);
    arguments(code, function, index, inside);
    code.local(Jvm.ALOAD, inside);
    code.invokeStatic(shape.member(index));
    results(code, function, index, inside);
    int end = code.size();
    code.local(Jvm.ILOAD, outermost);
    code.local(Jvm.ALOAD, 0);
    code.invokeStatic(LEAVE);
    code.op(returnOpcode(function));
    Label handler = new Label();
    int[] thrown = {VerificationType.object(out.pool.classInfo(THROWABLE))};
    code.bind(handler, frame, frame.length, thrown);
    code.local(Jvm.ILOAD, outermost);
    code.local(Jvm.ALOAD, 0);
    code.invokeStatic(FAILED);
    code.op(Jvm.ATHROW);
    code.handler(start, end, handler, THROWABLE);
    out.method(ClassWriter.PUBLIC | ClassWriter.STATIC, method(index), descriptor, code);
  }

  /** The instance, the arguments, and whether this call has entered the instance. */
  private int[] frame(FunctionShape function) {
    int object = out.pool.classInfo("java/lang/Object");
    List<Integer> types = new ArrayList<>();
    types.add(VerificationType.object(object));
    for (int type : function.parameters) {
      int kind = FunctionShape.kind(type);
      types.add(
          kind == TypeCode.V128
              ? VerificationType.object(out.pool.classInfo(Member.internalName(V128.class)))
              : Variables.verificationType(kind, object));
    }
    types.add(VerificationType.INTEGER);
    return types.stream().mapToInt(Integer::intValue).toArray();
  }

  private void arguments(Code code, FunctionShape function, int index, int inside) {
    int slot = 1;
    for (int i = 0; i < function.parameters.length; i++) {
      int type = function.parameters[i];
      int kind = FunctionShape.kind(type);
      if (kind == TypeCode.V128) {
        code.local(Jvm.ALOAD, slot);
        code.invokeStatic(LOW);
        code.local(Jvm.ALOAD, slot);
        code.invokeStatic(HIGH);
      } else {
        code.local(FunctionShape.loadOpcode(kind), slot);
        if (kind == TypeCode.REF && !holdsAnything(type)) {
          code.pushInt(shape.definition().functionType(index));
          code.pushInt(i);
          code.local(Jvm.ALOAD, inside);
          code.invokeStatic(CHECKED);
        }
      }
      slot += javaSlots(type);
    }
  }

  /** Whether a reference type takes each Java object, and null. */
  static boolean holdsAnything(int type) {
    int heap = TypeCode.heap(type);
    return TypeCode.isNullable(type)
        && (heap == TypeCode.heap(AbstractHeapType.ANY)
            || heap == TypeCode.heap(AbstractHeapType.EXTERN));
  }

  private void results(Code code, FunctionShape function, int index, int inside) {
    int count = function.results.length;
    if (count == 1 && function.results[0] == TypeCode.V128) {
      code.local(Jvm.ALOAD, inside);
      code.invokeStatic(TAKE_VECTOR);
    } else if (count > 1) {
      int numbers = inside + 1;
      int references = inside + 2;
      int slots = FunctionShape.slots(function.results);
      code.pushInt(slots);
      code.invokeStatic(LONGS);
      code.local(Jvm.ASTORE, numbers);
      code.pushInt(slots);
      code.invokeStatic(OBJECTS);
      code.local(Jvm.ASTORE, references);
      ArrayPassing.storeFirstResult(code, function, numbers, references, inside + 3);
      code.local(Jvm.ALOAD, numbers);
      code.local(Jvm.ALOAD, references);
      code.pushInt(shape.definition().functionType(index));
      code.local(Jvm.ALOAD, inside);
      code.invokeStatic(TAKE_ALL);
    }
  }

  private static int returnOpcode(FunctionShape function) {
    int count = function.results.length;
    return count > 1 || count == 1 && function.results[0] == TypeCode.V128
        ? Jvm.ARETURN
        : function.returnOpcode();
  }
}
