package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import org.jspecify.annotations.Nullable;

/**
 * A few simple instructions behind the end of a block, and a branch: what the arms of a switch in a
 * loop have in common.
 *
 * @param from the first instruction
 * @param branch the branch; ends of blocks may lie before it
 * @param target the block whose label it goes to
 */
record Tail(int from, int branch, Control target) {

  /** More than this is not worth writing again. */
  private static final int MOST = 12;

  /** Branches out of more blocks than this are no ends of switch arms. */
  private static final int MAX_DEPTH = 1_000;

  /** Looks at what follows a block; yields null if that is something else. */
  static @Nullable Tail behind(Body body, Control block) {
    if (block.opcode == Opcode.LOOP || block.start < 0 || block.results.length > 0) {
      return null;
    }
    int from = body.first[block.start] + 1;
    Control around = block.outer;
    int height = 0;
    for (int i = from; i < Math.min(from + MOST, body.count()); i++) {
      Opcode opcode = body.opcode(i);
      switch (opcode) {
        case END -> {
          if (around == null || around.results.length > 0 || around.outer == null || height != 0) {
            return null;
          }
          around = around.outer;
        }
        case BR -> {
          if (body.first[i] > MAX_DEPTH) {
            return null;
          }
          Control target = around;
          for (int depth = body.first[i]; depth > 0 && target != null; depth--) {
            target = target.outer;
          }
          return height == 0 && target != null && target.labelTypes().length == 0
              ? new Tail(from, i, target)
              : null;
        }
        default -> {
          if (!isSimple(body, i)) {
            return null;
          }
          height += change(opcode);
          if (height < 0) {
            return null;
          }
        }
      }
    }
    return null;
  }

  /** Whether it changes numbers only, and at most ends the guest. */
  private static boolean isSimple(Body body, int i) {
    Opcode opcode = body.opcode(i);
    return switch (opcode.kind()) {
      case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> body.locals[body.first[i]] != TypeCode.V128;
      case CONST -> opcode != Opcode.V128_CONST;
      case UNARY, BINARY -> true;
      case LOAD -> opcode.ordinal() < Opcode.V128_LOAD.ordinal();
      default -> false;
    };
  }

  /** How an instruction changes the height of the operand stack. */
  private static int change(Opcode opcode) {
    return switch (opcode.kind()) {
      case LOCAL_GET, CONST -> 1;
      case LOCAL_SET, BINARY -> -1;
      default -> 0;
    };
  }
}
