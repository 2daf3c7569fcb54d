package dev.sampan.wasm.valid;

import static dev.sampan.wasm.model.TypeCode.BOTTOM;
import static dev.sampan.wasm.model.TypeCode.F32;
import static dev.sampan.wasm.model.TypeCode.F64;
import static dev.sampan.wasm.model.TypeCode.I32;
import static dev.sampan.wasm.model.TypeCode.I64;
import static dev.sampan.wasm.model.TypeCode.NULLABLE;
import static dev.sampan.wasm.model.TypeCode.heap;
import static dev.sampan.wasm.model.TypeCode.isNullable;
import static dev.sampan.wasm.model.TypeCode.isReference;
import static dev.sampan.wasm.model.TypeCode.reference;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Signature;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and checks the instructions of one function after the other (Validation › Instructions),
 * and tells them to a sink. It is the only reader of code in the engine. One object serves one
 * thread and is reused, so that validating a function allocates next to nothing.
 */
public final class FunctionValidator extends StorageRules {

  private static final int[] ONLY_I32 = {I32};
  private static final int[] ONLY_I64 = {I64};
  private static final int[] ONLY_F32 = {F32};
  private static final int[] ONLY_F64 = {F64};

  private int constantGlobals;

  private int[] locals = new int[64];
  private int localCount;

  /** Which locals have no default value and have not been set. */
  private boolean[] unset = new boolean[64];

  /** The locals that were unset once, in the order in which they were set. */
  private int[] setLocals = new int[16];

  /** A validator of a module's functions. */
  public FunctionValidator(ModuleContext context) {
    super(context);
  }

  /** Thrown at an instruction of the legacy exceptions; the module is rewritten then. */
  static final class LegacyInstruction extends RuntimeException {
    private static final long serialVersionUID = 1;

    LegacyInstruction() {
      super(null, null, false, false);
    }
  }

  /**
   * Validates a function.
   *
   * @param definedIndex its index among the functions that the module defines
   * @param listener who wants to hear, or null
   * @throws InvalidException if it breaks a rule
   * @throws dev.sampan.wasm.MalformedException if the bytes are no instructions
   */
  public void function(int definedIndex, @Nullable InstructionSink listener) {
    var body = context.module.code().get(definedIndex);
    int typeIndex = context.module.functions()[definedIndex];
    int[] parameters = types.parameters(typeIndex);
    int[] results = types.results(typeIndex);
    // reading may run past the body's end, so that a missing end is told from a wrong size
    in = new ByteReader(body.bytes(), body.start(), body.bytes().length);
    sink = listener;
    constant = false;
    functionIndex = context.module.importedFunctions() + definedIndex;
    offset = body.start();
    opcode = null;
    declareLocals(parameters);
    if (listener != null) {
      listener.begin(Arrays.copyOf(locals, localCount), parameters.length, results);
    }
    expression(results);
    if (in.position() != body.end()) {
      throw ByteReader.malformed(
          "section size mismatch: a body announces "
              + (body.end() - body.start())
              + " bytes and has "
              + (in.position() - body.start()),
          in.position());
    }
  }

  /**
   * Validates a constant expression.
   *
   * @param expr the expression
   * @param result the type it must have
   * @param globals how many globals, counted from the first, it may read
   * @param owner what it belongs to, for messages
   */
  void constant(Expr expr, int result, int globals, String owner) {
    where = owner;
    in = new ByteReader(expr.bytes(), expr.start(), expr.end());
    sink = null;
    constant = true;
    constantGlobals = globals;
    localCount = 0;
    setCount = 0;
    offset = expr.start();
    opcode = null;
    expression(new int[] {result});
  }

  private void expression(int[] results) {
    height = 0;
    frames = 0;
    floor = 0;
    unreachable = false;
    setCount = 0;
    pushFrame(Opcode.BLOCK, NOTHING, results, false);
    while (frames > 0) {
      offset = in.position();
      if (!in.hasMore()) {
        throw ByteReader.malformed("unexpected end of section or function: END expected", offset);
      }
      Opcode next = InstructionReader.opcode(in);
      opcode = next;
      if (sink != null) {
        sink.at(offset);
      }
      step(next);
    }
  }

