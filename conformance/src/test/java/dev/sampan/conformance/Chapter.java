package dev.sampan.conformance;

import dev.sampan.wasm.model.ValType;

/** One chapter of the instructions, for which it writes expressions and statements at random. */
abstract class Chapter {

  final FunctionGenerator function;
  final Surroundings world;
  final TypePool types;
  final Dice dice;
  final CodeBuffer code;

  Chapter(FunctionGenerator function) {
    this.function = function;
    this.world = function.world();
    this.types = function.world().types;
    this.dice = function.dice();
    this.code = function.code();
  }

  /**
   * Writes code that leaves a value of a type on the stack.
   *
   * @param depth how deep operands may still be nested
   * @return whether the chapter has such code; if not, nothing is written
   */
  abstract boolean expression(ValType type, int depth);

  /**
   * Writes code that leaves the stack as it was.
   *
   * @return whether the chapter has such code; if not, nothing is written
   */
  abstract boolean statement(int depth);
}
