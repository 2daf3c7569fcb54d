package dev.sampan.wasm.model;

import java.util.Locale;

/** The type of a number. */
public enum NumType implements ValType {
  I32(0x7F),
  I64(0x7E),
  F32(0x7D),
  F64(0x7C);

  private final int code;

  NumType(int code) {
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
