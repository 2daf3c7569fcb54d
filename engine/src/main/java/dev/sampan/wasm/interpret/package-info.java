/**
 * The interpreter: functions lowered to instructions on slots, and one loop that runs them.
 *
 * <p>Entry type: {@link dev.sampan.wasm.interpret.Interpreter}. It is the reference for what code
 * means, it runs where code generation is forbidden, and its frames are data that a debugger can
 * look at. This package does not know the text format, nor any other tier.
 */
@NullMarked
package dev.sampan.wasm.interpret;

import org.jspecify.annotations.NullMarked;
