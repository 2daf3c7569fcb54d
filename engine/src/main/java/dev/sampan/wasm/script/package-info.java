/**
 * Test scripts: the {@code .wast} files of the specification's test suite, read and run.
 *
 * <p>Entry types: {@link dev.sampan.wasm.script.Script}, {@link
 * dev.sampan.wasm.script.ScriptRunner}. The runner drives the engine through its public API and
 * knows nothing of validation or execution; of the runtime it knows only structures and arrays, to
 * tell one from the other.
 */
@NullMarked
package dev.sampan.wasm.script;

import org.jspecify.annotations.NullMarked;
