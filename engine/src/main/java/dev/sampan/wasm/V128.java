package dev.sampan.wasm;

/**
 * A vector of 128 bits at the border between Java and Wasm.
 *
 * @param low the lanes at the lower addresses, the first lane in the lowest bits
 * @param high the lanes at the higher addresses
 */
public record V128(long low, long high) {
  @Override
  public String toString() {
    return String.format("v128(i64x2 0x%016x 0x%016x)", low, high);
  }
}
