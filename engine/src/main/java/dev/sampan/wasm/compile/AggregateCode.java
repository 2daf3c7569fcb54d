package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.StructObject;
import java.util.Optional;

/** Writes the instructions on structures and arrays (Execution › Aggregate Instructions). */
final class AggregateCode {

  private static final Member INSTANCE =
      new Member(
          FunctionShape.INSTANCE_CLASS,
          "instance",
          "L" + Member.internalName(ModuleInstance.class) + ";");

  private final Emission e;

  AggregateCode(Emission emission) {
    this.e = emission;
  }

  void instruction(int i, Opcode opcode) {
    e.mark(i);
    int first = e.body.first[i];
    int second = e.body.second[i];
    switch (opcode.kind()) {
      case STRUCT_NEW -> structNew(first);
      case STRUCT_NEW_DEFAULT -> {
        made(AggregateMembers.structOfDefaults(type(first)), 0);
        countStructure(first);
      }
      case STRUCT_GET -> structGet(type(first), second, opcode);
      case STRUCT_SET -> call(AggregateMembers.structSet(type(first), second), 2);
      case ARRAY_NEW -> arrayNew(first);
      case ARRAY_NEW_DEFAULT -> {
        e.operands.load(1);
        makeArray(first);
        e.operands.pop();
        e.operands.push(TypeCode.REF);
      }
      case ARRAY_NEW_FIXED -> arrayNewFixed(first, second);
      case ARRAY_NEW_DATA -> {
        segment(AggregateMembers.arrayOfData(type(first)), 2, second, true);
        countArray(first);
      }
      case ARRAY_NEW_ELEM -> {
        segment(AggregateMembers.arrayOfElements(type(first)), 2, second, true);
        countArray(first);
      }
      case ARRAY_GET -> arrayGet(type(first), opcode);
      case ARRAY_SET -> call(AggregateMembers.arraySet(type(first)), 3);
      case ARRAY_LEN -> {
        call(AggregateMembers.ARRAY_LENGTH, 1);
        e.operands.push(TypeCode.I32);
      }
      case ARRAY_FILL -> call(AggregateMembers.arrayFill(type(first)), 4);
      case ARRAY_COPY -> call(AggregateMembers.arrayCopy(type(first)), 5);
      case ARRAY_INIT_DATA -> segment(AggregateMembers.INIT_DATA, 4, second, false);
      default -> segment(AggregateMembers.INIT_ELEMENTS, 4, second, false);
    }
  }

  private DefType type(int index) {
    return e.shape.type(index);
  }

  private int kind(StorageType storage) {
    return storage instanceof PackedType
        ? TypeCode.I32
        : FunctionShape.kind(e.shape.types().code((ValType) storage));
  }

  private FieldType element(int index) {
    return ((ArrayType) type(index).composite()).element();
  }

  private void call(Member method, int operands) {
    e.operands.arguments(operands);
    e.code.invokeStatic(method);
  }

  private void made(Member method, int operands) {
    call(method, operands);
    e.operands.push(TypeCode.REF);
  }

  private void segment(Member method, int operands, int segment, boolean makes) {
    e.operands.load(operands);
    e.operands.pop(operands);
    e.instance();
    e.code.getField(INSTANCE);
    e.code.pushInt(segment);
    e.code.invokeStatic(method);
    if (makes) {
      e.operands.push(TypeCode.REF);
    }
  }

  // ---- what they take ----

  private static final String ACCOUNT = "L" + Member.internalName(HeapAccount.class) + ";";
  private static final Member HEAP = new Member(FunctionShape.INSTANCE_CLASS, "heap", ACCOUNT);
  private static final String COUNTED =
      "(" + FunctionShape.OBJECT + "I" + ACCOUNT + ")" + FunctionShape.OBJECT;
  private static final Member MADE = Member.of(HeapAccount.class, "made", COUNTED);
  private static final Member MADE_ARRAY = Member.of(HeapAccount.class, "madeArray", COUNTED);
  private static final Member ROOM = Member.of(HeapAccount.class, "room", "(II" + ACCOUNT + ")I");

  /** Counts the structure on the stack. */
  private void countStructure(int type) {
    e.code.pushInt(StructObject.bytes(type(type)));
    account(MADE);
  }

  /** Counts the array on the stack. */
  private void countArray(int type) {
    e.code.pushInt(ArrayObject.width(type(type)));
    account(MADE_ARRAY);
  }

