package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.FuelTank;
import dev.sampan.wasm.valid.CatchClause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the code of one function, or of a part of it, as one method: one pass over its
 * instructions.
 *
 * <p>The Java virtual machine's operand stack is empty at every label. HotSpot refuses to enter
 * compiled code in the middle of a loop otherwise, and a function that is called once would stay
 * interpreted for ever; and so every stack map frame is the function's variables and nothing else.
 */
abstract class FunctionCompiler {

  private static final int[] NOTHING = {};
  private static final List<CatchClause> NO_CLAUSES = List.of();

  final ModuleShape shape;
  final Body body;
  final FunctionShape function;

  /** What this pass writes with; another one where the code goes on in another method. */
  Emission e;

  private NumericCode numbers;
  private MemoryCode memories;
  private VectorCode vectors;
  private CallCode calls;
  private TableCode tables;
  private AggregateCode aggregates;

  /** An instruction whose stretch has been paid for in another method. */
  int paidFor = -1;

  /** The innermost open block; the outermost is the function. */
  @Nullable Control control;

  FunctionCompiler(ModuleShape shape, Body body, FunctionShape function, Emission emission) {
    this.shape = shape;
    this.body = body;
    this.function = function;
    this.e = emission;
    this.numbers = new NumericCode(emission);
    this.memories = new MemoryCode(emission);
    this.vectors = new VectorCode(emission);
    this.calls = new CallCode(emission);
    this.tables = new TableCode(emission);
    this.aggregates = new AggregateCode(emission);
  }

  /** Goes on writing elsewhere. */
  final void moveTo(Emission emission) {
    e = emission;
    numbers = new NumericCode(emission);
    memories = new MemoryCode(emission);
    vectors = new VectorCode(emission);
    calls = new CallCode(emission);
    tables = new TableCode(emission);
    aggregates = new AggregateCode(emission);
  }

  // ---- what differs between whole functions and parts of them ----

  /** The label to jump to for a branch to a place. */
  abstract Label target(Place place);

  /** Says that a place is here; the operands are those at the place, all at home. */
  abstract void bind(Place place);

  /** Says that a label of the same method is here; all operands are at home. */
  abstract void bind(Label label);

  /** Whether something jumps to a place, or may do so from code that is written later. */
  abstract boolean isUsed(Place place);

  /** Returns from the function; its results are on top. */
  abstract void returnFromFunction();

  /** Replaces the function by a call. */
  abstract void tailCall(int i, Opcode opcode);

  /** An instruction has been written. */
  abstract void afterInstruction(int i);

  /** Writes an instruction on vectors, if that is done in another way than with halves. */
  boolean writesVector(int i, Opcode opcode) {
    return false;
  }

  final CallCode calls() {
    return calls;
  }

  final MemoryCode memories() {
    return memories;
  }

  final NumericCode numbers() {
    return numbers;
  }

  // ---- the pass ----

  /** Opens the block that is the function. */
  final void open() {
    control = new Control(Opcode.BLOCK, -1, NOTHING, function.results, NO_CLAUSES, 0, 0, null);
  }

  /** Writes what a function does before all else, each time it is called. */
  final void begin() {
    if (body.calls()) {
      askWhetherToStop(0);
    }
  }

  /** Writes a range of instructions. */
  final void instructions(int from, int to) {
    int i = from;
    while (i < to) {
      int beyond = elsewhere(i);
      if (beyond > i) {
        i = beyond;
        continue;
      }
      int next = i + 1 + instruction(i);
      if (body.opcode(i) != Opcode.LOOP) {
        for (int k = i + 1; k < next; k++) {
          takeFuel(k);
        }
      }
      afterInstruction(next - 1);
      i = next;
    }
  }

  private Control current() {
    return Objects.requireNonNull(control);
  }

  /**
   * Writes the instructions that begin here elsewhere, if that is better; yields the first one
   * behind them.
   */
  int elsewhere(int i) {
    return i;
  }

  /** Whether the next instruction is reached from an instruction. */
  static boolean goesOn(Opcode opcode) {
    return switch (opcode.kind()) {
      case UNREACHABLE,
          BR,
          BR_TABLE,
          RETURN,
          RETURN_CALL,
          RETURN_CALL_INDIRECT,
          RETURN_CALL_REF,
          THROW,
          THROW_REF ->
          false;
      default -> true;
    };
  }

