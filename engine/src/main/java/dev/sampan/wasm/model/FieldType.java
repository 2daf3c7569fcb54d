package dev.sampan.wasm.model;

/**
 * A field of a structure or the elements of an array.
 *
 * @param storage what it holds
 * @param mutable whether it can be set
 */
public record FieldType(StorageType storage, boolean mutable) {
  @Override
  public String toString() {
    return mutable ? "(mut " + storage + ")" : storage.toString();
  }
}