  /** Makes an array of the length on the stack. */
  private void makeArray(int type) {
    e.code.pushInt(ArrayObject.width(type(type)));
    account(ROOM);
    e.code.invokeStatic(AggregateMembers.arrayOfDefaults(type(type)));
    countArray(type);
  }

  private void account(Member method) {
    e.instance();
    e.code.getField(HEAP);
    e.code.invokeStatic(method);
  }

  // ---- structures ----

  private void structNew(int type) {
    int fields = ((StructType) type(type).composite()).fields().size();
    Optional<Member> direct = AggregateMembers.structOf(type(type));
    if (direct.isPresent()) {
      made(direct.get(), fields);
      countStructure(type);
      return;
    }
    // only functions with a frame have instructions with so many operands
    e.operands.settleTop(fields);
    int home = e.operands.home(e.operands.height() - fields);
    ((FrameVariables) e.variables).pushSlots(home);
    e.code.invokeStatic(AggregateMembers.structOfSlots(type(type)));
    e.operands.pop(fields);
    e.operands.push(TypeCode.REF);
    countStructure(type);
  }

  private void structGet(DefType type, int field, Opcode opcode) {
    int kind = kind(((StructType) type.composite()).fields().get(field).storage());
    e.operands.load(1);
    e.operands.pop();
    if (kind == TypeCode.V128) {
      int home = e.operands.home(e.operands.height());
      e.code.op(Jvm.DUP);
      e.code.invokeStatic(AggregateMembers.structGet(type, field, opcode));
      e.variables.storeHalf(home, 0);
      e.code.invokeStatic(AggregateMembers.structGetHigh(type, field));
      e.variables.storeHalf(home, 1);
    } else {
      e.code.invokeStatic(AggregateMembers.structGet(type, field, opcode));
    }
    e.operands.push(kind);
  }

  // ---- arrays ----

  /** The value lies below the length: the array is made first, and then filled. */
  private void arrayNew(int type) {
    e.operands.load(2);
    e.operands.pop();
    makeArray(type);
    if (kind(element(type).storage()) == TypeCode.V128) {
      int array = e.operands.home(e.operands.height());
      e.variables.store(TypeCode.REF, array);
      e.operands.copyVector(e.operands.height() - 1);
      e.variables.load(TypeCode.REF, array);
    }
    e.operands.pop();
    e.code.invokeStatic(AggregateMembers.arrayFilled(type(type)));
    e.operands.push(TypeCode.REF);
  }

  /** The elements are put into the array from the last one backwards. */
  private void arrayNewFixed(int type, int count) {
    boolean vectors = kind(element(type).storage()) == TypeCode.V128;
    if (e.variables instanceof FrameVariables frame && count > MANY_ELEMENTS) {
      e.operands.settleTop(count);
      frame.pushSlots(e.operands.home(e.operands.height() - count));
      e.code.pushInt(count);
      e.code.pushInt(type);
      e.helper(References.ARRAY_OF_SLOTS);
      e.operands.pop(count);
      e.operands.push(TypeCode.REF);
      countArray(type);
      return;
    }
    e.operands.load(count);
    e.code.pushInt(count);
    makeArray(type);
    int array = e.operands.home(e.operands.height());
    for (int k = count - 1; k >= 0; k--) {
      if (vectors) {
        e.variables.store(TypeCode.REF, array);
        e.operands.copyVector(e.operands.height() - 1);
        e.variables.load(TypeCode.REF, array);
      }
      e.operands.pop();
      e.code.pushInt(k);
      e.code.invokeStatic(AggregateMembers.arrayPut(type(type)));
    }
    e.operands.push(TypeCode.REF);
  }

  /** More elements than this come from the frame, where there is one, all at once. */
  private static final int MANY_ELEMENTS = 16;

  private void arrayGet(DefType type, Opcode opcode) {
    int kind = kind(((ArrayType) type.composite()).element().storage());
    e.operands.load(2);
    e.operands.pop(2);
    if (kind == TypeCode.V128) {
      int home = e.operands.home(e.operands.height());
      e.code.op(Jvm.DUP2);
      e.code.invokeStatic(AggregateMembers.arrayGet(type, opcode));
      e.variables.storeHalf(home, 0);
      e.code.invokeStatic(AggregateMembers.arrayGetHigh(type));
      e.variables.storeHalf(home, 1);
    } else {
      e.code.invokeStatic(AggregateMembers.arrayGet(type, opcode));
    }
    e.operands.push(kind);
  }
}
