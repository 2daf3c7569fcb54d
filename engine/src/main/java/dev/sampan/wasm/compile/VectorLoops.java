package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import java.util.BitSet;

/** Which loops of a function get a second version with the JDK's vectors. */
final class VectorLoops {

  private static final BitSet NONE = new BitSet();

  /** Each costs code in the ordinary version. */
  private static final int MAX_LOOPS = 8;

  private static final int MAX_LOCALS = 100;

  /** HotSpot gives up on methods with many more. */
  private static final int MAX_INSTRUCTIONS = 400;

  private VectorLoops() {}

  /**
   * The loops, by the numbers of their instructions: those with vector code in no loop further in.
   */
  static BitSet of(Body body) {
    if (!Transformations.VECTOR_LOOPS.enabled() || !mayHaveSecondVersion(body)) {
      return NONE;
    }
    BitSet loops = new BitSet();
    int[] open = new int[body.count() + 1];
    open[0] = -1;
    int depth = 0;
    // blocks count for the loop around them
    for (int i = 0; i < body.count(); i++) {
      Opcode opcode = body.opcode(i);
      switch (opcode.kind()) {
        case LOOP -> open[++depth] = i;
        case BLOCK, IF, TRY_TABLE -> {
          open[depth + 1] = open[depth];
          depth++;
        }
        case END -> depth--;
        default -> {
          if (depth > 0 && open[depth] >= 0 && isVector(opcode)) {
            loops.set(open[depth]);
          }
        }
      }
    }
    // HotSpot would replace the code of the inner loop while it runs, and keep no vectors there
    for (int i = loops.nextSetBit(0); i >= 0; i = loops.nextSetBit(i + 1)) {
      if (within(i + 1, body.first[i], loops)) {
        loops.clear(i);
      }
    }
    return loops.cardinality() <= MAX_LOOPS ? loops : NONE;
  }

  /** Whether a loop is one of those, or has one in it. */
  static boolean within(Body body, int loop, BitSet loops) {
    return within(loop, body.first[loop], loops);
  }

  private static boolean within(int from, int to, BitSet loops) {
    int next = loops.nextSetBit(from);
    return next >= 0 && next < to;
  }

  private static boolean mayHaveSecondVersion(Body body) {
    if (body.locals.length > MAX_LOCALS) {
      return false;
    }
    int vectors = 0;
    for (int i = 0; i < body.count(); i++) {
      Opcode opcode = body.opcode(i);
      switch (opcode.kind()) {
        case TRY_TABLE, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
          return false;
        }
        default -> {
          if (isVector(opcode)) {
            vectors++;
          }
        }
      }
    }
    return vectors > 0 && vectors <= MAX_INSTRUCTIONS;
  }

  private static boolean isVector(Opcode opcode) {
    Kind kind = opcode.kind();
    return switch (kind) {
      case VECTOR_UNARY,
          VECTOR_BINARY,
          VECTOR_TERNARY,
          VECTOR_SHIFT,
          VECTOR_REDUCE,
          VECTOR_CROSS_UNARY,
          VECTOR_CROSS_BINARY,
          SHUFFLE,
          SPLAT,
          EXTRACT_LANE,
          REPLACE_LANE,
          LOAD_LANE,
          STORE_LANE ->
          true;
      case LOAD -> opcode.signature().results() == TypeCode.V128;
      case STORE -> opcode == Opcode.V128_STORE;
      default -> false;
    };
  }
}
