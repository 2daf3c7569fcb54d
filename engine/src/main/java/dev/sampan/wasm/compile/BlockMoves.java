package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.HeapMemory;
import java.util.Arrays;

/**
 * What compiled code does before a loop that copies or fills memory: most of its rounds at once, if
 * that cannot be told from doing them one by one. The loop then does the last round, or all, where
 * something is unusual: so locals, traps and what is written before a trap are the loop's own.
 */
public final class BlockMoves {

  static final Member UNEQUAL = Member.of(BlockMoves.class, "whileUnequal", "(III)I");
  static final Member ABOVE = Member.of(BlockMoves.class, "whileAbove", "(III)I");
  static final Member BELOW = Member.of(BlockMoves.class, "whileBelow", "(III)I");

  private static final String MEMORY = "L" + Member.internalName(HeapMemory.class) + ";";
  static final Member COPY = Member.of(BlockMoves.class, "copy", "(IIIIIIIII" + MEMORY + ")I");
  static final Member FILL = Member.of(BlockMoves.class, "fill", "(IIJIII" + MEMORY + ")I");
  static final Member CARRIES = Member.of(BlockMoves.class, "carries", "(IIII" + MEMORY + ")I");
  static final Member CARRIED = Member.of(BlockMoves.class, "carried", "(IIII" + MEMORY + ")I");

  /** Fewer bytes are not worth the look. */
  private static final int LEAST_BYTES = 32;

  private BlockMoves() {}

  // ---- rounds behind which the loop goes on ----

  /** How often a number that changes by a step in each round is unlike another, one after one. */
  public static int whileUnequal(int number, int other, int step) {
    int distance = step < 0 ? number - other : other - number;
    int stride = Math.abs(step);
    return Integer.remainderUnsigned(distance, stride) == 0
        ? clamp(Integer.divideUnsigned(distance, stride))
        : 0;
  }

  /** How often a number that becomes less in each round is greater, without sign, than another. */
  public static int whileAbove(int number, int other, int step) {
    return Integer.compareUnsigned(number, other) <= 0
        ? 0
        : clamp(1 + Integer.divideUnsigned(number - other - 1, -step));
  }

  /** How often a number that becomes greater in each round is less, without sign, than another. */
  public static int whileBelow(int number, int other, int step) {
    return Integer.compareUnsigned(number, other) >= 0
        ? 0
        : clamp(1 + Integer.divideUnsigned(other - number - 1, step));
  }

  private static int clamp(int unsigned) {
    return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
  }

  // ---- moves ----

  /**
   * Copies what some rounds copy.
   *
   * @param rounds how many
   * @param target the address without offset of the lowest byte that the first round writes
   * @param targetOffset the offset
   * @param source the same of the lowest byte that it copies
   * @param sourceOffset the offset, of which the range that is read may be on both sides
   * @param before how many bytes before that it reads
   * @param behind how many bytes behind what it copies it reads
   * @param step what the addresses change by in each round, which is as much as a round copies
   * @param ordered 1 if a round copies in the direction of the step, one piece after the other
   * @return the rounds that have been done: all or none
   */
  public static int copy(
      int rounds,
      int target,
      int targetOffset,
      int source,
      int sourceOffset,
      int before,
      int behind,
      int step,
      int ordered,
      HeapMemory memory) {
    byte[] bytes = memory.bytes;
    long length = (long) rounds * Math.abs(step);
    long back = step < 0 ? length + step : 0;
    long targetLow = target - back;
    long sourceLow = source - back;
    long to = targetLow + targetOffset;
    long from = sourceLow + sourceOffset;
    if (length < LEAST_BYTES
        || targetLow < 0
        || sourceLow < 0
        || from < before
        || to + length > bytes.length
        || from + length + behind > bytes.length) {
      return 0;
    }
    boolean apart = to + length <= from - before || from + length + behind <= to;
    if (!apart && (ordered == 0 || (step > 0 ? to > from : to < from))) {
      return 0;
    }
    System.arraycopy(bytes, (int) from, bytes, (int) to, (int) length);
    return rounds;
  }

  /**
   * Fills what some rounds fill.
   *
   * @param rounds how many
   * @param width how many bytes each store has
   * @param value what is stored
   * @param target the address without offset of the lowest byte that the first round writes
   * @param offset the offset
   * @param step what the address changes by in each round, which is as much as a round fills
   * @return the rounds that have been done: all or none
   */
  public static int fill(
      int rounds, int width, long value, int target, int offset, int step, HeapMemory memory) {
    byte[] bytes = memory.bytes;
    long length = (long) rounds * Math.abs(step);
    long low = target - (step < 0 ? length + step : 0);
    long to = low + offset;
    int shift = Long.SIZE - Byte.SIZE * width;
    boolean oneByte = value << shift == ((value & 0xFF) * 0x0101_0101_0101_0101L) << shift;
    if (length < LEAST_BYTES || low < 0 || to + length > bytes.length || !oneByte) {
      return 0;
    }
    Arrays.fill(bytes, (int) to, (int) (to + length), (byte) value);
    return rounds;
  }

  // ---- a number that is read in one round and used in the next ----

  /** The rounds, if a number is what the round before would have read; else none. */
  public static int carries(int rounds, int number, int address, int offset, HeapMemory memory) {
    long at = (long) address + offset;
    return address >= 0 && at + 4 <= memory.bytes.length && memory.get32(at) == number ? rounds : 0;
  }

  /** What the last of some rounds has read; the number itself if there was no round. */
  public static int carried(int rounds, int number, int address, int offset, HeapMemory memory) {
    return rounds == 0 ? number : memory.get32((long) address + offset);
  }
}
