package dev.sampan.wasm.valid;

import dev.sampan.wasm.model.Opcode;
import java.util.List;

/**
 * Hears the instructions of a function while they are validated, so that nobody decodes or types
 * them a second time.
 *
 * <p>Code that cannot be reached is left out: nothing is said between an unconditional branch and
 * the {@code else} or {@code end} that makes the place reachable again, not even of whole blocks.
 * Types are codes of {@link dev.sampan.wasm.model.TypeCode} in the module's type space; the arrays
 * are shared and not to be changed. What is said comes before any error further on, so a listener's
 * work counts only if validation ends well.
 */
public interface InstructionSink {

  /**
   * The function begins.
   *
   * @param locals the types of parameters and locals
   * @param parameters how many of them are parameters
   * @param results the results' types
   */
  void begin(int[] locals, int parameters, int[] results);

  /** The place of the instruction that is spoken of next, in bytes from the module's start. */
  void at(int offset);

  /**
   * An instruction without immediates whose operands' types follow from its row or do not matter.
   */
  void plain(Opcode opcode);

  /** A {@code block}, {@code loop} or {@code if} begins. */
  void block(Opcode opcode, int[] parameters, int[] results);

  /** A {@code try_table} begins. Labels in the clauses count from outside the block. */
  void tryTable(int[] parameters, int[] results, List<CatchClause> clauses);

  /**
   * The second branch of an {@code if} begins.
   *
   * @param live whether the end of the first branch is reached
   */
  void otherwise(boolean live);

  /**
   * A block ends, or with the outermost one the function.
   *
   * @param live whether the end is reached by running into it, not only by branches
   */
  void end(boolean live);

  /** {@code br}, {@code br_if}, {@code br_on_null} or {@code br_on_non_null}. */
  void branch(Opcode opcode, int depth);

  /** {@code br_table}; the last depth is the default. */
  void branchTable(int[] depths);

  /** {@code br_on_cast} or {@code br_on_cast_fail}; {@code target} is the type tested for. */
  void branchOnCast(Opcode opcode, int depth, int target);

  /** {@code drop} of a value of a type. */
  void drop(int type);

  /** {@code select} between values of a type. */
  void select(int type);

  /** An instruction with one index or count. */
  void index(Opcode opcode, int index);

  /** An instruction with two indices, in the order of the bytes. */
  void indices(Opcode opcode, int first, int second);

  /** An access to a memory; {@code lane} is 0 where none is named. */
  void memory(Opcode opcode, int memory, long offset, int lane);

  /** A constant, or the lanes of {@code i8x16.shuffle}; {@code high} counts for vectors alone. */
  void constant(Opcode opcode, long low, long high);

  /** {@code ref.null}, {@code ref.test} or {@code ref.cast} with a reference type. */
  void reference(Opcode opcode, int type);
}
