package dev.sampan.conformance;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** By how many words an instruction makes the operand stack of the Java virtual machine higher. */
final class OperandStack {

  private OperandStack() {}

  static int change(Instruction instruction) {
    return switch (instruction) {
      case LoadInstruction load -> load.typeKind().slotSize();
      case StoreInstruction store -> -store.typeKind().slotSize();
      case ConstantInstruction constant -> constant.typeKind().slotSize();
      case FieldInstruction field -> field(field);
      case InvokeInstruction invoke ->
          call(invoke.typeSymbol()) - (invoke.opcode() == Opcode.INVOKESTATIC ? 0 : 1);
      case InvokeDynamicInstruction invoke -> call(invoke.typeSymbol());
      case ArrayLoadInstruction load -> load.typeKind().slotSize() - 2;
      case ArrayStoreInstruction store -> -store.typeKind().slotSize() - 2;
      case ConvertInstruction convert ->
          convert.toType().slotSize() - convert.fromType().slotSize();
      case OperatorInstruction operator -> operator(operator);
      case StackInstruction stack -> stack(stack.opcode());
      case BranchInstruction branch -> branch(branch.opcode());
      case TableSwitchInstruction _, LookupSwitchInstruction _ -> -1;
      case NewObjectInstruction _ -> 1;
      case NewMultiArrayInstruction array -> 1 - array.dimensions();
      default ->
          switch (instruction.opcode()) {
            case MONITORENTER, MONITOREXIT -> -1;
            // new arrays, casts, increments; after returns and throws nothing is known
            default -> 0;
          };
    };
  }

  /** Whether nothing goes on behind an instruction. */
  static boolean ends(Instruction instruction) {
    return switch (instruction.opcode().kind()) {
      case RETURN, THROW_EXCEPTION, TABLE_SWITCH, LOOKUP_SWITCH -> true;
      default -> instruction.opcode() == Opcode.GOTO || instruction.opcode() == Opcode.GOTO_W;
    };
  }

  private static int words(ClassDesc type) {
    return TypeKind.from(type).slotSize();
  }

  private static int call(MethodTypeDesc type) {
    return words(type.returnType())
        - type.parameterList().stream().mapToInt(OperandStack::words).sum();
  }

  private static int field(FieldInstruction field) {
    int words = words(field.typeSymbol());
    return switch (field.opcode()) {
      case GETSTATIC -> words;
      case PUTSTATIC -> -words;
      case GETFIELD -> words - 1;
      default -> -words - 1;
    };
  }

  private static int operator(OperatorInstruction operator) {
    return switch (operator.opcode()) {
      case INEG, LNEG, FNEG, DNEG, ARRAYLENGTH -> 0;
      case ISHL, ISHR, IUSHR, LSHL, LSHR, LUSHR, FCMPL, FCMPG -> -1;
      case LCMP, DCMPL, DCMPG -> -3;
      default -> -operator.typeKind().slotSize();
    };
  }

  private static int stack(Opcode opcode) {
    return switch (opcode) {
      case POP -> -1;
      case POP2 -> -2;
      case SWAP -> 0;
      case DUP, DUP_X1, DUP_X2 -> 1;
      default -> 2;
    };
  }

  private static int branch(Opcode opcode) {
    return switch (opcode) {
      case GOTO, GOTO_W -> 0;
      case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE, IFNULL, IFNONNULL -> -1;
      default -> -2;
    };
  }
}
