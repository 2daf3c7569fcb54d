package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** The frame at the beginning of methods with the arguments of a function, and their loading. */
final class CodeFrames {

  private CodeFrames() {}

  /** The types of the arguments, without the instance. */
  static int[] arguments(FunctionShape shape, ConstantPool pool) {
    int object = pool.classInfo("java/lang/Object");
    if (shape.wide) {
      return new int[] {
        VerificationType.object(pool.classInfo("[J")),
        VerificationType.object(pool.classInfo("[" + FunctionShape.OBJECT))
      };
    }
    int count = 0;
    for (int type : shape.parameters) {
      count += TypeCode.slots(type);
    }
    int[] frame = new int[count];
    int next = 0;
    for (int type : shape.parameters) {
      int kind = FunctionShape.kind(type);
      for (int half = 0; half < TypeCode.slots(kind); half++) {
        frame[next++] = Variables.verificationType(kind, object);
      }
    }
    return frame;
  }

  /** The type of the instance. */
  static int instance(ConstantPool pool) {
    return VerificationType.object(pool.classInfo(FunctionShape.INSTANCE_CLASS));
  }

  /**
   * A frame of variables that are always there and of homes behind them.
   *
   * @param fixedCount how many entries of the fixed ones count
   * @param kinds the kinds of the values at home, of which there are {@code height}
   */
  static int[] withHomes(
      int[] fixed, int fixedCount, IntUnaryOperator kinds, int height, ConstantPool pool) {
    int[] frame = Arrays.copyOf(fixed, fixedCount + 2 * height);
    int count = fixedCount;
    int object = pool.classInfo("java/lang/Object");
    for (int k = 0; k < height; k++) {
      int kind = kinds.applyAsInt(k);
      int type = Variables.verificationType(kind, object);
      for (int half = 0; half < TypeCode.slots(kind); half++) {
        frame[count++] = type;
      }
    }
    return Arrays.copyOf(frame, count);
  }

  /** Pushes the arguments from local variables. */
  static void loadArguments(Code code, FunctionShape shape, int first) {
    if (shape.wide) {
      code.local(Jvm.ALOAD, first);
      code.local(Jvm.ALOAD, first + 1);
      return;
    }
    int slot = first;
    for (int type : shape.parameters) {
      int kind = FunctionShape.kind(type);
      code.local(FunctionShape.loadOpcode(kind), slot);
      if (kind == TypeCode.V128) {
        code.local(Jvm.LLOAD, slot + 2);
      }
      slot += FunctionShape.javaSlots(kind);
    }
  }
}