  private void declareLocals(int[] parameters) {
    localCount = 0;
    reserveLocals(parameters.length);
    for (int type : parameters) {
      unset[localCount] = false;
      locals[localCount++] = type;
    }
    int groups = in.u32();
    long total = parameters.length;
    for (int i = 0; i < groups || groups < 0; i++) {
      int at = in.position();
      int count = in.u32();
      total += Integer.toUnsignedLong(count);
      if (total > ModuleLimits.LOCALS) {
        throw ByteReader.malformed(
            "too many locals: " + total + ", limit " + ModuleLimits.LOCALS, at);
      }
      ValType type = TypeReader.valType(in);
      offset = at;
      int code = checkType(type);
      reserveLocals(localCount + count);
      boolean noDefault = isReference(code) && !isNullable(code);
      Arrays.fill(locals, localCount, localCount + count, code);
      Arrays.fill(unset, localCount, localCount + count, noDefault);
      localCount += count;
    }
  }

  private void reserveLocals(int count) {
    if (count > locals.length) {
      int capacity = Math.max(count, 2 * locals.length);
      locals = Arrays.copyOf(locals, capacity);
      unset = Arrays.copyOf(unset, capacity);
    }
  }

  // ---- one instruction ----

  private void step(Opcode op) {
    if (constant && !isConstant(op)) {
      throw invalid("constant expression required: found " + op.text());
    }
    switch (op.kind()) {
      case UNARY -> unary(op);
      case BINARY -> binary(op);
      case CONST -> constantValue(op);
      case LOCAL_GET -> localGet();
      case LOCAL_SET, LOCAL_TEE -> localSet(op);
      case LOAD -> load(op);
      case STORE -> store(op);
      case BR, BR_IF -> branch(op);
      case BLOCK, LOOP, IF -> block(op);
      case END -> end();
      case CALL, RETURN_CALL -> call(op);
      case GLOBAL_GET -> globalGet(op);
      case GLOBAL_SET -> globalSet(op);
      case DROP -> drop();
      case SELECT, SELECT_TYPED -> select(op);
      case ELSE -> otherwise();
      case BR_TABLE -> branchTable();
      case RETURN -> {
        pop(frameResults[0]);
        plain(op);
        unreachable();
      }
      case UNREACHABLE -> {
        plain(op);
        unreachable();
      }
      case NOP -> {}
      case CALL_INDIRECT, RETURN_CALL_INDIRECT -> callIndirect(op);
      case CALL_REF, RETURN_CALL_REF -> callRef(op);
      case THROW, THROW_REF, TRY_TABLE -> exception(op);
      case LEGACY_TRY, LEGACY_CATCH, LEGACY_CATCH_ALL, LEGACY_DELEGATE, LEGACY_RETHROW ->
          throw new LegacyInstruction();
      case WIDE,
          VECTOR_UNARY,
          VECTOR_BINARY,
          VECTOR_TERNARY,
          VECTOR_SHIFT,
          VECTOR_REDUCE,
          VECTOR_CROSS_UNARY,
          VECTOR_CROSS_BINARY,
          SPLAT -> {
        signature(op);
        plain(op);
      }
      case EXTRACT_LANE, REPLACE_LANE -> lane(op);
      case SHUFFLE -> shuffle(op);
      case LOAD_LANE,
          STORE_LANE,
          ATOMIC_LOAD,
          ATOMIC_STORE,
          ATOMIC_RMW,
          ATOMIC_CMPXCHG,
          ATOMIC_WAIT,
          ATOMIC_NOTIFY ->
          memoryAccess(op);
      case ATOMIC_FENCE -> {
        int at = in.position();
        if (in.u8() != 0) {
          throw ByteReader.malformed("malformed fence: expected 0x00", at);
        }
        plain(op);
      }
      case MEMORY_SIZE, MEMORY_GROW, MEMORY_FILL, MEMORY_COPY, MEMORY_INIT, DATA_DROP ->
          memoryOperation(op);
      case TABLE_GET, TABLE_SET, TABLE_SIZE, TABLE_GROW, TABLE_FILL, TABLE_COPY, TABLE_INIT ->
          tableOperation(op);
      case ELEM_DROP -> {
        int segment = in.u32();
        checkElement(segment);
        index(op, segment);
      }
      case BR_ON_NULL, BR_ON_NON_NULL -> branchOnNull(op);
      case BR_ON_CAST, BR_ON_CAST_FAIL -> branchOnCast(op);
      case REF_NULL,
          REF_IS_NULL,
          REF_AS_NON_NULL,
          REF_EQ,
          REF_FUNC,
          REF_TEST,
          REF_CAST,
          REF_I31,
          I31_GET,
          ANY_CONVERT_EXTERN,
          EXTERN_CONVERT_ANY ->
          referenceInstruction(op);
      case STRUCT_NEW, STRUCT_NEW_DEFAULT, STRUCT_GET, STRUCT_SET -> structure(op);
      case ARRAY_NEW,
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
          array(op);
    }
  }

