package dev.sampan.wasm.compile;

import org.jspecify.annotations.Nullable;

/**
 * A place that branches go to. It has a label in each method from which it is reached; where it is
 * not in that method itself, the label is where the method is left for it.
 */
final class Place {

  /** Who has made the place, and so writes what is there. */
  @Nullable FunctionCompiler owner;

  /** The block whose label it is; null for other places. */
  final @Nullable Control block;

  static final int NO_NUMBER = -1;

  /** The label in the method that is written now. */
  Label label = new Label();

  /** The part of the function that the label is in. */
  int part;

  /** The number by which other methods name the place. */
  int number = NO_NUMBER;

  /** A place that is no block's label. */
  Place() {
    this(null);
  }

  /** The place that branches to a block go to. */
  Place(@Nullable Control block) {
    this.block = block;
  }
}
