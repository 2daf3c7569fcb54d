package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.HeapMemory;
import org.jspecify.annotations.Nullable;

/**
 * What all those who write a function's code share: where it goes, what is on the stack, and how
 * instance and memory are reached.
 */
final class Emission {

  static final String MEMORY_CLASS = Member.internalName(HeapMemory.class);
  private static final Member MEMORY =
      new Member(FunctionShape.INSTANCE_CLASS, "memory", "L" + MEMORY_CLASS + ";");

  private static final @Nullable Member[] NUMERICS = new Member[Opcode.count()];

  final ModuleShape shape;
  final Body body;
  final Code code;
  final Variables variables;
  final Operands operands;

  /** The local variable with the instance. */
  private final int instanceSlot;

  /** The local variable with the first memory, or -1 if it is read anew each time. */
  private final int memorySlot;

  /** The place in the module that lines of the class count from. */
  private final int lineBase;

  Emission(
      ModuleShape shape,
      Body body,
      Code code,
      Variables variables,
      Operands operands,
      int instanceSlot,
      int memorySlot,
      int lineBase) {
    this.shape = shape;
    this.body = body;
    this.code = code;
    this.variables = variables;
    this.operands = operands;
    this.instanceSlot = instanceSlot;
    this.memorySlot = memorySlot;
    this.lineBase = lineBase;
  }

  /** A class file counts lines in 16 bits; only code behind much that is dead is so far away. */
  private static final int MAX_LINE = 0xFFFF;

  /** Pushes the instance. */
  void instance() {
    code.local(Jvm.ALOAD, instanceSlot);
  }

  /** Pushes the first memory. */
  void memory() {
    if (memorySlot >= 0) {
      code.local(Jvm.ALOAD, memorySlot);
    } else {
      instance();
      code.getField(MEMORY);
    }
  }

  static void readMemory(Code code, int instanceSlot, int memorySlot) {
    code.local(Jvm.ALOAD, instanceSlot);
    code.getField(MEMORY);
    code.local(Jvm.ASTORE, memorySlot);
  }

  /** Says which instruction what follows belongs to, because it may trap or call. */
  void mark(int instruction) {
    code.line(Math.min(body.offsets[instruction] - lineBase, MAX_LINE));
  }

  /** Calls a method that takes what is on the stack, and the instance. */
  void helper(Member member) {
    instance();
    code.invokeStatic(member);
  }

  /**
   * Tests the reference on the stack for a type, which leaves 0 or 1. Types that have a class of
   * their own are tested by it.
   */
  void testType(int type) {
    int heap = TypeCode.heap(type);
    if (hasClass(heap)) {
      boolean nullable = TypeCode.isNullable(type);
      if (nullable) {
        code.op(Jvm.DUP);
      }
      code.type(Jvm.INSTANCEOF, SharedClasses.name(shape.types().definition(heap)));
      if (nullable) {
        code.op(Jvm.SWAP);
        code.invokeStatic(References.TESTED);
      }
    } else {
      code.pushInt(type);
      helper(References.TEST);
    }
  }

  /** Casts the reference on the stack to a type. */
  void castToType(int type) {
    int heap = TypeCode.heap(type);
    if (hasClass(heap)) {
      code.op(Jvm.DUP);
      code.type(Jvm.INSTANCEOF, SharedClasses.name(shape.types().definition(heap)));
      code.pushInt(type);
      helper(References.CHECKED);
    } else {
      code.pushInt(type);
      helper(References.CAST);
    }
  }

  private boolean hasClass(int heap) {
    return heap >= TypeCode.CONCRETE
        && !(shape.types().definition(heap).composite() instanceof FuncType);
  }

  /**
   * Calls a static method that takes what is on the stack, one or two immediates, and the instance.
   *
   * @param operands the descriptors of what is on the stack
   * @param second the second immediate, or -1 if there is none
   */
  void helper(Class<?> owner, String name, String operands, int first, int second, String result) {
    code.pushInt(first);
    if (second >= 0) {
      code.pushInt(second);
    }
    String immediates = second >= 0 ? "II" : "I";
    String descriptor = "(" + operands + immediates + FunctionShape.INSTANCE + ")" + result;
    helper(Member.of(owner, name, descriptor));
  }

  // ---- the methods that instructions mean ----

  /** The method in Numerics of a scalar instruction. */
  static Member numerics(Opcode opcode) {
    Member member = NUMERICS[opcode.ordinal()];
    if (member == null) {
      member =
          new Member(
              "dev/sampan/wasm/runtime/Numerics",
              javaName(opcode.text()),
              descriptor(opcode.signature().parameters(), opcode.signature().result(0)));
      NUMERICS[opcode.ordinal()] = member;
    }
    return member;
  }

  static String descriptor(int packedParameters, int result) {
    StringBuilder text = new StringBuilder("(");
    for (int rest = packedParameters; rest != 0; rest >>>= 4) {
      text.append(letter(rest & 0xF));
    }
    return text.append(')').append(letter(result)).toString();
  }

  static char letter(int type) {
    return switch (type) {
      case TypeCode.I32 -> 'I';
      case TypeCode.I64 -> 'J';
      case TypeCode.F32 -> 'F';
      case TypeCode.F64 -> 'D';
      default -> throw new AssertionError("type " + type + " has no letter");
    };
  }

  /** A mnemonic in lower camel case. */
  static String javaName(String mnemonic) {
    StringBuilder name = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < mnemonic.length(); i++) {
      char c = mnemonic.charAt(i);
      if (c == '.' || c == '_') {
        upper = true;
      } else {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return name.toString();
  }
}
