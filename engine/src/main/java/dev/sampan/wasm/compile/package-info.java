/**
 * The main tier: functions become methods of Java classes, which HotSpot's own tiers run (Execution
 * › Instructions, as JVM bytecode).
 *
 * <p>It must not know the interpreter, and nobody but the engine's front door knows it; the runtime
 * speaks to it through {@link dev.sampan.wasm.runtime.Executor}. Classes that generated code calls
 * are public for that reason alone.
 */
@NullMarked
package dev.sampan.wasm.compile;

import org.jspecify.annotations.NullMarked;
