package dev.sampan.wasm.model;

import java.util.Locale;

/** The type of a vector of numbers. */
public enum VecType implements ValType {
  V128(0x7B);

  private final int code;

  VecType(int code) {
    this.code = code;
  }

  /** The byte of the binary format. */
  public int code() {
    return code;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
