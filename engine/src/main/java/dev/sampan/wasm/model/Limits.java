package dev.sampan.wasm.model;

/**
 * The size range of a memory, in pages, or of a table, in elements. Both bounds are unsigned.
 *
 * @param min the initial size
 * @param max the largest size, meaningful if {@code bounded}
 * @param bounded whether a maximum is declared
 */
public record Limits(long min, long max, boolean bounded) {

  /** Limits without a maximum. */
  public static Limits from(long min) {
    return new Limits(min, -1L, false);
  }

  /** Limits with a maximum. */
  public static Limits between(long min, long max) {
    return new Limits(min, max, true);
  }

  /** Whether something of these limits can stand where {@code other} is declared. */
  public boolean matches(Limits other) {
    return Long.compareUnsigned(min, other.min) >= 0
        && (!other.bounded || bounded && Long.compareUnsigned(max, other.max) <= 0);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(min) + (bounded ? " " + Long.toUnsignedString(max) : "");
  }
}
