package dev.sampan.wasm.compile;

import dev.sampan.wasm.compile.VectorApi.Lane;
import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.valid.FunctionValidator;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes the second version of a loop: the whole function as one method with vectors as objects of
 * the JDK, which begins at the head of the loop with all locals, and after some rounds of it gives
 * them back. What lies before the loop is there for the loops around it.
 */
final class VectorFunction extends UnguardedFunction {

  /** The classes with one such method each. */
  static final String CLASSES = "wasm/V";

  private static final Member BYTES =
      new Member(Member.internalName(HeapMemory.class), "bytes", "[B");

  /** What tells the method, which is called after the function, from the function's own. */
  private static final String PART = "vectors";

  private static final String LOOP = Member.internalName(VectorLoop.class);
  private static final Member NEW_LOOP = new Member(LOOP, "<init>", "()V");
  private static final String DESCRIPTOR =
      "([" + FunctionShape.OBJECT + "[JI" + FunctionShape.INSTANCE + ")[J";

  // the method's own local variables
  private static final int REFERENCES = 0;
  private static final int NUMBERS = 1;
  private static final int ROUNDS = 2;
  private static final int INSTANCE = 3;
  private static final int MEMORY = 4;
  private static final int SPARE = 5;
  private static final int INDEX = SPARE + ObjectVariables.SPARE_SLOTS;
  private static final int LIMIT = INDEX + 1;
  private static final int FIRST_LOCAL = LIMIT + 1;
  private static final int ARGUMENT_TYPES = 4;

  /** So much that no number of rounds times it is too large. */
  private static final int MAX_STRIDE = 1 << 12;

  private final Layout layout;
  private final int loop;
  private final BitSet thisLoop = new BitSet();

  /** All loops of the function that have a second version. */
  private final BitSet loops;

  private final Label begin = new Label();
  private final VectorObjectCode vectors;
  private int[] frame;

  /** The kinds of the operands below the loop. */
  private int[] below;

  private VectorFunction(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Emission emission,
      Layout layout,
      int loop,
      int[] below) {
    super(shape, body, function, emission);
    this.layout = layout;
    this.loop = loop;
    this.below = below;
    this.thisLoop.set(loop);
    this.loops = VectorLoops.of(body);
    this.frame = layout.frame;
    this.vectors = new VectorObjectCode(emission);
  }

  /** Which local variable everything has. */
  private record Layout(int[] kinds, int[] slots, int homes, int[] frame) {

    static Layout of(Body body, ConstantPool pool) {
      int object = pool.classInfo("java/lang/Object");
      int locals = body.locals.length;
      int[] kinds = body.kinds();
      int[] slots = new int[locals];
      int[] own = {
        VerificationType.object(pool.classInfo("[" + FunctionShape.OBJECT)),
        VerificationType.object(pool.classInfo("[J")),
        VerificationType.INTEGER,
        CodeFrames.instance(pool),
        VerificationType.object(pool.classInfo(Emission.MEMORY_CLASS)),
        VerificationType.LONG,
        VerificationType.LONG,
        VerificationType.INTEGER,
        VerificationType.INTEGER
      };
      int[] frame = Arrays.copyOf(own, own.length + locals);
      int next = FIRST_LOCAL;
      for (int k = 0; k < locals; k++) {
        slots[k] = next;
        next += ObjectVariables.slots(kinds[k]);
        frame[own.length + k] =
            kinds[k] == TypeCode.V128
                ? VerificationType.object(pool.classInfo(VectorApi.CLASS))
                : Variables.verificationType(kinds[k], object);
      }
      return new Layout(kinds, slots, next, frame);
    }
  }

  // ---- class and method ----

