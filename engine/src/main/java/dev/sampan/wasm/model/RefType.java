package dev.sampan.wasm.model;

/**
 * The type of a reference.
 *
 * @param nullable whether null belongs to it
 * @param heap what it can point to
 */
public record RefType(boolean nullable, HeapType heap) implements ValType {

  /** {@code funcref}. */
  public static final RefType FUNCREF = new RefType(true, AbstractHeapType.FUNC);

  /** {@code externref}. */
  public static final RefType EXTERNREF = new RefType(true, AbstractHeapType.EXTERN);

  @Override
  public String toString() {
    if (nullable && heap instanceof AbstractHeapType abstractType) {
      return abstractType.referenceText();
    }
    String target = heap instanceof DefType definition ? definition.brief() : heap.toString();
    return "(ref " + (nullable ? "null " : "") + target + ")";
  }
}
