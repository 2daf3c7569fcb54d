package dev.sampan.wasm.compile;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.HostFunc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the classes through which compiled code calls host functions that it calls often: one for
 * each class of such functions. A lambda has a class of its own, so HotSpot sees one callee in each
 * of the generated methods, inlines it, and needs neither the arrays nor the call's object.
 */
final class HotHostCallee {

  private static final String NAME = GeneratedLoader.PREFIX.replace('.', '/') + "Host";
  private static final String FUNCTION = HostCalleeClass.FUNCTION;
  private static final String CALL = "L" + Member.internalName(Call.class) + ";";
  private static final String HOST_CLASS = Member.internalName(HostFunction.class);
  private static final String HOST = "L" + HOST_CLASS + ";";
  private static final String ARRAYS = "[J[" + FunctionShape.OBJECT;
  private static final String INSTANCE = FunctionShape.INSTANCE;
  private static final Member TARGET = new Member(NAME, "target", HOST);
  private static final Member RUN = new Member(HOST_CLASS, "call", "(" + CALL + ")V");
  private static final Member BEGIN =
      HostCalleeClass.support("begin", "(" + FUNCTION + ARRAYS + INSTANCE + ")" + CALL);
  private static final Member END = HostCalleeClass.support("end", "(" + CALL + FUNCTION + ")V");
  private static final Member LEAVE_RESULTS =
      Member.of(CallSupport.class, "leaveResults", "(" + ARRAYS + "I" + INSTANCE + ")V");
  private static final MethodType CONSTRUCTOR =
      MethodType.methodType(void.class, FuncInstance.class, HostFunction.class);

  /** The makers for each class of functions, by the shape. */
  private static final ClassValue<Map<String, MethodHandle>> MAKERS =
      new ClassValue<>() {
        @Override
        protected Map<String, MethodHandle> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private HotHostCallee() {}

  /** What a function is called through from now on. */
  static Callee of(HostFunc function) {
    FunctionShape shape = CalleeType.of(function.definition()).shape;
    Map<String, MethodHandle> makers = MAKERS.get(function.function().getClass());
    String key = shape.descriptor + FunctionShape.slots(shape.results);
    MethodHandle maker = makers.get(key);
    if (maker == null) {
      maker = maker(shape);
      makers.put(key, maker);
    }
    try {
      return (Callee) maker.invokeExact((FuncInstance) function, function.function());
    } catch (Throwable e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  private static MethodHandle maker(FunctionShape shape) {
    GeneratedLoader loader = new HostCalleeClass.Loader(Callees.classOf(shape));
    try {
      return MethodHandles.lookup()
          .findConstructor(loader.define(NAME.replace('/', '.'), write(shape)), CONSTRUCTOR)
          .asType(CONSTRUCTOR.changeReturnType(Callee.class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  private static byte[] write(FunctionShape shape) {
    ClassWriter out = HostCalleeClass.begin(shape, TARGET);
    out.method(ClassWriter.PUBLIC, "call", shape.descriptor, call(out, shape));
    return out.toBytes();
  }

  private static Code call(ClassWriter out, FunctionShape shape) {
    int[] frame = HostCalleeClass.frame(out, shape);
    int caller = 1 + shape.argumentSlots();
    int numbers = caller + 1;
    int references = caller + 2;
    int call = caller + 3;
    Code code = HostCalleeClass.code(out, frame, caller);
    int resultSlots = FunctionShape.slots(shape.results);
    int slots = Math.max(FunctionShape.slots(shape.parameters), resultSlots);
    ArrayPassing.pack(code, shape, 1, slots, numbers, references);
    HostCalleeClass.pushFunction(code);
    code.local(Jvm.ALOAD, numbers);
    code.local(Jvm.ALOAD, references);
    code.local(Jvm.ALOAD, caller);
    code.invokeStatic(BEGIN);
    code.local(Jvm.ASTORE, call);
    int start = code.size();
    code.local(Jvm.ALOAD, 0);
    code.getField(TARGET);
    code.local(Jvm.ALOAD, call);
    code.invokeInterface(RUN);
    int end = code.size();
    code.local(Jvm.ALOAD, call);
    HostCalleeClass.pushFunction(code);
    code.invokeStatic(END);
    if (resultSlots > 1) {
      code.local(Jvm.ALOAD, numbers);
      code.local(Jvm.ALOAD, references);
      code.pushInt(resultSlots);
      code.local(Jvm.ALOAD, caller);
      code.invokeStatic(LEAVE_RESULTS);
    }
    ArrayPassing.firstResult(code, shape, numbers, references);
    code.op(shape.returnOpcode());
    HostCalleeClass.catchFailures(out, code, frame, start, end);
    return code;
  }
}
