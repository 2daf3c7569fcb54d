package dev.sampan.wasm.interpret;

import static dev.sampan.wasm.model.TypeCode.I32;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.valid.CatchClause;
import dev.sampan.wasm.valid.MeteredSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lowers functions to the register form while they are validated.
 *
 * <p>Four simple things make the code short: reading a local costs nothing until it is used,
 * constants become part of the instruction, a sum that is an address becomes one with the access,
 * and a comparison in front of a branch becomes one with it. Instructions that are rare or large
 * keep to one shape ({@link Op#COLD}): operands in consecutive slots, results in their place.
 */
final class Lowering implements MeteredSink {

  /** Labels with more operands than this have them moved by one instruction. */
  private static final int WIDE_LABEL = 16;

  private static final int FIRST_NUMERIC = Opcode.I32_EQZ.ordinal();

  /** A block that is open. */
  private static final class Block {
    final Opcode opcode;
    final int depth;
    final int slot;
    final int[] parameters;
    final int[] results;

    /** Where branches go: the beginning of a loop, else the end. */
    final Label label = new Label();

    /** The second branch of an if. */
    final Label otherwise = new Label();

    /** Where a try_table's instructions begin, and what it catches. */
    int start;

    List<CatchClause> clauses = List.of();

    Block(Opcode opcode, int depth, int slot, int[] parameters, int[] results) {
      this.opcode = opcode;
      this.depth = depth;
      this.slot = slot;
      this.parameters = parameters;
      this.results = results;
    }

    int[] labelTypes() {
      return opcode == Opcode.LOOP ? parameters : results;
    }
  }

  /** A handler whose label is not bound yet. */
  private record OpenHandler(
      int start, int end, Code.Handler.Kind kind, int tag, Label label, int slot) {}

  private final ModuleDefinition module;
  private final TypeSpace types;
  private final boolean directMemory;
  private final Assembler code = new Assembler();
  private final Operands operands = new Operands(code);
  private final List<Block> blocks = new ArrayList<>();
  private final List<OpenHandler> handlers = new ArrayList<>();

  /** Where the constant was put that the instruction behind it compares with. */
  private int constantStart = -2;

  private int constantValue;

  private int[] locals = {};
  private int[] localSlots = {};
  private int parameterSlots;
  private int allLocalSlots;

  /**
   * A lowering for a module's functions, one after the other.
   *
   * @param directMemory whether the first memory is an array, addressed with 32 bits
   */
  Lowering(ModuleDefinition module, TypeSpace types, boolean directMemory) {
    this.module = module;
    this.types = types;
    this.directMemory = directMemory;
  }

  /** The function that was told last. */
  Code finish(int functionIndex) {
    boolean references = false;
    for (int type : locals) {
      references |= TypeCode.isReference(type);
    }
    List<Code.Handler> bound = new ArrayList<>();
    for (OpenHandler open : handlers) {
      bound.add(
          new Code.Handler(
              open.start, open.end, open.kind, open.tag, open.label.target(), open.slot));
    }
    return new Code(
        functionIndex,
        code.toWords(),
        parameterSlots,
        allLocalSlots,
        operands.maxSlots(),
        references,
        bound,
        code.places());
  }

  // ---- frame ----

  @Override
  public void begin(int[] localTypes, int parameters, int[] results) {
    locals = localTypes;
    localSlots = new int[localTypes.length];
    int slot = 0;
    parameterSlots = 0;
    for (int i = 0; i < localTypes.length; i++) {
      localSlots[i] = slot;
      slot += TypeCode.slots(localTypes[i]);
      if (i < parameters) {
        parameterSlots = slot;
      }
    }
    allLocalSlots = slot;
    code.reset();
    constantStart = -2;
    operands.reset(slot);
    blocks.clear();
    handlers.clear();
    blocks.add(new Block(Opcode.BLOCK, 0, slot, new int[0], results));
    // results are left in the frame's first slots, so there must be that many
    for (int type : results) {
      operands.push(type);
    }
    operands.cut(0);
  }

  @Override
  public void at(int offset) {
    code.at(offset);
  }

  // ---- fuel ----

  /** Where the instructions are that take fuel for a stretch. */
  private int[] stretches = new int[32];

  @Override
  public void stretch(int number) {
    if (number >= stretches.length) {
      stretches = Arrays.copyOf(stretches, 2 * stretches.length);
    }
    stretches[number] = code.size();
    code.add(Op.FUEL);
  }

  @Override
  public void stretchCost(int number, int units) {
    code.words()[stretches[number]] = Op.word(Op.FUEL, 0, units);
  }

  @Override
  public void range(Opcode opcode, int log2) {
    boolean narrow = operands.type(0) == I32;
    code.add(Op.word(Op.FUEL_FOR_RANGE, narrow ? 1 : 0, operands.read(0), log2));
  }

  // ---- plain instructions ----

  @Override
  public void plain(Opcode opcode) {
    switch (opcode.kind()) {
      case UNARY -> unary(opcode);
      case BINARY -> binary(opcode);
      case UNREACHABLE -> code.add(Op.UNREACHABLE);
      case RETURN -> emitReturn();
      case THROW_REF -> code.add(Op.word(Op.THROW_REF, 0, operands.read(0), 0));
      case REF_IS_NULL -> {
        int source = operands.read(0);
        operands.drop();
        code.addResult(Op.word(Op.IS_NULL, operands.push(I32), source, 0));
      }
      case REF_AS_NON_NULL -> cold(opcode, 1, operands.type(0) & ~TypeCode.NULLABLE, 0, 0);
      case REF_EQ -> cold(opcode, 2, I32, 0, 0);
      case REF_I31, ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> cold(opcode, 1, TypeCode.REF, 0, 0);
      case I31_GET, ARRAY_LEN -> cold(opcode, 1, I32, 0, 0);
      case ATOMIC_FENCE -> {}
      default -> regular(opcode, 0, 0);
    }
  }

  /** An instruction whose operands and results its row states. */
  private void regular(Opcode opcode, long first, long second) {
    int count = opcode.signature().parameterCount();
    emitCold(opcode, count, first, second);
    for (int i = 0; i < opcode.signature().resultCount(); i++) {
      operands.push(opcode.signature().result(i));
    }
  }

  private void unary(Opcode opcode) {
    int source = operands.read(0);
    operands.drop();
    int target = operands.push(opcode.signature().result(0));
    code.addResult(Op.word(opcode.ordinal() - FIRST_NUMERIC, target, source, 0));
  }

  private void binary(Opcode opcode) {
    if (opcode == Opcode.I32_ADD && operands.sum()) {
      return;
    }
    if (operands.isConstant(0) && withConstant(opcode, operands.constant(0))) {
      return;
    }
    boolean constant = operands.isConstant(0) && Op.fitsField(operands.constant(0));
    long value = constant ? operands.constant(0) : 0;
    int first = operands.read(1);
    int start = code.size();
    int second = operands.read(0);
    operands.drop();
    operands.drop();
    int target = operands.push(opcode.signature().result(0));
    if (constant) {
      constantStart = start;
      constantValue = (int) value;
    }
    code.addResult(Op.word(opcode.ordinal() - FIRST_NUMERIC, target, first, second));
  }

  /** Makes the top operand, a constant, part of the instruction if there is a form for it. */
  private boolean withConstant(Opcode opcode, long constant) {
    long value =
        switch (opcode) {
          case I32_SUB -> (int) -constant;
          case I64_SUB, I32_ROTR, I64_ROTR -> -constant;
          default -> constant;
        };
    int op = fieldForm(opcode);
    boolean wide = false;
    if (op == Op.I32_ROTL_CONST || op == Op.I64_ROTL_CONST) {
      value &= 63;
    } else if (op >= 0 && !Op.fitsField(value)) {
      op = wordForm(op);
      wide = true;
    }
    if (op < 0) {
      return false;
    }
    operands.drop();
    int source = operands.read(0);
    operands.drop();
    int target = operands.push(opcode.signature().result(0));
    code.addResult(Op.word(op, target, source, wide ? 0 : (int) value));
    if (wide) {
      code.append(value);
    }
    return true;
  }

  /** The form of an instruction with a constant in field c, or -1. */
  private static int fieldForm(Opcode opcode) {
    return switch (opcode) {
      case I32_ADD, I32_SUB -> Op.I32_ADD_CONST;
      case I32_MUL -> Op.I32_MUL_CONST;
      case I32_AND -> Op.I32_AND_CONST;
      case I32_OR -> Op.I32_OR_CONST;
      case I32_XOR -> Op.I32_XOR_CONST;
      case I32_SHL -> Op.I32_SHL_CONST;
      case I32_SHR_S -> Op.I32_SHR_S_CONST;
      case I32_SHR_U -> Op.I32_SHR_U_CONST;
      case I32_ROTL, I32_ROTR -> Op.I32_ROTL_CONST;
      case I64_ADD, I64_SUB -> Op.I64_ADD_CONST;
      case I64_MUL -> Op.I64_MUL_CONST;
      case I64_AND -> Op.I64_AND_CONST;
      case I64_OR -> Op.I64_OR_CONST;
      case I64_XOR -> Op.I64_XOR_CONST;
      case I64_SHL -> Op.I64_SHL_CONST;
      case I64_SHR_S -> Op.I64_SHR_S_CONST;
      case I64_SHR_U -> Op.I64_SHR_U_CONST;
      case I64_ROTL, I64_ROTR -> Op.I64_ROTL_CONST;
      default -> -1;
    };
  }

  /** The same with the constant in the next word; shifts have none. */
  private static int wordForm(int fieldForm) {
    return switch (fieldForm) {
      case Op.I32_ADD_CONST -> Op.I32_ADD_WORD;
      case Op.I32_MUL_CONST -> Op.I32_MUL_WORD;
      case Op.I32_AND_CONST -> Op.I32_AND_WORD;
      case Op.I32_OR_CONST -> Op.I32_OR_WORD;
      case Op.I32_XOR_CONST -> Op.I32_XOR_WORD;
      case Op.I64_ADD_CONST -> Op.I64_ADD_WORD;
      case Op.I64_MUL_CONST -> Op.I64_MUL_WORD;
      case Op.I64_AND_CONST -> Op.I64_AND_WORD;
      case Op.I64_OR_CONST -> Op.I64_OR_WORD;
      case Op.I64_XOR_CONST -> Op.I64_XOR_WORD;
      default -> -1;
    };
  }

  // ---- the one shape of rare instructions ----

  /** Emits a rare instruction and takes its operands; results go to the first operand's slot. */
  private void emitCold(Opcode opcode, int count, long first, long second) {
    int base = operands.settleTop(count);
    operands.cut(operands.depth() - count);
    code.add(Op.word(Op.COLD, base, opcode.ordinal()));
    code.append(first);
    code.append(second);
  }

  private void cold(Opcode opcode, int count, int result, long first, long second) {
    emitCold(opcode, count, first, second);
    operands.push(result);
  }

  private static long pair(int low, int high) {
    return Integer.toUnsignedLong(low) | (long) high << 32;
  }

  // ---- constants, locals, parametric ----

  @Override
  public void constant(Opcode opcode, long low, long high) {
    if (opcode.kind() == Kind.SHUFFLE) {
      regular(opcode, low, high);
    } else if (opcode == Opcode.V128_CONST) {
      code.add(Op.word(Op.CONST_V128, operands.push(TypeCode.V128), 0, 0));
      code.append(low);
      code.append(high);
    } else {
      operands.pushConstant(opcode.signature().result(0), low);
    }
  }

  @Override
  public void drop(int type) {
    operands.drop();
  }

  @Override
  public void select(int type) {
    int condition = operands.read(0);
    int second = operands.read(1);
    int first = operands.read(2);
    operands.cut(operands.depth() - 3);
    int op =
        TypeCode.isReference(type)
            ? Op.SELECT_REFERENCE
            : type == TypeCode.V128 ? Op.SELECT_V128 : Op.SELECT;
    code.addResult(Op.word(op, operands.push(type), first, second));
    code.append(condition);
  }

  private void setLocal(int local, boolean keep) {
    int slot = localSlots[local];
    int type = locals[local];
    if (operands.isLocal(0, slot)) {
      if (!keep) {
        operands.drop();
      }
      return;
    }
    int source = operands.slot(0);
    boolean redirect =
        !operands.isConstant(0)
            && operands.isIn(0, source)
            && code.hasResult(source)
            && !operands.uses(slot);
    if (redirect) {
      code.redirect(slot);
    } else {
      operands.beforeSet(slot);
      operands.moveTo(0, slot);
    }
    operands.drop();
    if (keep) {
      operands.pushLocal(type, slot);
    }
  }

  // ---- one or two indices ----

  @Override
  public void index(Opcode opcode, int index) {
    switch (opcode.kind()) {
      case LOCAL_GET -> operands.pushLocal(locals[index], localSlots[index]);
      case LOCAL_SET -> setLocal(index, false);
      case LOCAL_TEE -> setLocal(index, true);
      case GLOBAL_GET -> globalGet(index);
      case GLOBAL_SET -> globalSet(index);
      case CALL -> call(index);
      case RETURN_CALL -> returnCall(index);
      case CALL_REF, RETURN_CALL_REF -> callReference(opcode, index);
      case THROW -> {
        TagType tag = module.allTags().get(index);
        int count = types.parameters(((TypeIndex) tag.type()).index()).length;
        code.add(Op.word(Op.THROW, operands.settleTop(count), index));
      }
      case MEMORY_SIZE -> {
        int type = addressOfMemory(index).code();
        code.addResult(Op.word(Op.MEMORY_SIZE, operands.push(type), index));
      }
      case MEMORY_GROW -> cold(opcode, 1, addressOfMemory(index).code(), index, 0);
      case MEMORY_FILL -> emitCold(opcode, 3, index, 0);
      case DATA_DROP, ELEM_DROP -> emitCold(opcode, 0, index, 0);
      case TABLE_GET ->
          cold(opcode, 1, types.code(module.allTables().get(index).element()), index, 0);
      case TABLE_SET -> emitCold(opcode, 2, index, 0);
      case TABLE_SIZE -> cold(opcode, 0, addressOfTable(index).code(), index, 0);
      case TABLE_GROW -> cold(opcode, 2, addressOfTable(index).code(), index, 0);
      case TABLE_FILL -> emitCold(opcode, 3, index, 0);
      case REF_FUNC -> cold(opcode, 0, TypeCode.REF, index, 0);
      case EXTRACT_LANE, REPLACE_LANE -> regular(opcode, index, 0);
      case STRUCT_NEW -> cold(opcode, fields(index).size(), TypeCode.REF, index, 0);
      case STRUCT_NEW_DEFAULT -> cold(opcode, 0, TypeCode.REF, index, 0);
      case ARRAY_NEW -> cold(opcode, 2, TypeCode.REF, index, 0);
      case ARRAY_NEW_DEFAULT -> cold(opcode, 1, TypeCode.REF, index, 0);
      case ARRAY_GET -> cold(opcode, 2, stackType(element(index)), index, 0);
      case ARRAY_SET -> emitCold(opcode, 3, index, 0);
      case ARRAY_FILL -> emitCold(opcode, 4, index, 0);
      default -> throw unexpected(opcode);
    }
  }

  @Override
  public void indices(Opcode opcode, int first, int second) {
    long both = pair(first, second);
    switch (opcode.kind()) {
      case CALL_INDIRECT, RETURN_CALL_INDIRECT -> callIndirect(opcode, first, second);
      case MEMORY_COPY, MEMORY_INIT, TABLE_COPY, TABLE_INIT -> emitCold(opcode, 3, both, 0);
      case STRUCT_GET -> cold(opcode, 1, stackType(fields(first).get(second).storage()), both, 0);
      case STRUCT_SET -> emitCold(opcode, 2, both, 0);
      case ARRAY_NEW_FIXED -> cold(opcode, second, TypeCode.REF, both, 0);
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> cold(opcode, 2, TypeCode.REF, both, 0);
      case ARRAY_COPY -> emitCold(opcode, 5, both, 0);
      case ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> emitCold(opcode, 4, both, 0);
      default -> throw unexpected(opcode);
    }
  }

  private static AssertionError unexpected(Opcode opcode) {
    return new AssertionError(opcode.text() + " was not expected here; please report");
  }

  private AddressType addressOfMemory(int index) {
    return module.allMemories().get(index).address();
  }

  private AddressType addressOfTable(int index) {
    return module.allTables().get(index).address();
  }

  private List<FieldType> fields(int type) {
    return ((StructType) types.type(type).composite()).fields();
  }

  private StorageType element(int type) {
    return ((ArrayType) types.type(type).composite()).element().storage();
  }

  private int stackType(StorageType storage) {
    return storage instanceof ValType value ? types.code(value) : I32;
  }

  private int typeOfGlobal(int index) {
    GlobalType global = module.allGlobals().get(index);
    return types.code(global.type());
  }

  private static int forType(int type, int number, int reference, int vector) {
    return TypeCode.isReference(type) ? reference : type == TypeCode.V128 ? vector : number;
  }

  private void globalGet(int index) {
    int type = typeOfGlobal(index);
    int op = forType(type, Op.GLOBAL_GET, Op.GLOBAL_GET_REFERENCE, Op.GLOBAL_GET_V128);
    long word = Op.word(op, operands.push(type), index);
    if (op == Op.GLOBAL_GET) {
      code.addResult(word);
    } else {
      code.add(word);
    }
  }

  private void globalSet(int index) {
    int type = typeOfGlobal(index);
    int op = forType(type, Op.GLOBAL_SET, Op.GLOBAL_SET_REFERENCE, Op.GLOBAL_SET_V128);
    code.add(Op.word(op, operands.read(0), index));
    operands.drop();
  }

  // ---- memory ----

  @Override
  public void memory(Opcode opcode, int memory, long offset, int lane) {
    boolean direct =
        directMemory && memory == 0 && offset <= Op.FIELD_MAX && Accesses.isAccess(opcode);
    if (!direct) {
      int count = opcode.signature().parameterCount() + 1;
      emitCold(opcode, count, pair(memory, lane), offset);
      for (int i = 0; i < opcode.signature().resultCount(); i++) {
        operands.push(opcode.signature().result(i));
      }
      return;
    }
    boolean store = opcode.kind() == Kind.STORE;
    int value = store ? operands.read(0) : 0;
    int address = store ? 1 : 0;
    int op = Accesses.of(opcode);
    int b;
    int c = (int) offset;
    long word = 0;
    boolean plus = operands.isSumWithConstant(address);
    if (plus) {
      op = Accesses.plus(op);
      b = operands.first(address);
      word = operands.second(address);
    } else if (offset == 0 && operands.isSumOfSlots(address)) {
      op = Accesses.sum(op);
      b = operands.first(address);
      c = operands.second(address);
    } else {
      b = operands.read(address);
    }
    operands.cut(operands.depth() - address - 1);
    if (store) {
      code.add(Op.word(op, value, b, c));
    } else {
      code.addResult(Op.word(op, operands.push(opcode.signature().result(0)), b, c));
    }
    if (plus) {
      code.append(word);
    }
  }

  @Override
  public void reference(Opcode opcode, int type) {
    switch (opcode.kind()) {
      case REF_NULL -> code.add(Op.word(Op.NULL, operands.push(type), 0, 0));
      case REF_TEST -> cold(opcode, 1, I32, type, 0);
      default -> cold(opcode, 1, type, type, 0);
    }
  }

  // ---- calls ----

  private void call(int function) {
    boolean imported = function < module.importedFunctions();
    int type = module.functionType(function);
    int base = operands.settleTop(types.parameters(type).length);
    code.add(Op.word(imported ? Op.CALL_IMPORT : Op.CALL, base, function));
    pushResults(type);
  }

  private void pushResults(int type) {
    operands.cut(operands.depth() - types.parameters(type).length);
    for (int result : types.results(type)) {
      operands.push(result);
    }
  }

  private void returnCall(int function) {
    boolean imported = function < module.importedFunctions();
    int base = operands.settleTop(types.parameters(module.functionType(function)).length);
    code.add(Op.word(imported ? Op.RETURN_CALL_IMPORT : Op.RETURN_CALL, base, function));
  }

  private void callIndirect(Opcode opcode, int type, int table) {
    int index = operands.read(0);
    boolean tail = opcode == Opcode.RETURN_CALL_INDIRECT;
    int wide = addressOfTable(table) == AddressType.I64 ? 1 : 0;
    operands.drop();
    int base = operands.settleTop(types.parameters(type).length);
    code.add(Op.word(tail ? Op.RETURN_CALL_INDIRECT : Op.CALL_INDIRECT, base, index, wide));
    code.append(pair(table, type));
    pushResults(type);
  }

  private void callReference(Opcode opcode, int type) {
    int function = operands.read(0);
    boolean tail = opcode == Opcode.RETURN_CALL_REF;
    operands.drop();
    int base = operands.settleTop(types.parameters(type).length);
    code.add(Op.word(tail ? Op.RETURN_CALL_REFERENCE : Op.CALL_REFERENCE, base, function, 0));
    pushResults(type);
  }

  private void emitReturn() {
    int[] results = blocks.getFirst().results;
    if (results.length == 0) {
      code.add(Op.RETURN);
    } else if (results.length == 1 && results[0] != TypeCode.V128) {
      int op = TypeCode.isReference(results[0]) ? Op.RETURN_REFERENCE : Op.RETURN_NUMBER;
      code.add(Op.word(op, 0, operands.read(0), 0));
    } else {
      int base = operands.settleTop(results.length);
      int slots = 0;
      for (int type : results) {
        slots += TypeCode.slots(type);
      }
      code.add(Op.word(Op.RETURN_SLOTS, base, slots));
    }
  }

  // ---- blocks ----

  @Override
  public void block(Opcode opcode, int[] parameters, int[] results) {
    if (opcode != Opcode.IF) {
      operands.settleAll();
      Block block = open(opcode, parameters, results);
      if (opcode == Opcode.LOOP) {
        code.bind(block.label);
      }
      return;
    }
    Condition condition = takeCondition(false);
    operands.settleAll();
    Block block = open(opcode, parameters, results);
    condition.jump(block.otherwise);
  }

  private Block open(Opcode opcode, int[] parameters, int[] results) {
    int depth = operands.depth() - parameters.length;
    int slot = parameters.length == 0 ? operands.nextSlot() : operands.slot(parameters.length - 1);
    Block block = new Block(opcode, depth, slot, parameters, results);
    blocks.add(block);
    return block;
  }

  @Override
  public void tryTable(int[] parameters, int[] results, List<CatchClause> clauses) {
    operands.settleAll();
    Block block = open(Opcode.TRY_TABLE, parameters, results);
    block.start = code.size();
    block.clauses = clauses;
  }

  @Override
  public void otherwise(boolean live) {
    Block block = blocks.getLast();
    if (live) {
      operands.settleTop(block.results.length);
      jump(block.label);
    }
    code.bind(block.otherwise);
    reset(block, block.parameters);
  }

  private void reset(Block block, int[] pushed) {
    operands.cut(block.depth);
    for (int type : pushed) {
      operands.push(type);
    }
  }

  @Override
  public void end(boolean live) {
    Block block = blocks.removeLast();
    if (live) {
      operands.settleTop(block.results.length);
    }
    if (block.opcode == Opcode.TRY_TABLE) {
      closeTry(block);
    }
    if (block.opcode == Opcode.IF && block.otherwise.target() < 0) {
      code.bind(block.otherwise);
    }
    if (block.opcode != Opcode.LOOP) {
      code.bind(block.label);
    }
    reset(block, block.results);
    if (blocks.isEmpty()) {
      blocks.add(block);
      emitReturn();
    }
  }

  private void closeTry(Block block) {
    for (CatchClause clause : block.clauses) {
      Block target = blocks.get(blocks.size() - 1 - clause.depth());
      Code.Handler.Kind kind =
          switch (clause.kind()) {
            case CATCH -> Code.Handler.Kind.PAYLOAD;
            case CATCH_REF -> Code.Handler.Kind.PAYLOAD_AND_REFERENCE;
            case CATCH_ALL -> Code.Handler.Kind.NOTHING;
            case CATCH_ALL_REF -> Code.Handler.Kind.REFERENCE;
          };
      handlers.add(
          new OpenHandler(block.start, code.size(), kind, clause.tag(), target.label, target.slot));
    }
  }

  // ---- branches ----

  private void jump(Label label) {
    code.add(Op.word(Op.JUMP, 0, 0));
    label.partOfWord(code.words(), code.size() - 1);
  }

  @Override
  public void branch(Opcode opcode, int depth) {
    Block target = blocks.get(blocks.size() - 1 - depth);
    settleForLabel(target, opcode == Opcode.BR_IF || opcode == Opcode.BR_ON_NULL ? 1 : 0);
    switch (opcode) {
      case BR -> {
        if (depth == blocks.size() - 1) {
          emitReturn();
        } else {
          moveToLabel(target);
          jump(target.label);
        }
      }
      case BR_IF -> {
        if (needsMoves(target, 1)) {
          Condition condition = takeCondition(false);
          Label over = new Label();
          condition.jump(over);
          moveToLabel(target);
          jump(target.label);
          code.bind(over);
        } else {
          Condition condition = takeCondition(true);
          condition.jump(target.label);
        }
      }
      case BR_ON_NULL -> {
        int reference = operands.read(0);
        int type = operands.type(0) & ~TypeCode.NULLABLE;
        if (needsMoves(target, 1)) {
          // the reference stays on the stack, so it must be where it belongs
          operands.settleTop(1);
          Label over = new Label();
          conditional(Op.JUMP_IF_NOT_NULL, reference, over);
          operands.drop();
          moveToLabel(target);
          jump(target.label);
          code.bind(over);
          operands.push(type);
        } else {
          conditional(Op.JUMP_IF_NULL, reference, target.label);
        }
      }
      default -> {
        int reference = operands.read(0);
        Label over = new Label();
        conditional(Op.JUMP_IF_NULL, reference, over);
        moveToLabel(target);
        jump(target.label);
        code.bind(over);
        operands.drop();
      }
    }
  }

  private void conditional(int op, int slot, Label label) {
    code.add(Op.word(op, slot, 0));
    label.partOfWord(code.words(), code.size() - 1);
  }

  /** Whether the label's operands, below some others, are not yet where the label expects them. */
  private boolean needsMoves(Block target, int above) {
    int count = target.labelTypes().length;
    int slot = target.slot;
    for (int i = 0; i < count; i++) {
      int fromTop = above + count - 1 - i;
      if (!operands.isIn(fromTop, slot)) {
        return true;
      }
      slot += TypeCode.slots(target.labelTypes()[i]);
    }
    return false;
  }

  /**
   * Before a branch: if its label takes many operands, puts them into their slots, so that one
   * instruction moves them all. Else many branches to a wide label would make endless code.
   *
   * @param above how many operands lie above those for the label
   */
  private void settleForLabel(Block target, int above) {
    if (target.labelTypes().length > WIDE_LABEL) {
      operands.settleTop(target.labelTypes().length + above);
    }
  }

  /** Puts the top operands where a label expects them. Slots rise, so none is overwritten early. */
  private void moveToLabel(Block target) {
    int[] list = target.labelTypes();
    int slot = target.slot;
    if (list.length > WIDE_LABEL) {
      int slots = 0;
      for (int type : list) {
        slots += TypeCode.slots(type);
      }
      code.add(Op.word(Op.MOVE_SLOTS, slot, operands.slot(list.length - 1), 0));
      code.append(slots);
      return;
    }
    for (int i = 0; i < list.length; i++) {
      operands.moveTo(list.length - 1 - i, slot);
      slot += TypeCode.slots(list[i]);
    }
  }

  @Override
  public void branchTable(int[] depths) {
    int index = operands.read(0);
    operands.drop();
    for (int depth : depths) {
      settleForLabel(blocks.get(blocks.size() - 1 - depth), 0);
    }
    code.add(Op.word(Op.JUMP_TABLE, index, depths.length - 1));
    int table = code.size();
    for (int i = 0; i < depths.length; i++) {
      code.append(0);
    }
    Label[] stubs = new Label[blocks.size()];
    for (int i = 0; i < depths.length; i++) {
      Block target = blocks.get(blocks.size() - 1 - depths[i]);
      if (!needsMoves(target, 0)) {
        target.label.wholeWord(code.words(), table + i);
      } else {
        if (stubs[depths[i]] == null) {
          stubs[depths[i]] = new Label();
        }
        stubs[depths[i]].wholeWord(code.words(), table + i);
      }
    }
    for (int depth = 0; depth < stubs.length; depth++) {
      if (stubs[depth] != null) {
        Block target = blocks.get(blocks.size() - 1 - depth);
        code.bind(stubs[depth]);
        moveToLabel(target);
        jump(target.label);
      }
    }
  }

  @Override
  public void branchOnCast(Opcode opcode, int depth, int type) {
    Block target = blocks.get(blocks.size() - 1 - depth);
    settleForLabel(target, 0);
    int reference = operands.settleTop(1);
    int before = operands.type(0);
    boolean nullable = TypeCode.isNullable(type);
    // the test takes a copy of the reference in the next slot
    int copy = operands.push(before);
    Moves.move(code, before, copy, reference);
    cold(nullable ? Opcode.REF_TEST_NULL : Opcode.REF_TEST, 1, I32, type, 0);
    int result = operands.slot(0);
    operands.drop();
    Label over = new Label();
    boolean onSuccess = opcode == Opcode.BR_ON_CAST;
    conditional(onSuccess ? Op.JUMP_UNLESS : Op.JUMP_IF, result, over);
    moveToLabel(target);
    jump(target.label);
    code.bind(over);
    operands.drop();
    operands.push(onSuccess ? before : type);
  }

  // ---- conditions ----

  /** A condition that has been taken off the stack: an instruction that jumps on it. */
  private final class Condition {
    private final long word;
    private final boolean targetInNextWord;

    Condition(long word, boolean targetInNextWord) {
      this.word = word;
      this.targetInNextWord = targetInNextWord;
    }

    void jump(Label label) {
      code.add(word);
      if (targetInNextWord) {
        code.append(0);
        label.wholeWord(code.words(), code.size() - 1);
      } else {
        label.partOfWord(code.words(), code.size() - 1);
      }
    }
  }

  /**
   * Takes the top operand as a condition. If the instruction before made it by a comparison, that
   * one is taken back and becomes part of the jump.
   *
   * @param wanted whether the jump is to be taken if the condition holds, or if it does not
   */
  private Condition takeCondition(boolean wanted) {
    int slot = operands.slot(0);
    if (operands.isIn(0, slot) && code.hasResult(slot)) {
      long last = code.last();
      int op = (int) last & (1 << Op.BITS) - 1;
      int b = (int) (last >>> Op.B_SHIFT) & Op.FIELD_MAX;
      int c = (int) (last >>> Op.C_SHIFT) & Op.FIELD_MAX;
      if (op == Op.I32_EQZ) {
        code.remove(1);
        operands.drop();
        return new Condition(Op.word(wanted ? Op.JUMP_UNLESS : Op.JUMP_IF, b, 0), false);
      }
      if (op == Op.I64_EQZ) {
        code.remove(1);
        operands.drop();
        int jump = wanted ? Op.I64_EQ_CONST_JUMP : Op.I64_NE_CONST_JUMP;
        return new Condition(Op.word(jump, b, 0, 0), true);
      }
      if (Comparisons.isComparison(op)) {
        boolean constant = constantStart == code.size() - 2;
        code.remove(constant ? 2 : 1);
        operands.drop();
        return new Condition(
            constant
                ? Comparisons.jumpWithConstant(op, wanted, b, constantValue)
                : Comparisons.jump(op, wanted, b, c),
            true);
      }
    }
    int condition = operands.read(0);
    operands.drop();
    return new Condition(Op.word(wanted ? Op.JUMP_IF : Op.JUMP_UNLESS, condition, 0), false);
  }
}
