package dev.sampan.wasm.interpret;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stack of one thread: slots for numbers, slots for references, and the frames.
 *
 * <p>A call from Java starts above what is already there, so that host functions can call guests
 * again. Slots up to {@link #reserved} may be used without asking.
 */
final class CallStack {

  private static final ThreadLocal<CallStack> CURRENT = ThreadLocal.withInitial(CallStack::new);

  private static final int FIRST_SLOTS = 1 << 10;

  /** A call counts as at least so many slots, so that empty frames cannot go on for ever. */
  private static final int SLOTS_PER_FRAME = 16;

  long[] numbers = new long[FIRST_SLOTS];
  @Nullable Object[] references = new Object[FIRST_SLOTS];

  /** How many slots may be used now. */
  int reserved = FIRST_SLOTS;

  private Frame[] frames = new Frame[64];

  /** The number of frames. */
  int depth;

  static CallStack current() {
    return CURRENT.get();
  }

  /** The frame that runs. */
  Frame top() {
    return frames[depth - 1];
  }

  /** A frame by its depth, from 0. */
  Frame frame(int index) {
    return frames[index];
  }

  /**
   * Adds a frame.
   *
   * @param maxSlots how large the stack may become
   */
  Frame push(int maxSlots) {
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, 2 * depth);
    }
    if (depth >= maxSlots / SLOTS_PER_FRAME) {
      throw exhausted(maxSlots);
    }
    Frame frame = frames[depth];
    if (frame == null) {
      frame = new Frame();
      frames[depth] = frame;
    }
    depth++;
    return frame;
  }

  /** Takes the top frame away. */
  void pop() {
    Frame frame = frames[--depth];
    frame.code = null;
    frame.instance = null;
    frame.tier = null;
  }

  /** The first slot above all frames. */
  int free() {
    if (depth == 0) {
      return 0;
    }
    Frame frame = top();
    return frame.base + Objects.requireNonNull(frame.code).frameSlots;
  }

  /** Makes room up to a slot; the arrays may be other ones afterwards. */
  void reserve(int slots, int maxSlots) {
    if (slots > maxSlots || slots < 0) {
      throw exhausted(maxSlots);
    }
    int wanted = Math.min(maxSlots, Math.max(slots, reserved + (reserved >> 1)));
    if (wanted > numbers.length) {
      numbers = Arrays.copyOf(numbers, wanted);
      references = Arrays.copyOf(references, wanted);
    }
    reserved = wanted;
  }

  /** Forgets everything from a depth on; without frames also what references are left over. */
  void cut(int newDepth) {
    while (depth > newDepth) {
      pop();
    }
    if (depth == 0) {
      Arrays.fill(references, 0, reserved, null);
      if (reserved > FIRST_SLOTS * 64) {
        numbers = new long[FIRST_SLOTS];
        references = new Object[FIRST_SLOTS];
        frames = new Frame[64];
      }
      reserved = FIRST_SLOTS;
    }
  }

  private static ExhaustedException exhausted(int maxSlots) {
    return new ExhaustedException(Resource.CALL_STACK, maxSlots, maxSlots);
  }
}