  /** Writes an instruction; yields how many of the next ones have been written with it. */
  final int instruction(int i) {
    Opcode opcode = body.opcode(i);
    if (numbers.hasPending() && !takesComparison(opcode)) {
      numbers.settle();
    }
    takeFuel(i);
    if (writesVector(i, opcode)) {
      return 0;
    }
    switch (opcode.kind()) {
      case NOP -> {}
      case UNREACHABLE -> {
        e.mark(i);
        e.code.invokeStatic(References.UNREACHABLE);
        e.code.op(Jvm.ATHROW);
      }
      case LOOP -> {
        if (outline(i)) {
          e.operands.allWritten();
          return body.first[i] - i;
        }
        return block(i, opcode);
      }
      case BLOCK, IF, TRY_TABLE -> {
        return block(i, opcode);
      }
      case ELSE -> otherwise(i);
      case END -> end(i);
      case BR -> {
        Control target = labelled(body.first[i]);
        if (target.asksAtBranches) {
          askWhetherToStop(i);
        }
        branch(target);
      }
      case BR_IF -> branchIf(i, labelled(body.first[i]));
      case BR_TABLE -> branchTable(i);
      case BR_ON_NULL, BR_ON_NON_NULL -> branchOnNull(opcode, labelled(body.first[i]));
      case BR_ON_CAST, BR_ON_CAST_FAIL -> branchOnCast(i, opcode, labelled(body.first[i]));
      case RETURN -> returnFromFunction();
      case CALL, CALL_INDIRECT, CALL_REF -> {
        mayThrow();
        calls.call(i, opcode);
      }
      case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> tailCall(i, opcode);
      case THROW -> {
        mayThrow();
        throwNew(i);
      }
      case THROW_REF -> {
        mayThrow();
        e.operands.load(1);
        e.operands.pop();
        e.mark(i);
        e.code.invokeStatic(References.THROWN);
        e.code.op(Jvm.ATHROW);
      }
      case DROP -> drop();
      case SELECT, SELECT_TYPED -> select();
      case LOCAL_GET -> {
        return localGet(i);
      }
      case LOCAL_SET, LOCAL_TEE -> localSet(i, opcode);
      case GLOBAL_GET -> GlobalCode.get(e, body.first[i]);
      case GLOBAL_SET -> GlobalCode.set(e, body.first[i]);
      case TABLE_GET,
          TABLE_SET,
          TABLE_SIZE,
          TABLE_GROW,
          TABLE_FILL,
          TABLE_COPY,
          TABLE_INIT,
          ELEM_DROP ->
          tables.instruction(i, opcode);
      case LOAD -> memories.load(i, opcode);
      case STORE -> memories.store(i, opcode);
      case LOAD_LANE -> memories.loadLane(i, opcode, vectors);
      case STORE_LANE -> memories.storeLane(i, opcode);
      case MEMORY_SIZE, MEMORY_GROW, MEMORY_FILL, MEMORY_COPY, MEMORY_INIT, DATA_DROP ->
          memories.bulk(i, opcode);
      case ATOMIC_LOAD, ATOMIC_STORE, ATOMIC_RMW, ATOMIC_CMPXCHG, ATOMIC_WAIT, ATOMIC_NOTIFY ->
          memories.atomic(i, opcode);
      case ATOMIC_FENCE -> e.code.invokeStatic(CallSupport.FENCE);
      case CONST -> {
        int more = numbers.extreme(i);
        return more > 0 ? more : numbers.constant(i);
      }
      case UNARY -> {
        if (NumericCode.isComparison(opcode)) {
          numbers.compare(opcode);
        } else {
          numbers.unary(i, opcode);
        }
      }
      case BINARY -> {
        if (NumericCode.isComparison(opcode)) {
          numbers.compare(opcode);
        } else {
          numbers.binary(i, opcode);
        }
      }
      case WIDE -> numbers.wide(opcode);
      case VECTOR_UNARY, VECTOR_BINARY, VECTOR_TERNARY -> vectors.halves(i, opcode);
      case VECTOR_SHIFT -> vectors.shift(opcode);
      case VECTOR_REDUCE -> vectors.reduce(opcode);
      case VECTOR_CROSS_UNARY, VECTOR_CROSS_BINARY -> vectors.cross(opcode);
      case SPLAT -> vectors.splat(opcode);
      case EXTRACT_LANE -> vectors.extractLane(i, opcode);
      case REPLACE_LANE -> vectors.replaceLane(i, opcode);
      case SHUFFLE -> vectors.shuffle(i, opcode);
      case REF_IS_NULL -> numbers.compare(opcode);
      case REF_NULL -> {
        e.code.op(Jvm.ACONST_NULL);
        e.operands.push(TypeCode.REF);
      }
      case REF_AS_NON_NULL -> reference(i, References.NON_NULL, 1, TypeCode.REF);
      case REF_EQ -> reference(i, References.SAME, 2, TypeCode.I32);
      case REF_FUNC -> {
        e.code.pushInt(body.first[i]);
        e.helper(References.FUNCTION);
        e.operands.push(TypeCode.REF);
      }
      case REF_TEST -> {
        e.operands.load(1);
        e.operands.pop();
        e.testType(body.first[i]);
        e.operands.push(TypeCode.I32);
      }
      case REF_CAST -> {
        e.operands.load(1);
        e.mark(i);
        e.castToType(body.first[i]);
      }
      case REF_I31 -> reference(i, References.I31, 1, TypeCode.REF);
      case I31_GET ->
          reference(
              i, opcode == Opcode.I31_GET_S ? References.I31_S : References.I31_U, 1, TypeCode.I32);
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case STRUCT_NEW,
          STRUCT_NEW_DEFAULT,
          STRUCT_GET,
          STRUCT_SET,
          ARRAY_NEW,
          ARRAY_NEW_DEFAULT,
          ARRAY_NEW_FIXED,
          ARRAY_NEW_DATA,
          ARRAY_NEW_ELEM,
          ARRAY_GET,
          ARRAY_SET,
          ARRAY_LEN,
          ARRAY_FILL,
          ARRAY_COPY,
          ARRAY_INIT_DATA,
          ARRAY_INIT_ELEM ->
          aggregates.instruction(i, opcode);
      case LEGACY_TRY, LEGACY_CATCH, LEGACY_CATCH_ALL, LEGACY_DELEGATE, LEGACY_RETHROW ->
          throw new AssertionError(opcode.text() + " was not rewritten; please report");
    }
    return 0;
  }