  /** Writes the class of a loop by its name, or yields null if the method would be too large. */
  static byte @Nullable [] writeClass(
      ModuleShape shape, FunctionValidator validator, Body body, String name) {
    int mark = name.lastIndexOf('x');
    int index = Integer.parseInt(name, CLASSES.length(), mark, 10);
    int loop = Integer.parseInt(name, mark + 1, name.length(), 10);
    int defined = index - shape.importedFunctions();
    body.function = index;
    validator.function(defined, shape.sink(body));
    int base = body.offsets[0];
    ClassWriter out = new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, LOOP);
    out.sourceFile(StackFrames.fileName(shape.module().name(), base));
    Code constructor =
        new Code(out.pool, new int[] {VerificationType.object(out.pool.classInfo(name))}, 1);
    constructor.local(Jvm.ALOAD, 0);
    constructor.invokeSpecial(NEW_LOOP);
    constructor.op(Jvm.RETURN);
    out.method(ClassWriter.PUBLIC, "<init>", "()V", constructor);
    // what lies on the operand stack below the loop is known when the code before it is written
    VectorFunction first = of(shape, body, out, base, loop, new int[0]);
    VectorFunction writer =
        first.below.length == 0 ? first : of(shape, body, out, base, loop, first.below);
    if (writer.e.code.size() >= MethodSize.LIMIT) {
      return null;
    }
    Member method = new Member(name, MethodNames.part(shape.member(index).name, PART), DESCRIPTOR);
    int access = ClassWriter.PUBLIC | ClassWriter.STATIC;
    out.method(access, method.name, DESCRIPTOR, writer.e.code);
    int self = VerificationType.object(out.pool.classInfo(name));
    Code run = new Code(out.pool, new int[] {self}, 1 + ARGUMENT_TYPES);
    run.local(Jvm.ALOAD, 1 + REFERENCES);
    run.local(Jvm.ALOAD, 1 + NUMBERS);
    run.local(Jvm.ILOAD, 1 + ROUNDS);
    run.local(Jvm.ALOAD, 1 + INSTANCE);
    run.invokeStatic(method);
    run.op(Jvm.ARETURN);
    out.method(ClassWriter.PUBLIC, "run", DESCRIPTOR, run);
    out.method(ClassWriter.PUBLIC, "others", "()[J", writer.others(self));
    return out.toBytes();
  }

  private Code others(int self) {
    int[] others = loops.stream().filter(each -> each != loop && isCounted(each)).toArray();
    Code code = new Code(e.code.pool, new int[] {self}, 1);
    code.pushInt(others.length);
    code.invokeStatic(Frames.NEW_NUMBERS);
    for (int k = 0; k < others.length; k++) {
      code.op(Jvm.DUP);
      code.pushInt(k);
      code.pushLong(others[k]);
      code.op(Jvm.LASTORE);
    }
    code.op(Jvm.ARETURN);
    return code;
  }

  private static VectorFunction of(
      ModuleShape shape, Body body, ClassWriter out, int lineBase, int loop, int[] below) {
    Layout layout = Layout.of(body, out.pool);
    int[] arguments = Arrays.copyOf(layout.frame, ARGUMENT_TYPES);
    Code code = new Code(out.pool, arguments, ARGUMENT_TYPES);
    Variables variables =
        new ObjectVariables(code, layout.kinds, layout.slots, layout.homes, SPARE);
    Operands operands = new Operands(variables, code);
    Emission emission =
        new Emission(shape, body, code, variables, operands, INSTANCE, MEMORY, lineBase);
    FunctionShape function = shape.ofFunction(body.function);
    VectorFunction writer =
        new VectorFunction(shape, body, function, emission, layout, loop, below);
    writer.run();
    return writer;
  }

  private void run() {
    Code code = e.code;
    code.pushLong(0);
    code.local(Jvm.LSTORE, SPARE);
    code.pushLong(0);
    code.local(Jvm.LSTORE, SPARE + 2);
    code.pushInt(0);
    code.local(Jvm.ISTORE, INDEX);
    code.pushInt(0);
    code.local(Jvm.ISTORE, LIMIT);
    VectorState state = new VectorState(layout.kinds, below);
    code.local(Jvm.ALOAD, NUMBERS);
    state.takeNumbers(e);
    if (state.hasReferences()) {
      code.local(Jvm.ALOAD, REFERENCES);
      state.takeReferences(e);
    }
    Emission.readMemory(code, INSTANCE, MEMORY);
    CountedLoop counted = counted(loop);
    int stride = stride(counted);
    if (stride > 1) {
      code.local(Jvm.ILOAD, ROUNDS);
      code.pushInt(stride);
      code.op(Jvm.IMUL);
      code.local(Jvm.ISTORE, ROUNDS);
    }
    code.jump(Jvm.GOTO, begin);
    bind(new Label());
    open();
    instructions(0, body.count());
  }

  // ---- the loop ----

  @Override
  @Nullable CountedLoop counted(int each) {
    if (!Transformations.COUNTED_LOOPS.enabled()) {
      return null;
    }
    CountedLoop counted = CountedLoop.of(body, each);
    // the limit would be an operand that other versions of the loop do not have
    return counted != null
            && counted.needsLimit()
            && each != loop
            && VectorLoops.within(body, each, loops)
        ? null
        : counted;
  }

  @Override
  boolean limitIsOperand(int each) {
    return each != loop;
  }

  @Override
  void storeLimit(Control block) {
    if (block.start == loop) {
      e.code.local(Jvm.ISTORE, LIMIT);
    } else {
      super.storeLimit(block);
    }
  }

  @Override
  void loadLimit(Control block) {
    if (block.start == loop) {
      e.code.local(Jvm.ILOAD, LIMIT);
    } else {
      super.loadLimit(block);
    }
  }

  @Override
  void loopHead(int i, Control block) {
    if (i == loop) {
      VectorState state = VectorState.of(e);
      if (state.operands().length > 0 && below.length == 0) {
        below = state.operands();
      }
      bind(begin);
    }
    super.loopHead(i, block);
    VectorState state = VectorState.of(e);
    if (i == loop || isCounted(i) && !state.hasReferences()) {
      Label goOn = new Label();
      e.code.increment(ROUNDS, -stride(block.counted));
      e.code.local(Jvm.ILOAD, ROUNDS);
      e.code.jump(Jvm.IFGE, goOn);
      if (i != loop) {
        state.pushNumbers(e);
      } else {
        if (state.hasReferences()) {
          e.code.local(Jvm.ALOAD, REFERENCES);
          state.putReferences(e);
          e.code.op(Jvm.POP);
        }
        e.code.local(Jvm.ALOAD, NUMBERS);
        state.putNumbers(e);
      }
      state.putPlace(e, i);
      e.code.op(Jvm.ARETURN);
      bind(goOn);
    }
  }

  /** Its rounds are counted; and HotSpot, which has inlined enough here, would call the guard. */
  @Override
  boolean asksWhetherToStop(int each) {
    return each != loop;
  }

  /**
   * Whether this version gives its state back after rounds of a loop: its own one, and others, as
   * HotSpot keeps vectors in registers only in a loop that it has seen from the beginning.
   */
  private boolean isCounted(int each) {
    return each == loop || loops.get(each) && isPassedOn(each);
  }

  /** Whether the state at another loop can be returned as one array. */
  private boolean isPassedOn(int each) {
    if (!body.isTarget(each) || body.blockTypes(each).parameters().length > 0) {
      return false;
    }
    for (int type : body.locals) {
      if (FunctionShape.kind(type) == TypeCode.REF) {
        return false;
      }
    }
    return true;
  }

  /**
   * What is counted for a round. HotSpot counts a loop by one number only, but takes another for
   * the same if it changes by as much; then the test for the last round costs nothing.
   */
  private static int stride(@Nullable CountedLoop counted) {
    int stride = counted == null ? 1 : Math.abs(counted.stride());
    return stride <= MAX_STRIDE ? stride : 1;
  }

  // ---- vector instructions ----

  @Override
  boolean writesVector(int i, Opcode opcode) {
    Kind kind = opcode.kind();
    return switch (kind) {
      case LOAD -> opcode == Opcode.V128_LOAD && isFast(i) && load(i);
      case STORE -> opcode == Opcode.V128_STORE && isFast(i) && store(i);
      case LOAD_LANE -> {
        loadLane(i, opcode);
        yield true;
      }
      default -> vectors.write(i, opcode);
    };
  }

  private boolean isFast(int i) {
    return body.first[i] == 0 && shape.isFast(0);
  }

  /**
   * Pops an address and keeps the index that is meant in a local variable: a negative one, which
   * every access refuses, if it is past 2 GiB.
   */
  private void keepIndex(int offset) {
    e.code.local(Jvm.ISTORE, INDEX);
    if (offset < 0) {
      e.code.pushInt(-1);
      e.code.local(Jvm.ISTORE, INDEX);
    } else if (offset > 0) {
      e.code.local(Jvm.ILOAD, INDEX);
      e.code.pushInt(offset);
      e.code.op(Jvm.IADD);
      e.code.local(Jvm.ILOAD, INDEX);
      e.code.pushInt(Integer.MIN_VALUE);
      e.code.op(Jvm.IAND);
      e.code.op(Jvm.IOR);
      e.code.local(Jvm.ISTORE, INDEX);
    }
  }

  private void bytesAndIndex() {
    e.memory();
    e.code.getField(BYTES);
    e.code.local(Jvm.ILOAD, INDEX);
  }

  private boolean load(int i) {
    e.operands.load(1);
    e.operands.pop();
    keepIndex((int) body.low[i]);
    VectorApi.species(e.code, Lane.BYTE);
    bytesAndIndex();
    e.mark(i);
    VectorApi.load(e.code);
    e.variables.storeVector(e.operands.home(e.operands.height()));
    e.operands.push(TypeCode.V128);
    return true;
  }

  private boolean store(int i) {
    e.operands.load(2);
    keepIndex((int) body.low[i]);
    e.operands.vector(e.operands.height() - 1);
    bytesAndIndex();
    e.mark(i);
    VectorApi.store(e.code);
    e.operands.pop(2);
    return true;
  }

  private void loadLane(int i, Opcode opcode) {
    int kind = opcode.width() == 8 ? TypeCode.I64 : TypeCode.I32;
    int home = memories().readLane(i, opcode);
    Lane lane =
        switch (opcode.width()) {
          case 1 -> Lane.BYTE;
          case 2 -> Lane.SHORT;
          case 4 -> Lane.INT;
          default -> Lane.LONG;
        };
    vectors.loadedLane(lane, body.second[i], kind, home);
  }

  // ---- labels ----

  @Override
  Label target(Place place) {
    return place.label;
  }

  @Override
  void bind(Label label) {
    int count = layout.frame.length;
    int height = e.operands.height();
    if (frame.length < count + height) {
      frame = Arrays.copyOf(frame, count + 2 * height);
    }
    int object = e.code.pool.classInfo("java/lang/Object");
    int vector = VerificationType.object(e.code.pool.classInfo(VectorApi.CLASS));
    for (int k = 0; k < height; k++) {
      int kind = e.operands.kind(k);
      frame[count++] = kind == TypeCode.V128 ? vector : Variables.verificationType(kind, object);
    }
    e.code.bind(label, frame, count);
  }

  // ---- the end ----

  @Override
  void returnFromFunction() {
    int count = function.results.length;
    e.operands.settleTop(count);
    int first = e.operands.height() - count;
    int slot = 0;
    for (int k = first; k < first + count; k++) {
      int kind = e.operands.kind(k);
      if (kind == TypeCode.REF) {
        e.instance();
        e.code.getField(CallCode.RESULT_REFERENCES);
        e.code.pushInt(slot);
        e.operands.copy(k);
        e.code.op(Jvm.AASTORE);
      } else {
        for (int half = 0; half < TypeCode.slots(kind); half++) {
          e.instance();
          e.code.getField(CallCode.RESULTS);
          e.code.pushInt(slot + half);
          if (kind == TypeCode.V128) {
            e.operands.half(k, half);
          } else {
            e.operands.copy(k);
            NumberBits.toBits(e.code, kind);
          }
          e.code.op(Jvm.LASTORE);
        }
      }
      slot += TypeCode.slots(kind);
    }
    e.code.op(Jvm.ACONST_NULL);
    e.code.op(Jvm.ARETURN);
  }
}
