package dev.sampan.wasm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * References for tables. They are given either as function indices or as expressions.
 *
 * @param mode what becomes of it
 * @param table the table, if active
 * @param offset where in the table, if active, else null
 * @param type the references' type
 * @param functions the function indices, or null if given as expressions
 * @param expressions the expressions, empty if given as functions
 */
public record ElementSegment(
    SegmentMode mode,
    int table,
    @Nullable Expr offset,
    RefType type,
    int @Nullable [] functions,
    List<Expr> expressions) {

  /** The number of references. */
  public int size() {
    return functions != null ? functions.length : expressions.size();
  }
}