  private static final String TANK = "L" + Member.internalName(FuelTank.class) + ";";
  private static final Member FUEL = new Member(FunctionShape.INSTANCE_CLASS, "fuel", TANK);
  private static final Member TAKE = Member.of(FuelTank.class, "take", "(I" + TANK + ")V");
  private static final Member TAKE_FOR_RANGE =
      Member.of(FuelTank.class, "takeForRange", "(JI" + TANK + ")V");

  /** Takes fuel for the stretch that begins with an instruction, and for the range it works on. */
  private void takeFuel(int i) {
    int units = i == paidFor ? 0 : body.fuel(i);
    if (units > 0) {
      e.mark(i);
      e.code.pushInt(units);
      e.instance();
      e.code.getField(FUEL);
      e.code.invokeStatic(TAKE);
    }
    int log2 = body.rangeLog2(i);
    if (log2 >= 0) {
      e.operands.load(1);
      e.mark(i);
      if (e.operands.top() == TypeCode.I32) {
        e.code.op(Jvm.DUP);
        e.code.invokeStatic(MemoryCode.UNSIGNED);
      } else {
        e.code.op(Jvm.DUP2);
      }
      e.code.pushInt(log2);
      e.instance();
      e.code.getField(FUEL);
      e.code.invokeStatic(TAKE_FOR_RANGE);
    }
  }

  private static boolean takesComparison(Opcode opcode) {
    return opcode == Opcode.BR_IF || opcode == Opcode.IF || opcode == Opcode.I32_EQZ;
  }

  private void reference(int i, Member method, int operands, int result) {
    e.operands.load(operands);
    e.operands.pop(operands);
    e.mark(i);
    e.code.invokeStatic(method);
    e.operands.push(result);
  }

  // ---- parametric and variable instructions ----

  private void drop() {
    int top = e.operands.height() - 1;
    if (e.operands.isStacked(top)) {
      e.code.op(Operands.popOpcode(e.operands.kind(top)));
    }
    e.operands.pop();
  }

  private void select() {
    int kind = e.operands.kind(e.operands.height() - 2);
    if (kind == TypeCode.V128) {
      e.operands.settleTop(1);
      int first = e.operands.height() - 3;
      int home = e.operands.home(first);
      for (int half = 0; half < 2; half++) {
        e.operands.half(first, half);
        e.operands.half(first + 1, half);
        e.operands.copy(first + 2);
        e.code.invokeStatic(selection(TypeCode.I64));
        e.variables.storeHalf(home, half);
      }
      e.operands.pop(3);
    } else {
      e.operands.load(3);
      e.operands.pop(3);
      e.code.invokeStatic(selection(kind));
    }
    e.operands.push(kind);
  }

