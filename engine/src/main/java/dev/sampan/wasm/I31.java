package dev.sampan.wasm;

/**
 * An {@code i31ref} as Java sees it.
 *
 * @param value the integer, of which the lower 31 bits count; kept sign-extended
 */
public record I31(int value) {

  /** Drops the highest bit. */
  public I31 {
    value = value << 1 >> 1;
  }
}
