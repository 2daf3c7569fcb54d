package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;

/**
 * Which loops are written as several rounds, each of which may be the last: small ones with no
 * other in them in which nothing changes by a constant, so that HotSpot does not count their
 * rounds, and would do one at a time.
 */
final class SmallLoop {

  /** How many rounds are written. */
  static final int COPIES = 4;

  private static final int MAX_BYTES = 60;

  /** A function must not become so large that HotSpot makes less of it. */
  private static final int MAX_FUNCTION_BYTES = 1_500;

  private SmallLoop() {}

  static boolean is(Body body, int loop, int branch) {
    if (branch != body.first[loop] - 1
        || body.offsets[branch] - body.offsets[loop] > MAX_BYTES
        || body.offsets[body.count() - 1] - body.offsets[0] > MAX_FUNCTION_BYTES) {
      return false;
    }
    for (int i = loop + 1; i < branch; i++) {
      switch (body.opcode(i).kind()) {
        case LOCAL_SET, LOCAL_TEE -> {
          if (isStep(body, i)) {
            return false;
          }
        }
        case LOCAL_GET, CONST, LOAD, STORE, UNARY, BINARY, BR_IF, DROP -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a local is changed by a constant. */
  private static boolean isStep(Body body, int write) {
    return body.opcode(write - 2) == Opcode.I32_CONST
        && body.opcode(write - 3) == Opcode.LOCAL_GET
        && body.first[write - 3] == body.first[write];
  }
}