  private static Member selection(int kind) {
    return switch (kind) {
      case TypeCode.I32 -> SELECT_I32;
      case TypeCode.I64 -> SELECT_I64;
      case TypeCode.F32 -> SELECT_F32;
      case TypeCode.F64 -> SELECT_F64;
      default -> References.SELECT;
    };
  }

  private static final Member SELECT_I32 = Member.of(References.class, "select", "(III)I");
  private static final Member SELECT_I64 = Member.of(References.class, "select", "(JJI)J");
  private static final Member SELECT_F32 = Member.of(References.class, "select", "(FFI)F");
  private static final Member SELECT_F64 = Member.of(References.class, "select", "(DDI)D");

  private int localGet(int i) {
    int local = body.first[i];
    int type = body.locals[local];
    if (type == TypeCode.V128) {
      e.operands.pushVector(local);
      return 0;
    }
    if (type == TypeCode.I32 && isIncrement(i, local)) {
      int amount = (int) body.low[i + 1];
      if (e.variables.increment(local, body.opcode(i + 2) == Opcode.I32_ADD ? amount : -amount)) {
        e.operands.written(local);
        if (body.opcode(i + 3) == Opcode.LOCAL_TEE) {
          e.variables.get(local);
          e.operands.push(type);
          e.operands.topIsLocal(local);
        }
        return 3;
      }
    }
    int more = numbers.extreme(i);
    if (more > 0) {
      return more;
    }
    if (numbers.overflow(i)) {
      return 1;
    }
    e.variables.get(local);
    e.operands.push(type);
    e.operands.topIsLocal(local);
    return 0;
  }

  /** Whether a local is read, a constant added or subtracted, and the same local written. */
  private boolean isIncrement(int i, int local) {
    if (i + 3 >= body.count()
        || body.opcode(i + 1) != Opcode.I32_CONST
        || body.low[i + 1] == Integer.MIN_VALUE) {
      return false;
    }
    Opcode operation = body.opcode(i + 2);
    Opcode write = body.opcode(i + 3);
    return (operation == Opcode.I32_ADD || operation == Opcode.I32_SUB)
        && (write == Opcode.LOCAL_SET || write == Opcode.LOCAL_TEE)
        && body.first[i + 3] == local;
  }

  private void localSet(int i, Opcode opcode) {
    int local = body.first[i];
    int type = body.locals[local];
    if (type == TypeCode.V128) {
      int top = e.operands.height() - 1;
      e.operands.releaseBelow(top, local);
      e.operands.vector(top);
      e.variables.setVector(local);
      if (opcode == Opcode.LOCAL_SET) {
        e.operands.pop();
      }
      return;
    }
    e.operands.load(1);
    if (opcode == Opcode.LOCAL_TEE) {
      boolean wide = FunctionShape.javaSlots(type) == 2;
      e.code.op(wide ? Jvm.DUP2 : Jvm.DUP);
      e.variables.set(local);
      e.operands.written(local);
      e.operands.topIsLocal(local);
    } else {
      e.operands.pop();
      e.variables.set(local);
      e.operands.written(local);
    }
  }

  // ---- blocks ----

  private int block(int i, Opcode opcode) {
    Body.BlockTypes types = body.blockTypes(i);
    if (opcode == Opcode.IF) {
      settleAroundCondition();
    } else {
      e.operands.settle();
    }
    CountedLoop counted = opcode == Opcode.LOOP ? counted(i) : null;
    if (counted != null && counted.needsLimit() && limitIsOperand(i)) {
      // the limit of the inner loop is an operand that Wasm knows nothing of
      e.operands.pushAtHome(TypeCode.I32);
    }
    int height = e.operands.height() - types.parameters().length - (opcode == Opcode.IF ? 1 : 0);
    Control block =
        new Control(
            opcode,
            i,
            types.parameters(),
            types.results(),
            types.clauses(),
            height,
            e.operands.home(height),
            control);
    block.label.owner = this;
    block.otherwise.owner = this;
    switch (opcode) {
      case IF -> numbers.jumpIf(false, target(block.otherwise));
      case LOOP -> {
        BlockLoop moved = blockLoop(i);
        if (moved != null) {
          moved.write(e);
        }
        block.counted = counted;
        // HotSpot knows loops that are left at their heads only if nothing stands before that
        block.asksAtBranches = asksWhetherToStop(i) && body.isTargetOfPlainBranches(i);
        loopHead(i, block);
      }
      case TRY_TABLE -> {
        int[] below = new int[height];
        for (int k = 0; k < height; k++) {
          below[k] = e.operands.kind(k);
        }
        Control.Handler handler = new Control.Handler(block, block.handler, below);
        openHandler(handler);
        block.handler = handler;
        for (CatchClause clause : types.clauses()) {
          willJump(labelled(clause.depth()));
        }
      }
      default -> {}
    }
    control = block;
    return 0;
  }