  private boolean isConstant(Opcode op) {
    return switch (op.kind()) {
      case CONST, END, REF_NULL, REF_FUNC, REF_I31, GLOBAL_GET -> true;
      case STRUCT_NEW, STRUCT_NEW_DEFAULT, ARRAY_NEW, ARRAY_NEW_DEFAULT, ARRAY_NEW_FIXED -> true;
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> true;
      default ->
          switch (op) {
            case I32_ADD, I32_SUB, I32_MUL, I64_ADD, I64_SUB, I64_MUL -> true;
            default -> false;
          };
    };
  }

  // ---- numbers and vectors ----

  private void unary(Opcode op) {
    Signature signature = op.signature();
    pop(signature.parameters());
    push(signature.results());
    plain(op);
  }

  private void binary(Opcode op) {
    Signature signature = op.signature();
    int operand = signature.parameters() & 0xF;
    pop(operand);
    pop(operand);
    push(signature.results());
    plain(op);
  }

  private void signature(Opcode op) {
    popPacked(op.signature().parameters());
    pushPacked(op.signature().results());
  }

  private void constantValue(Opcode op) {
    long low;
    long high = 0;
    switch (op.signature().results()) {
      case I32 -> low = in.s32();
      case I64 -> low = in.s64();
      case F32 -> low = in.fixed32();
      case F64 -> low = in.fixed64();
      default -> {
        low = in.fixed64();
        high = in.fixed64();
      }
    }
    push(op.signature().results());
    if (live()) {
      sink().constant(op, low, high);
    }
  }

  private void lane(Opcode op) {
    int lane = lane(op.width());
    signature(op);
    index(op, lane);
  }

  private void shuffle(Opcode op) {
    int at = in.position();
    long low = in.fixed64();
    long high = in.fixed64();
    for (int i = 0; i < 16; i++) {
      int lane = in.bytes()[at + i] & 0xFF;
      if (lane >= 32) {
        throw invalid("invalid lane index: expected less than 32, found " + lane);
      }
    }
    signature(op);
    if (live()) {
      sink().constant(op, low, high);
    }
  }

  // ---- locals, globals, parametric ----

  private int local() {
    int index = in.u32();
    if (Integer.compareUnsigned(index, localCount) >= 0) {
      throw invalid("unknown local " + Integer.toUnsignedString(index));
    }
    return index;
  }

  private void localGet() {
    int index = local();
    if (unset[index]) {
      throw invalid("uninitialized local " + index);
    }
    push(locals[index]);
    index(Opcode.LOCAL_GET, index);
  }

  private void localSet(Opcode op) {
    int index = local();
    pop(locals[index]);
    if (unset[index]) {
      unset[index] = false;
      if (setCount == setLocals.length) {
        setLocals = Arrays.copyOf(setLocals, 2 * setCount);
      }
      setLocals[setCount++] = index;
    }
    if (op == Opcode.LOCAL_TEE) {
      push(locals[index]);
    }
    index(op, index);
  }

