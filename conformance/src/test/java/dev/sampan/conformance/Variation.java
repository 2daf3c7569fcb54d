package dev.sampan.conformance;

import dev.sampan.wasm.model.Immediates;
import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Changes single operators and constants of a program that stays the same otherwise. Its chance is
 * its own, so a module with one seed and different variations has one shape.
 */
final class Variation {

  private record Alike(Kind kind, Signature signature, Immediates immediates) {
    static Alike of(Opcode opcode) {
      return new Alike(opcode.kind(), opcode.signature(), opcode.immediates());
    }
  }

  private static final Map<Alike, List<Opcode>> GROUPS =
      Arrays.stream(Opcode.values())
          .filter(opcode -> opcode.signature() != Signature.NONE)
          .collect(Collectors.groupingBy(Alike::of));

  private final int number;
  private final Dice dice;

  /** The variation of a number; 0 changes nothing. */
  Variation(long seed, int number) {
    this.number = number;
    dice = new Dice(seed * 31 + number);
  }

  /** An operator, or now and then another one of the same type. */
  Opcode of(Opcode opcode) {
    return changes() ? dice.pick(GROUPS.get(Alike.of(opcode))) : opcode;
  }

  int i32(int value) {
    return changes() ? dice.i32() : value;
  }

  long i64(long value) {
    return changes() ? dice.i64() : value;
  }

  int f32(int bits) {
    return changes() ? dice.f32() : bits;
  }

  long f64(long bits) {
    return changes() ? dice.f64() : bits;
  }

  private boolean changes() {
    return number != 0 && dice.oneIn(10);
  }
}