  /** Sends all operands home but the condition on top. */
  private void settleAroundCondition() {
    if (numbers.hasPending() && (e.operands.stacked() > 1 || e.operands.hasLocals())) {
      // the operands of the comparison are on top of others
      numbers.settle();
    }
    e.operands.settleBelow(1);
  }

  void loopHead(int i, Control block) {
    CountedLoop counted = block.counted;
    if (counted != null) {
      outerHead(block, counted);
    }
    if (body.isTarget(i)) {
      bind(block.label);
      if (!block.asksAtBranches && asksWhetherToStop(i)) {
        askWhetherToStop(i);
      }
    }
  }

  /** Whether a loop has to ask whether to stop; not if nobody stays in it for long. */
  boolean asksWhetherToStop(int loop) {
    return true;
  }

  /** Writes what a plain branch does before it goes to a block, for one that is written again. */
  private void beforeBranch(int i, Control target) {
    takeFuel(i);
    if (target.asksAtBranches) {
      askWhetherToStop(i);
    }
  }

  /** Writes the tail behind a block again, up to its branch; all values must be at home. */
  final void writeTail(Tail tail) {
    e.operands.allWritten();
    int i = tail.from();
    while (i < tail.branch()) {
      i += body.opcode(i) == Opcode.END ? 1 : 1 + instruction(i);
    }
    numbers.settle();
    beforeBranch(tail.branch(), tail.target());
  }

  /** Writes what ends the guest here if it is to stop. */
  final void askWhetherToStop(int i) {
    if (Transformations.GUARDS.enabled()) {
      e.mark(i);
      e.helper(GuardClass.ASK);
    }
  }

  /** Writes a whole loop elsewhere, if that is better. */
  boolean outline(int loop) {
    return false;
  }

  private @Nullable BlockLoop blockLoop(int loop) {
    return Transformations.BLOCK_LOOPS.enabled()
            && shape.isFast(0)
            // each round costs fuel
            && !shape.isMetered()
            && body.isTarget(loop)
        ? BlockLoop.of(body, loop)
        : null;
  }

  /** What is found out about a loop, if its code is to be changed accordingly. */
  @Nullable CountedLoop counted(int loop) {
    return null;
  }

  private void outerHead(Control block, CountedLoop counted) {
    if (counted.needsLimit()) {
      // set before the label, so that the frame there has it
      e.code.pushInt(0);
      storeLimit(block);
    }
    bind(block.outerHead);
    // two loops must begin at two places
    e.code.op(Jvm.NOP);
    if (counted.needsLimit()) {
      limit(block, counted);
    }
  }

  /**
   * Writes what the signed comparison is with: the bound itself, if the counter cannot pass from
   * one half of the numbers to the other on its way there, else a number that ends the inner loop.
   * Not a method that is called, because HotSpot leaves rare calls as they are, and knows nothing
   * of their results.
   */
  private void limit(Control block, CountedLoop counted) {
    Label sane = new Label();
    bound(counted);
    storeLimit(block);
    bound(counted);
    if (counted.stride() > 0) {
      Label odd = new Label();
      e.code.pushInt(counted.largestBound());
      e.code.jump(Jvm.IF_ICMPGT, odd);
      bound(counted);
      e.variables.get(counted.counter());
      e.code.pushInt(counted.stride());
      e.code.op(Jvm.IADD);
      e.code.op(Jvm.IOR);
      e.code.jump(Jvm.IFGE, sane);
      bind(odd);
      e.code.pushInt(Integer.MIN_VALUE);
    } else {
      e.code.jump(Jvm.IFGE, sane);
      e.code.pushInt(Integer.MAX_VALUE);
    }
    storeLimit(block);
    bind(sane);
  }

  /** Whether a loop's limit is kept as an operand, just below the loop's own ones. */
  boolean limitIsOperand(int loop) {
    return true;
  }

  void storeLimit(Control block) {
    e.variables.store(TypeCode.I32, e.operands.home(block.height - 1));
  }

