package dev.sampan.wasm.interpret;

import java.util.Arrays;
import java.util.List;

/**
 * A lowered function.
 *
 * <p>A frame's slots are: parameters and locals, then operands. Results are left from slot 0 on.
 */
final class Code {

  /** Where exceptions are caught: one clause of a try_table. */
  record Handler(int start, int end, Kind kind, int tag, int target, int slot) {
    /** What is passed to the label. */
    enum Kind {
      PAYLOAD,
      PAYLOAD_AND_REFERENCE,
      NOTHING,
      REFERENCE
    }

    boolean hasTag() {
      return kind == Kind.PAYLOAD || kind == Kind.PAYLOAD_AND_REFERENCE;
    }

    boolean covers(int pc) {
      return start <= pc && pc < end;
    }
  }

  final int functionIndex;
  final long[] words;

  /** Slots of the parameters; those of the other locals follow and must be cleared. */
  final int parameterSlots;

  final int localSlots;

  /** Slots of locals and operands together. */
  final int frameSlots;

  final boolean hasReferenceLocals;
  final List<Handler> handlers;

  /** Pairs of a word's index and the byte offset of the instruction it came from, ascending. */
  private final int[] places;

  Code(
      int functionIndex,
      long[] words,
      int parameterSlots,
      int localSlots,
      int frameSlots,
      boolean hasReferenceLocals,
      List<Handler> handlers,
      int[] places) {
    this.functionIndex = functionIndex;
    this.words = words;
    this.parameterSlots = parameterSlots;
    this.localSlots = localSlots;
    this.frameSlots = frameSlots;
    this.hasReferenceLocals = hasReferenceLocals;
    this.handlers = List.copyOf(handlers);
    this.places = Arrays.copyOf(places, places.length);
  }

  /** The byte offset in the module of the instruction that a word belongs to. */
  int offset(int pc) {
    int low = 0;
    int high = places.length / 2 - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (places[2 * middle] <= pc) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return places.length == 0 ? 0 : places[2 * low + 1];
  }
}
