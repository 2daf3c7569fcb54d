/**
 * Validation: whether a module keeps the rules.
 *
 * <p>Entry type: {@link dev.sampan.wasm.valid.Validator}. A function is walked once; whoever wants
 * its instructions, with all types settled, listens as an {@link
 * dev.sampan.wasm.valid.InstructionSink}. This package does not know text, instances or execution.
 */
@NullMarked
package dev.sampan.wasm.valid;

import org.jspecify.annotations.NullMarked;
