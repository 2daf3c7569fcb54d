package dev.sampan.wasm.interpret;

import dev.sampan.wasm.runtime.GlobalInstance;
import dev.sampan.wasm.runtime.ModuleInstance;
import org.jspecify.annotations.Nullable;

/** The moves of vectors and references that are too rare for a place in the loop. */
final class RareMoves {

  private RareMoves() {}

  /** Runs an instruction; {@code a} is an index of the stack, other slots count from {@code fp}. */
  static void apply(
      int op,
      long word,
      long[] code,
      int pc,
      ModuleInstance instance,
      long[] numbers,
      @Nullable Object[] references,
      int a,
      int fp) {
    int b = fp + ((int) (word >>> Op.B_SHIFT) & Op.FIELD_MAX);
    int c = fp + (int) (word >>> Op.C_SHIFT);
    switch (op) {
      case Op.MOVE_V128 -> {
        numbers[a] = numbers[b];
        numbers[a + 1] = numbers[b + 1];
      }
      case Op.MOVE_SLOTS -> {
        System.arraycopy(numbers, b, numbers, a, (int) code[pc]);
        System.arraycopy(references, b, references, a, (int) code[pc]);
      }
      case Op.CONST_V128 -> {
        numbers[a] = code[pc];
        numbers[a + 1] = code[pc + 1];
      }
      case Op.NULL -> references[a] = null;
      case Op.SELECT_REFERENCE ->
          references[a] = (int) numbers[fp + (int) code[pc]] != 0 ? references[b] : references[c];
      case Op.SELECT_V128 -> {
        int from = (int) numbers[fp + (int) code[pc]] != 0 ? b : c;
        numbers[a] = numbers[from];
        numbers[a + 1] = numbers[from + 1];
      }
      case Op.GLOBAL_GET_REFERENCE -> references[a] = global(instance, word).reference;
      case Op.GLOBAL_SET_REFERENCE -> global(instance, word).reference = references[a];
      case Op.GLOBAL_GET_V128 -> {
        numbers[a] = global(instance, word).low;
        numbers[a + 1] = global(instance, word).high;
      }
      case Op.GLOBAL_SET_V128 -> {
        global(instance, word).low = numbers[a];
        global(instance, word).high = numbers[a + 1];
      }
      default -> throw new AssertionError("unknown instruction " + op + "; please report");
    }
  }

  private static GlobalInstance global(ModuleInstance instance, long word) {
    return instance.globals()[(int) (word >>> Op.B_SHIFT)];
  }

  /** How many words follow an instruction. */
  static int words(int op) {
    return switch (op) {
      case Op.CONST_V128 -> 2;
      case Op.SELECT_REFERENCE, Op.SELECT_V128, Op.MOVE_SLOTS -> 1;
      default -> 0;
    };
  }
}
