package dev.sampan.wasm.model;

/**
 * The type of a linear memory.
 *
 * @param address the type of its addresses
 * @param limits its size range, in pages
 * @param shared whether several threads may hold it; such a memory has a maximum
 * @param pageSizeLog2 the page size as an exponent of 2: 16 for 64 KiB, 0 for single bytes
 */
public record MemoryType(AddressType address, Limits limits, boolean shared, int pageSizeLog2)
    implements ExternType {

  /** The page size exponent where none is declared. */
  public static final int DEFAULT_PAGE_SIZE_LOG2 = 16;

  @Override
  public String toString() {
    return "memory "
        + (address == AddressType.I64 ? "i64 " : "")
        + limits
        + (shared ? " shared" : "")
        + (pageSizeLog2 == DEFAULT_PAGE_SIZE_LOG2
            ? ""
            : " (pagesize " + (1L << pageSizeLog2) + ")");
  }
}
