package dev.sampan.wasm.model;

/**
 * The type of a table.
 *
 * @param address the type of its indices
 * @param limits its size range, in elements
 * @param element what it holds
 */
public record TableType(AddressType address, Limits limits, RefType element) implements ExternType {
  @Override
  public String toString() {
    return "table " + (address == AddressType.I64 ? "i64 " : "") + limits + " " + element;
  }
}