  void loadLimit(Control block) {
    e.variables.load(TypeCode.I32, e.operands.home(block.height - 1));
  }

  private void bound(CountedLoop counted) {
    if (counted.boundLocal() < 0) {
      e.code.pushInt(counted.bound());
    } else {
      e.variables.get(counted.boundLocal());
    }
  }

  /** The branch at the end of a counted loop; its condition is on top. */
  private void countedBackEdge(Control block, CountedLoop counted) {
    Opcode comparison = counted.comparison();
    numbers.drop();
    e.variables.get(counted.counter());
    if (counted.needsLimit()) {
      loadLimit(block);
    } else {
      bound(counted);
    }
    e.code.jump(counted.stride() > 0 ? Jvm.IF_ICMPLT : Jvm.IF_ICMPGT, target(block.label));
    e.variables.get(counted.counter());
    bound(counted);
    e.operands.push(TypeCode.I32);
    e.operands.push(TypeCode.I32);
    numbers.compare(comparison);
    Label done = new Label();
    numbers.jumpIf(false, done);
    e.variables.get(counted.counter());
    e.code.invokeStatic(OuterLoop.AGAIN);
    e.variables.set(counted.counter());
    e.code.jump(Jvm.GOTO, block.outerHead);
    bind(done);
  }

  private void otherwise(int i) {
    Control block = current();
    if (body.first[i] != 0) {
      toLabel(block);
    }
    e.operands.cut(block.height);
    for (int type : block.parameters) {
      e.operands.pushAtHome(type);
    }
    bind(block.otherwise);
    block.otherwise = new Place();
  }

  private void end(int i) {
    Control block = current();
    boolean live = body.first[i] != 0;
    if (block.handler != null && block.handler.block == block) {
      if (live) {
        // the range of the handler around this one begins here
        e.operands.settle();
      }
      closeHandler(block.handler);
    }
    Control outer = block.outer;
    if (outer == null) {
      endFunction(block, live);
      return;
    }
    boolean loop = block.opcode == Opcode.LOOP;
    boolean isIf = block.opcode == Opcode.IF && block.otherwise.label.used;
    boolean joined = !loop && isUsed(block.label) || isIf;
    if (live && joined) {
      e.operands.settle();
    }
    control = outer;
    if (joined || !live) {
      e.operands.cut(block.height);
      for (int type : block.results) {
        e.operands.pushAtHome(type);
      }
    }
    if (joined || !live) {
      if (isIf) {
        bind(block.otherwise);
      }
      if (loop) {
        bind(new Label());
      } else {
        bind(block.label);
      }
    }
    if (block.counted != null && block.counted.needsLimit() && limitIsOperand(block.start)) {
      e.operands.pop();
    }
  }

  /** Something will jump to a block's label, from code that is written later. */
  void willJump(Control block) {
    block.label.label.used = true;
  }

  private void endFunction(Control block, boolean live) {
    if (live && !isUsed(block.label)) {
      returnFromFunction();
    } else {
      if (live) {
        e.operands.settle();
      }
      if (isUsed(block.label)) {
        e.operands.cut(0);
        for (int type : block.results) {
          e.operands.pushAtHome(type);
        }
        bind(block.label);
        returnFromFunction();
      }
    }
    control = null;
  }

  // ---- branches ----

  private Control labelled(int depth) {
    Control block = current();
    for (int k = 0; k < depth; k++) {
      block = Objects.requireNonNull(block.outer);
    }
    return block;
  }

  /** Branches to a label whose operands are on top. */
  private void toLabel(Control block) {
    int count = block.labelTypes().length;
    pauseHandlers();
    if (count > 0) {
      e.operands.moveDown(count, block.home);
    }
    e.operands.popStacked(count);
    e.code.jump(Jvm.GOTO, target(block.label));
    resumeHandlers();
  }

  /** Branches to a label whose operands are at home, but elsewhere. */
  final void copyToLabel(Control block, int count, int above) {
    pauseHandlers();
    e.operands.copyDown(count, block.home, above);
    e.code.jump(Jvm.GOTO, target(block.label));
    resumeHandlers();
  }

  /**
   * Guards no code for a moment: homes that a handler relies on may be given to a label outside of
   * it, and nothing is thrown meanwhile.
   */
  abstract void pauseHandlers();

  abstract void resumeHandlers();

  void branch(Control block) {
    if (block.outer == null && block.results.length <= 1) {
      returnFromFunction();
      return;
    }
    toLabel(block);
  }