  private int global() {
    int index = in.u32();
    if (Integer.compareUnsigned(index, constant ? constantGlobals : context.globalTypes.length)
        >= 0) {
      throw invalid("unknown global " + Integer.toUnsignedString(index));
    }
    return index;
  }

  private void globalGet(Opcode op) {
    int index = global();
    if (constant && context.globalMutable[index]) {
      throw invalid("constant expression required: global " + index + " is mutable");
    }
    push(context.globalTypes[index]);
    index(op, index);
  }

  private void globalSet(Opcode op) {
    int index = global();
    if (!context.globalMutable[index]) {
      throw invalid("immutable global " + index);
    }
    pop(context.globalTypes[index]);
    index(op, index);
  }

  private void drop() {
    int type = pop();
    if (live()) {
      sink().drop(type);
    }
  }

  private void select(Opcode op) {
    int type;
    if (op == Opcode.SELECT_TYPED) {
      int at = in.position();
      List<ValType> list = TypeReader.valTypes(in);
      if (list.size() != 1) {
        throw invalid("invalid result arity: select expects 1 type, found " + list.size(), at);
      }
      type = checkType(list.getFirst());
      pop(I32);
      pop(type);
      pop(type);
    } else {
      pop(I32);
      int second = pop();
      int first = pop();
      if (isReference(first) || isReference(second)) {
        throw invalid(
            "type mismatch: select without type expects numbers or vectors, found "
                + types.describe(isReference(first) ? first : second));
      }
      if (first != second && first != BOTTOM && second != BOTTOM) {
        throw invalid(
            "type mismatch: select expects two values of one type, found "
                + types.describe(first)
                + " and "
                + types.describe(second));
      }
      type = first == BOTTOM ? second : first;
    }
    push(type);
    if (live()) {
      sink().select(type);
    }
  }

  // ---- control ----

  /** Reads a block type; its parameters are left in the field. */
  private int[] blockType() {
    int code = in.peek();
    blockParameters = NOTHING;
    if (code == TypeReader.EMPTY_BLOCK) {
      in.u8();
      return NOTHING;
    }
    if (code > TypeReader.EMPTY_BLOCK && code < 0x80) {
      return single(checkType(TypeReader.valType(in)));
    }
    int index = InstructionReader.blockType(in);
    funcType(index);
    blockParameters = types.parameters(index);
    return types.results(index);
  }

  private int[] blockParameters = NOTHING;

  private static int[] single(int type) {
    return switch (type) {
      case I32 -> ONLY_I32;
      case I64 -> ONLY_I64;
      case F32 -> ONLY_F32;
      case F64 -> ONLY_F64;
      default -> new int[] {type};
    };
  }

  private void block(Opcode op) {
    int[] results = blockType();
    int[] parameters = blockParameters;
    if (op == Opcode.IF) {
      pop(I32);
    }
    pop(parameters);
    boolean live = live();
    if (live) {
      sink().block(op, parameters, results);
    }
    pushFrame(op, parameters, results, !live);
  }

  private void otherwise() {
    int top = frames - 1;
    if (frameOpcode[top] != Opcode.IF) {
      throw ByteReader.malformed("END opcode expected: found else without if", offset);
    }
    pop(frameResults[top]);
    checkEmpty(top);
    resetLocals(frameSetCount[top]);
    frameOpcode[top] = Opcode.ELSE;
    boolean live = !unreachable;
    unreachable = false;
    height = floor;
    push(frameParameters[top]);
    if (live()) {
      sink().otherwise(live);
    }
  }

  private void end() {
    int top = frames - 1;
    int[] results = frameResults[top];
    pop(results);
    checkEmpty(top);
    if (frameOpcode[top] == Opcode.IF && !matches(frameParameters[top], results)) {
      throw invalid(
          "type mismatch: if without else expects results equal to its parameters, found "
              + describe(frameParameters[top])
              + " and "
              + describe(results));
    }
    resetLocals(frameSetCount[top]);
    boolean dead = frameDead[top];
    boolean live = !unreachable;
    height = frameHeight[top];
    frames--;
    if (frames > 0) {
      floor = frameHeight[frames - 1];
      unreachable = frameUnreachable[frames - 1];
    }
    push(results);
    if (sink != null && !dead) {
      sink.end(live);
    }
  }

