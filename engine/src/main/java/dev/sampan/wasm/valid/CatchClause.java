package dev.sampan.wasm.valid;

/**
 * A clause of {@code try_table}.
 *
 * @param kind what it catches and passes on
 * @param tag the tag's index, 0 for clauses that catch all
 * @param depth the label, counted from outside the block
 */
public record CatchClause(Kind kind, int tag, int depth) {

  /** The clauses, in the order of their codes. */
  public enum Kind {
    CATCH,
    CATCH_REF,
    CATCH_ALL,
    CATCH_ALL_REF;

    private static final Kind[] ALL = values();

    /** The clause with a code below 4. */
    static Kind of(int code) {
      return ALL[code];
    }

    /** Whether only one tag is caught. */
    public boolean hasTag() {
      return this == CATCH || this == CATCH_REF;
    }

    /** Whether the exception itself is passed on. */
    public boolean hasReference() {
      return this == CATCH_REF || this == CATCH_ALL_REF;
    }
  }
}