  private void branchIf(int i, Control block) {
    settleAroundCondition();
    int count = block.labelTypes().length;
    // the condition is on top of the label's operands
    if (e.operands.areAt(count + 1, block.home) || count == 0) {
      backEdge(i, block);
      return;
    }
    Label skip = new Label();
    numbers.jumpIf(false, skip);
    copyToLabel(block, count, 0);
    bind(skip);
  }

  /** Jumps if the condition on top is true; nothing has to be moved. */
  private void backEdge(int i, Control block) {
    CountedLoop counted = block.counted;
    if (counted != null && counted.branch() == i) {
      countedBackEdge(block, counted);
    } else if (block.opcode == Opcode.LOOP && unrolls(block, i)) {
      Label exit = new Label();
      for (int copy = 1; copy < SmallLoop.COPIES; copy++) {
        numbers.jumpIf(false, exit);
        instructions(block.start + 1, i);
        settleAroundCondition();
      }
      numbers.jumpIf(true, target(block.label));
      bind(exit);
    } else {
      numbers.jumpIf(true, target(block.label));
    }
  }

  /** Whether the body of a loop that ends by a branch is written several times. */
  boolean unrolls(Control block, int branch) {
    return false;
  }

  private void branchOnNull(Opcode opcode, Control block) {
    e.operands.settle();
    int top = e.operands.height() - 1;
    e.operands.copy(top);
    if (opcode == Opcode.BR_ON_NULL) {
      conditional(Jvm.IFNULL, Jvm.IFNONNULL, block, 1);
    } else {
      conditional(Jvm.IFNONNULL, Jvm.IFNULL, block, 0);
      e.operands.pop();
    }
  }

  private void branchOnCast(int i, Opcode opcode, Control block) {
    e.operands.settle();
    e.operands.copy(e.operands.height() - 1);
    e.testType(body.second[i]);
    boolean onSuccess = opcode == Opcode.BR_ON_CAST;
    conditional(onSuccess ? Jvm.IFNE : Jvm.IFEQ, onSuccess ? Jvm.IFEQ : Jvm.IFNE, block, 0);
  }

  /**
   * Branches with values that are at home.
   *
   * @param above how many values on top the label does not take
   */
  private void conditional(int taken, int notTaken, Control block, int above) {
    int count = block.labelTypes().length;
    if (count == 0 || e.operands.areAt(count + above, block.home)) {
      e.code.jump(taken, target(block.label));
      return;
    }
    Label skip = new Label();
    e.code.jump(notTaken, skip);
    copyToLabel(block, count, above);
    bind(skip);
  }

  private void branchTable(int i) {
    int[] depths = body.labels(i);
    e.operands.settleBelow(1);
    e.operands.pop();
    Control[] blocks = blocks(depths);
    int count = blocks[0].labelTypes().length;
    if (leaveThroughTable(blocks, count)) {
      return;
    }
    Label[] labels = new Label[depths.length];
    List<Control> moved = new ArrayList<>();
    List<Label> movedAt = new ArrayList<>();
    for (int k = 0; k < depths.length; k++) {
      Control block = blocks[k];
      if (e.operands.areAt(count, block.home)) {
        labels[k] = target(block.label);
      } else {
        int known = moved.indexOf(block);
        if (known < 0) {
          known = moved.size();
          moved.add(block);
          movedAt.add(new Label());
        }
        labels[k] = movedAt.get(known);
      }
    }
    int last = depths.length - 1;
    jumpTable(Arrays.copyOf(labels, last), labels[last]);
    for (int k = 0; k < moved.size(); k++) {
      bind(movedAt.get(k));
      copyToLabel(moved.get(k), count, 0);
    }
  }

  /** Leaves the method by the number on the stack, if there are too many labels for a switch. */
  abstract boolean leaveThroughTable(Control[] blocks, int count);

  /** Jumps by the number on the stack. */
  private void jumpTable(Label[] cases, Label fallback) {
    if (cases.length == 0) {
      e.code.op(Jvm.POP);
      e.code.jump(Jvm.GOTO, fallback);
    } else if (cases.length == 1) {
      e.code.jump(Jvm.IFEQ, cases[0]);
      e.code.jump(Jvm.GOTO, fallback);
    } else {
      e.code.tableSwitch(0, cases, fallback);
    }
  }