  private void resetLocals(int count) {
    while (setCount > count) {
      unset[setLocals[--setCount]] = true;
    }
  }

  private int label() {
    return checkLabel(in.u32());
  }

  private int checkLabel(int depth) {
    if (Integer.compareUnsigned(depth, frames) >= 0) {
      throw invalid("unknown label " + Integer.toUnsignedString(depth));
    }
    return depth;
  }

  private int[] labelTypes(int depth) {
    int frame = frames - 1 - depth;
    return frameOpcode[frame] == Opcode.LOOP ? frameParameters[frame] : frameResults[frame];
  }

  private void branch(Opcode op) {
    int depth = label();
    if (op == Opcode.BR_IF) {
      pop(I32);
    }
    int[] label = labelTypes(depth);
    pop(label);
    if (op == Opcode.BR_IF) {
      push(label);
    }
    if (live()) {
      sink().branch(op, depth);
    }
    if (op == Opcode.BR) {
      unreachable();
    }
  }

  private void branchTable() {
    int count = in.count();
    int[] depths = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      depths[i] = in.u32();
    }
    pop(I32);
    int[] fallback = labelTypes(checkLabel(depths[count]));
    for (int i = 0; i < count; i++) {
      int[] label = labelTypes(checkLabel(depths[i]));
      if (label == fallback) {
        continue;
      }
      if (label.length != fallback.length) {
        throw invalid(
            "type mismatch: br_table's labels expect "
                + describe(fallback)
                + " and "
                + describe(label));
      }
      peek(label);
    }
    pop(fallback);
    if (live()) {
      sink().branchTable(depths);
    }
    unreachable();
  }

  /** Checks the operands without taking them, and without making up missing ones for later. */
  private void peek(int[] expected) {
    int depth = height;
    for (int i = expected.length - 1; i >= 0; i--) {
      if (depth == floor) {
        if (unreachable) {
          continue;
        }
        throw missing(expected[i]);
      }
      int actual = stack[--depth];
      if (!types.matches(actual, expected[i])) {
        throw mismatch(expected[i], actual);
      }
    }
  }

  private void branchOnNull(Opcode op) {
    int depth = label();
    int[] label = labelTypes(depth);
    if (op == Opcode.BR_ON_NULL) {
      int type = popReference();
      pop(label);
      push(label);
      push(type & ~NULLABLE);
    } else {
      if (label.length == 0 || !isReference(label[label.length - 1])) {
        throw invalid(
            "type mismatch: br_on_non_null expects a label that takes a reference, found "
                + describe(label));
      }
      int last = label[label.length - 1];
      pop(last | NULLABLE);
      for (int i = label.length - 2; i >= 0; i--) {
        pop(label[i]);
      }
      for (int i = 0; i < label.length - 1; i++) {
        push(label[i]);
      }
    }
    if (live()) {
      sink().branch(op, depth);
    }
  }

  private void branchOnCast(Opcode op) {
    int at = in.position();
    int flags = in.u8();
    if (flags > 3) {
      throw ByteReader.malformed("malformed br_on_cast flags: found " + flags, at);
    }
    int depth = label();
    int from = reference((flags & 1) != 0, checkHeap(TypeReader.heapType(in)));
    int to = reference((flags & 2) != 0, checkHeap(TypeReader.heapType(in)));
    if (!types.matches(to, from)) {
      throw invalid(
          "type mismatch: "
              + op.text()
              + " expects a subtype of "
              + types.describe(from)
              + ", found "
              + types.describe(to));
    }
    int rest = isNullable(to) ? from & ~NULLABLE : from;
    boolean onSuccess = op == Opcode.BR_ON_CAST;
    int[] label = labelTypes(depth);
    if (label.length == 0 || !types.matches(onSuccess ? to : rest, label[label.length - 1])) {
      throw invalid(
          "type mismatch: "
              + op.text()
              + " expects a label that takes "
              + types.describe(onSuccess ? to : rest)
              + ", found "
              + describe(label));
    }
    pop(from);
    for (int i = label.length - 2; i >= 0; i--) {
      pop(label[i]);
    }
    for (int i = 0; i < label.length - 1; i++) {
      push(label[i]);
    }
    push(onSuccess ? rest : to);
    if (live()) {
      sink().branchOnCast(op, depth, to);
    }
  }

  // ---- calls ----

  private void call(Opcode op) {
    int function = function();
    callType(op, context.module.functionType(function));
    index(op, function);
    afterCall(op.kind() == Kind.RETURN_CALL);
  }

  private void callIndirect(Opcode op) {
    int type = in.u32();
    int table = table();
    funcType(type);
    int element = context.tableElements[table];
    if (!types.heapMatches(heap(element), AbstractHeapType.FUNC.ordinal())) {
      throw invalid(
          "type mismatch: "
              + op.text()
              + " expects a table of functions, found "
              + types.describe(element));
    }
    pop(context.tableAddresses[table].code());
    callType(op, type);
    indices(op, type, table);
    afterCall(op == Opcode.RETURN_CALL_INDIRECT);
  }

  private void callRef(Opcode op) {
    int type = in.u32();
    funcType(type);
    pop(reference(true, types.heapCode(type)));
    callType(op, type);
    index(op, type);
    afterCall(op == Opcode.RETURN_CALL_REF);
  }

  private void callType(Opcode op, int type) {
    pop(types.parameters(type));
    int[] results = types.results(type);
    switch (op) {
      case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
        if (!matches(results, frameResults[0])) {
          throw invalid(
              "type mismatch: "
                  + op.text()
                  + " expects a function with results "
                  + describe(frameResults[0])
                  + ", found "
                  + describe(results));
        }
      }
      default -> push(results);
    }
  }

  private void afterCall(boolean tail) {
    if (tail) {
      unreachable();
    }
  }

  // ---- exceptions ----

  private void exception(Opcode op) {
    switch (op) {
      case THROW -> {
        int tag = tag();
        pop(types.parameters(context.tagTypes[tag]));
        index(op, tag);
        unreachable();
      }
      case THROW_REF -> {
        pop(reference(true, AbstractHeapType.EXN.ordinal()));
        plain(op);
        unreachable();
      }
      default -> tryTable(op);
    }
  }

  private int tag() {
    int index = in.u32();
    if (Integer.compareUnsigned(index, context.tagTypes.length) >= 0) {
      throw invalid("unknown tag " + Integer.toUnsignedString(index));
    }
    return index;
  }

  private void tryTable(Opcode op) {
    int[] results = blockType();
    int[] parameters = blockParameters;
    int count = in.count();
    List<CatchClause> clauses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      clauses.add(catchClause());
    }
    pop(parameters);
    boolean live = live();
    if (live) {
      sink().tryTable(parameters, results, clauses);
    }
    pushFrame(op, parameters, results, !live);
  }

  private CatchClause catchClause() {
    int at = in.position();
    int code = in.u8();
    if (code > 3) {
      throw ByteReader.malformed("malformed catch clause: found " + code, at);
    }
    CatchClause.Kind kind = CatchClause.Kind.of(code);
    int tag = kind.hasTag() ? tag() : 0;
    int depth = label();
    int[] payload = kind.hasTag() ? types.parameters(context.tagTypes[tag]) : NOTHING;
    if (kind.hasReference()) {
      payload = Arrays.copyOf(payload, payload.length + 1);
      payload[payload.length - 1] = reference(false, AbstractHeapType.EXN.ordinal());
    }
    if (!matches(payload, labelTypes(depth))) {
      throw invalid(
          "type mismatch: the catch clause passes "
              + describe(payload)
              + ", its label expects "
              + describe(labelTypes(depth)));
    }
    return new CatchClause(kind, tag, depth);
  }
}
