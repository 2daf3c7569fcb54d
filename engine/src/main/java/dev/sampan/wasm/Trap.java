package dev.sampan.wasm;

/**
 * A guest that did what WebAssembly forbids at run time, and was stopped (Execution › Runtime
 * Structure › Administrative Instructions › trap). The Java stack trace holds the Wasm frames.
 */
public final class Trap extends WasmException {

  /** Why a guest was stopped. */
  public enum Kind {
    /** The {@code unreachable} instruction was executed. */
    UNREACHABLE("unreachable"),
    /** A host function was asked to end the guest, as C's {@code abort} does. */
    ABORTED("aborted"),
    /** An integer division or remainder by zero. */
    INTEGER_DIVIDE_BY_ZERO("integer divide by zero"),
    /** A quotient or a conversion that does not fit the integer type. */
    INTEGER_OVERFLOW("integer overflow"),
    /** A NaN was converted to an integer. */
    INVALID_CONVERSION("invalid conversion to integer"),
    /** A memory access that ends past the memory's end. */
    OUT_OF_BOUNDS_MEMORY("out of bounds memory access"),
    /** An address given to a host function that must be a multiple of some number and is not. */
    MISALIGNED_POINTER("misaligned pointer"),
    /** A table access past the table's end, or an element segment's. */
    OUT_OF_BOUNDS_TABLE("out of bounds table access"),
    /** An array access past the array's end. */
    OUT_OF_BOUNDS_ARRAY("out of bounds array access"),
    /** An atomic access whose address is not a multiple of its width. */
    UNALIGNED_ATOMIC("unaligned atomic"),
    /** An indirect call through an index past the table's end. */
    UNDEFINED_ELEMENT("undefined element"),
    /** An indirect call through a table entry that is null. */
    UNINITIALIZED_ELEMENT("uninitialized element"),
    /** An indirect call of a function that has another type. */
    INDIRECT_CALL_TYPE_MISMATCH("indirect call type mismatch"),
    /** A null reference where {@code ref.as_non_null} demands a value. */
    NULL_REFERENCE("null reference"),
    /** A call through a null function reference. */
    NULL_FUNCTION_REFERENCE("null function reference"),
    /** A field access through a null reference. */
    NULL_STRUCTURE_REFERENCE("null structure reference"),
    /** An array access through a null reference. */
    NULL_ARRAY_REFERENCE("null array reference"),
    /** {@code i31.get} of a null reference. */
    NULL_I31_REFERENCE("null i31 reference"),
    /** {@code throw_ref} of a null reference. */
    NULL_EXCEPTION_REFERENCE("null exception reference"),
    /** A reference that is not of the type that {@code ref.cast} demands. */
    CAST_FAILURE("cast failure"),
    /** A wait on a memory that is not shared. */
    EXPECTED_SHARED_MEMORY("expected shared memory"),
    /** The thread was interrupted while the guest waited. */
    INTERRUPTED("interrupted"),
    /** A reservation of more room for Wasm objects than there is. */
    ALLOCATION_FAILURE("allocation failure"),
    /** A call of an export of an instance that is closed. */
    INSTANCE_CLOSED("instance is closed");

    private final String message;

    Kind(String message) {
      this.message = message;
    }

    /** The words of the specification and its test suite for this trap. */
    public String message() {
      return message;
    }
  }

  private final Kind kind;

  /** Creates a trap whose message is the kind's. */
  public Trap(Kind kind) {
    this(kind, kind.message());
  }

  /**
   * Creates a trap with more to say.
   *
   * @param kind why the guest was stopped
   * @param message the kind's words, followed by details
   */
  public Trap(Kind kind, String message) {
    super(message, null);
    this.kind = kind;
  }

  /** Why the guest was stopped. */
  public Kind kind() {
    return kind;
  }
}
