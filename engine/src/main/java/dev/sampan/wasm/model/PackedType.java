package dev.sampan.wasm.model;

import java.util.Locale;

/** An integer stored in fewer bits than an {@code i32}. */
public enum PackedType implements StorageType {
  I8(0x78),
  I16(0x77);

  private final int code;

  PackedType(int code) {
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