  /** The blocks of many labels, without walking outwards for each. */
  private Control[] blocks(int[] depths) {
    int deepest = 0;
    for (int depth : depths) {
      deepest = Math.max(deepest, depth);
    }
    Control[] chain = new Control[deepest + 1];
    Control block = current();
    for (int k = 0; k <= deepest; k++) {
      chain[k] = block;
      if (k < deepest) {
        block = Objects.requireNonNull(block.outer);
      }
    }
    Control[] blocks = new Control[depths.length];
    for (int k = 0; k < depths.length; k++) {
      blocks[k] = chain[depths[k]];
    }
    return blocks;
  }

  // ---- exceptions ----

  private void throwNew(int i) {
    int tag = body.first[i];
    int[] types = shape.tagParameters(tag);
    int count = types.length;
    e.operands.settleTop(count);
    int first = e.operands.height() - count;
    e.mark(i);
    e.code.pushInt(count);
    e.code.invokeStatic(Exceptions.PAYLOAD);
    for (int k = 0; k < count; k++) {
      int kind = FunctionShape.kind(types[k]);
      e.operands.copy(first + k);
      e.code.pushInt(k);
      e.code.invokeStatic(
          Exceptions.put(
              kind == TypeCode.REF ? 'A' : kind == TypeCode.V128 ? 'V' : Emission.letter(kind)));
    }
    e.operands.pop(count);
    e.code.pushInt(tag);
    e.code.pushInt(body.function);
    e.code.pushInt(body.offsets[i]);
    e.helper(Exceptions.NEW);
    e.code.op(Jvm.ATHROW);
  }

  /** A {@code try_table} begins. */
  abstract void openHandler(Control.Handler handler);

  /** A {@code try_table} is at its end. */
  abstract void closeHandler(Control.Handler handler);

  /** Something that can throw an exception of the guest is about to be written. */
  private void mayThrow() {
    Control block = control;
    Control.Handler handler = block == null ? null : block.handler;
    while (handler != null && !handler.needed) {
      handler.needed = true;
      handler = handler.outer;
    }
  }

  /** The frame at a place where an exception is on the stack. */
  abstract void bindHandler(Label label, Control.Handler handler);

  /** Goes on in the handler around one that does not catch the exception on the stack. */
  abstract void passOn(Control.Handler outer);

  /** Writes what tells the clauses of a handler apart; the exception is on the stack. */
  final void dispatch(Control.Handler handler) {
    Control block = handler.block;
    Control outer = Objects.requireNonNull(block.outer);
    for (CatchClause clause : block.clauses) {
      Control target = outer;
      for (int k = 0; k < clause.depth(); k++) {
        target = Objects.requireNonNull(target.outer);
      }
      Label next = new Label();
      int home = target.home;
      if (clause.kind().hasTag()) {
        e.code.op(Jvm.DUP);
        e.code.pushInt(clause.tag());
        e.helper(Exceptions.HAS_TAG);
        e.code.jump(Jvm.IFEQ, next);
        int[] types = shape.tagParameters(clause.tag());
        for (int k = 0; k < types.length; k++) {
          payload(types[k], k, home);
          home += e.variables.width(FunctionShape.kind(types[k]));
        }
      }
      if (clause.kind().hasReference()) {
        e.variables.store(TypeCode.REF, home);
      } else {
        e.code.op(Jvm.POP);
      }
      e.code.jump(Jvm.GOTO, target(target.label));
      if (!clause.kind().hasTag()) {
        return;
      }
      bindHandler(next, handler);
    }
    if (handler.outer == null) {
      e.code.op(Jvm.ATHROW);
    } else {
      passOn(handler.outer);
    }
  }

  private void payload(int type, int index, int home) {
    int kind = FunctionShape.kind(type);
    e.code.op(Jvm.DUP);
    e.code.pushInt(index);
    switch (kind) {
      case TypeCode.I32 -> e.code.invokeStatic(Exceptions.GET_I32);
      case TypeCode.I64 -> e.code.invokeStatic(Exceptions.GET_I64);
      case TypeCode.F32 -> e.code.invokeStatic(Exceptions.GET_F32);
      case TypeCode.F64 -> e.code.invokeStatic(Exceptions.GET_F64);
      case TypeCode.V128 -> {
        e.code.invokeStatic(Exceptions.GET_LOW);
        e.variables.storeHalf(home, 0);
        e.code.op(Jvm.DUP);
        e.code.pushInt(index);
        e.code.invokeStatic(Exceptions.GET_HIGH);
        e.variables.storeHalf(home, 1);
        return;
      }
      default -> e.code.invokeStatic(Exceptions.GET_REFERENCE);
    }
    e.variables.store(kind, home);
  }
}
