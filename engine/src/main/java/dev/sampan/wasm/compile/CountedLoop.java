package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import org.jspecify.annotations.Nullable;

/**
 * A loop whose last branch compares a counter with a bound in a way that HotSpot does not count by:
 * unequal, or less without sign, at a stride that is not one. It drops checks, unrolls and uses
 * vectors only in loops that end by a signed comparison.
 *
 * <p>Such a loop is written as two, one in the other: the inner one goes on as long as a signed
 * comparison holds, which in sane programs is always; the outer one goes on where only the original
 * comparison does. Both are the original loop, whatever the numbers are, so nothing has to be known
 * about them.
 *
 * @param counter the local that counts
 * @param stride what is added in each round; never 0
 * @param boundLocal the local that is the bound, or -1 if it is a constant
 * @param bound the constant
 * @param comparison the comparison of the counter, on the left, with the bound
 * @param branch the instruction that goes back
 */
record CountedLoop(
    int counter, int stride, int boundLocal, int bound, Opcode comparison, int branch) {

  /** Whether the signed comparison is not with the bound itself. */
  boolean needsLimit() {
    return comparison != Opcode.I32_NE;
  }

  /** The largest bound that the counter passes, counting up, before it passes all numbers. */
  int largestBound() {
    return Integer.MAX_VALUE - stride - 2;
  }

  /** Looks at a loop; yields null if it is no such one. */
  static @Nullable CountedLoop of(Body body, int loop) {
    int branch = body.first[loop] - 1;
    if (branch <= loop
        || body.opcode(branch) != Opcode.BR_IF
        || body.first[branch] != 0
        || body.blockTypes(loop).parameters().length > 0
        || body.blockTypes(loop).results().length > 0) {
      return null;
    }
    Opcode comparison = body.opcode(branch - 1);
    switch (comparison) {
      case LOCAL_GET, LOCAL_TEE -> {
        // the counter itself is the condition: it counts to zero
        return counting(body, loop, branch, body.first[branch - 1], -1, 0, Opcode.I32_NE);
      }
      case I32_NE, I32_LT_U, I32_GT_U -> {
        return comparing(body, loop, branch, comparison);
      }
      default -> {
        return null;
      }
    }
  }

  private static @Nullable CountedLoop comparing(
      Body body, int loop, int branch, Opcode comparison) {
    int right = branch - 2;
    int left = branch - 3;
    if (left <= loop || !isLocal(body, left)) {
      return null;
    }
    switch (body.opcode(right)) {
      case I32_CONST -> {
        return counting(
            body, loop, branch, body.first[left], -1, (int) body.low[right], comparison);
      }
      case LOCAL_GET -> {
        CountedLoop straight =
            counting(body, loop, branch, body.first[left], body.first[right], 0, comparison);
        return straight != null
            ? straight
            : counting(
                body, loop, branch, body.first[right], body.first[left], 0, turned(comparison));
      }
      default -> {
        return null;
      }
    }
  }

  private static boolean isLocal(Body body, int i) {
    return body.opcode(i) == Opcode.LOCAL_GET || body.opcode(i) == Opcode.LOCAL_TEE;
  }

  private static Opcode turned(Opcode comparison) {
    return switch (comparison) {
      case I32_LT_U -> Opcode.I32_GT_U;
      case I32_GT_U -> Opcode.I32_LT_U;
      default -> comparison;
    };
  }

  private static @Nullable CountedLoop counting(
      Body body, int loop, int branch, int counter, int boundLocal, int bound, Opcode comparison) {
    if (body.locals[counter] != TypeCode.I32 || counter == boundLocal) {
      return null;
    }
    if (boundLocal >= 0 && isWritten(body, loop, branch, boundLocal)) {
      return null;
    }
    int stride = stride(body, loop, branch, counter);
    boolean fits =
        switch (comparison) {
          // HotSpot counts by inequality itself where the stride is one
          case I32_NE -> stride != 0 && stride != Integer.MIN_VALUE && stride != -1;
          case I32_LT_U -> stride > 0;
          case I32_GT_U -> stride < 0 && stride != Integer.MIN_VALUE;
          default -> false;
        };
    return fits ? new CountedLoop(counter, stride, boundLocal, bound, comparison, branch) : null;
  }

  private static boolean isWrite(Body body, int i) {
    return body.opcode(i) == Opcode.LOCAL_SET || body.opcode(i) == Opcode.LOCAL_TEE;
  }

  private static boolean isWritten(Body body, int loop, int branch, int local) {
    for (int i = loop + 1; i < branch; i++) {
      if (isWrite(body, i) && body.first[i] == local) {
        return true;
      }
    }
    return false;
  }

  /** What is added to a local in each round of a loop, or 0 if that cannot be told. */
  private static int stride(Body body, int loop, int branch, int local) {
    int stride = 0;
    int depth = 0;
    for (int i = loop + 1; i < branch; i++) {
      switch (body.opcode(i)) {
        case BLOCK, LOOP, IF, TRY_TABLE -> depth++;
        case END -> depth--;
        case LOCAL_SET, LOCAL_TEE -> {
          if (body.first[i] == local) {
            if (stride != 0 || depth != 0) {
              return 0;
            }
            stride = stride(body, i, local);
            if (stride == 0) {
              return 0;
            }
          }
        }
        default -> {}
      }
    }
    return stride;
  }

  /** What is added to a counter where it is written, or 0 if it is written otherwise. */
  private static int stride(Body body, int write, int counter) {
    if (body.opcode(write - 2) != Opcode.I32_CONST
        || body.opcode(write - 3) != Opcode.LOCAL_GET
        || body.first[write - 3] != counter) {
      return 0;
    }
    int amount = (int) body.low[write - 2];
    return switch (body.opcode(write - 1)) {
      case I32_ADD -> amount;
      case I32_SUB -> -amount;
      default -> 0;
    };
  }
}
