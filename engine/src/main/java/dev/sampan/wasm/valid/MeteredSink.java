package dev.sampan.wasm.valid;

import dev.sampan.wasm.model.Opcode;

/**
 * Hears, besides the instructions of a function, where {@link Metering} wants fuel to be taken: for
 * a stretch of instructions before its first one, each time the stretch is entered.
 */
public interface MeteredSink extends InstructionSink {

  /** A stretch begins with the next instruction. Stretches count from 0 in each function. */
  void stretch(int number);

  /** All instructions of a stretch have been told, and this is what they cost: at least 1. */
  void stretchCost(int number, int units);

  /**
   * The instruction that comes next costs more the larger its last operand is, which counts
   * unsigned.
   *
   * @param log2 how many of what it counts cost a unit, as a power of two
   */
  void range(Opcode opcode, int log2);
}
