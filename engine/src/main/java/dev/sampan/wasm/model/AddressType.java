package dev.sampan.wasm.model;

/** The type of the addresses of a memory or the indices of a table. */
public enum AddressType {
  I32(TypeCode.I32),
  I64(TypeCode.I64);

  private final int code;

  AddressType(int code) {
    this.code = code;
  }

  /** The {@link TypeCode} of such an address. */
  public int code() {
    return code;
  }

  /** The smaller of two, which counts what both can address. */
  public static AddressType min(AddressType a, AddressType b) {
    return a == I32 ? a : b;
  }

  @Override
  public String toString() {
    return this == I32 ? "i32" : "i64";
  }
}
