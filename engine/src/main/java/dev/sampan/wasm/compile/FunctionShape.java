package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/**
 * How functions of a type look to the Java virtual machine.
 *
 * <p>Parameters keep their order; a vector is two longs, low half first, and a reference an {@code
 * Object}. The instance comes last. The first slot of the results is what the method returns; what
 * lies in further slots waits in {@link CompiledInstance#results}. Where the parameters are more
 * than a method may have, they come in two arrays as {@link
 * dev.sampan.wasm.runtime.Executor#invoke} has them, and all results go back the same way.
 */
final class FunctionShape {

  /**
   * A method has at most 255 slots of parameters; dispatchers and entries add some of their own.
   */
  private static final int MAX_PARAMETER_SLOTS = 240;

  static final String OBJECT = "Ljava/lang/Object;";
  static final String INSTANCE_CLASS = Member.internalName(CompiledInstance.class);
  static final String INSTANCE = "L" + INSTANCE_CLASS + ";";
  private static final String ARRAYS = "[J[" + OBJECT;

  final int[] parameters;
  final int[] results;

  /** Whether arguments and results travel in arrays. */
  final boolean wide;

  /** The parameters' descriptors, without the instance. */
  final String arguments;

  /** The descriptor of what is returned. */
  final String result;

  /** The descriptor of the method. */
  final String descriptor;

  FunctionShape(int[] parameters, int[] results) {
    this.parameters = parameters;
    this.results = results;
    int slots = 0;
    StringBuilder text = new StringBuilder();
    for (int type : parameters) {
      slots += javaSlots(type);
      text.append(descriptor(type));
    }
    wide = slots > MAX_PARAMETER_SLOTS;
    arguments = wide ? ARRAYS : text.toString();
    result = wide || results.length == 0 ? "V" : firstSlot(results[0]);
    descriptor = "(" + arguments + INSTANCE + ")" + result;
  }

  /** The type of a value's first slot, with all references as one. */
  static int kind(int type) {
    return TypeCode.isReference(type) ? TypeCode.REF : type;
  }

  private static String firstSlot(int type) {
    return type == TypeCode.V128 ? "J" : descriptor(type);
  }

  private static String descriptor(int type) {
    return switch (kind(type)) {
      case TypeCode.I32 -> "I";
      case TypeCode.I64 -> "J";
      case TypeCode.F32 -> "F";
      case TypeCode.F64 -> "D";
      case TypeCode.V128 -> "JJ";
      default -> OBJECT;
    };
  }

  /** How many of Java's local variables a value takes. */
  static int javaSlots(int type) {
    return switch (kind(type)) {
      case TypeCode.I64, TypeCode.F64 -> 2;
      case TypeCode.V128 -> 4;
      default -> 1;
    };
  }

  /** How many of Java's local variables the arguments take, without the instance. */
  int argumentSlots() {
    int slots = 0;
    for (int type : parameters) {
      slots += javaSlots(type);
    }
    return wide ? 2 : slots;
  }

  /** How many slots, as the runtime counts them, values of some types take. */
  static int slots(int[] types) {
    int slots = 0;
    for (int type : types) {
      slots += TypeCode.slots(type);
    }
    return slots;
  }

  /** The instruction that loads a value of a kind from a local variable. */
  static int loadOpcode(int kind) {
    return switch (kind) {
      case TypeCode.I32 -> Jvm.ILOAD;
      case TypeCode.I64, TypeCode.V128 -> Jvm.LLOAD;
      case TypeCode.F32 -> Jvm.FLOAD;
      case TypeCode.F64 -> Jvm.DLOAD;
      default -> Jvm.ALOAD;
    };
  }

  /** The instruction that stores a value of a kind into a local variable. */
  static int storeOpcode(int kind) {
    return loadOpcode(kind) + Jvm.ISTORE - Jvm.ILOAD;
  }

  /** The instruction that returns what methods of this shape return. */
  int returnOpcode() {
    return switch (result.charAt(0)) {
      case 'V' -> Jvm.RETURN;
      case 'I' -> Jvm.IRETURN;
      case 'J' -> Jvm.LRETURN;
      case 'F' -> Jvm.FRETURN;
      case 'D' -> Jvm.DRETURN;
      default -> Jvm.ARETURN;
    };
  }
}
