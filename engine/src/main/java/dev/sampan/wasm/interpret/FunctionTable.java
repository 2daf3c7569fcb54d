package dev.sampan.wasm.interpret;

import dev.sampan.wasm.jfr.CompilationEvent;
import dev.sampan.wasm.jfr.Flight;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.valid.FunctionValidator;
import dev.sampan.wasm.valid.InstructionSink;
import dev.sampan.wasm.valid.Metering;
import dev.sampan.wasm.valid.ModuleContext;
import org.jspecify.annotations.Nullable;

/**
 * A module's functions, each lowered when it is first called. The validator is the one reader of
 * code, so lowering walks a function through it once more.
 */
final class FunctionTable {

  private final LoadedModule module;
  private final @Nullable Code[] functions;
  private final FunctionValidator validator;
  private final Lowering lowering;

  /** What the validator tells instructions to, so that the lowering hears them. */
  private final InstructionSink sink;

  private final int imported;
  private long loweringNanos;

  FunctionTable(LoadedModule module, ModuleContext context, boolean directMemory, boolean metered) {
    this.module = module;
    this.imported = module.definition().importedFunctions();
    this.functions = new Code[module.definition().functionCount()];
    this.validator = new FunctionValidator(context);
    this.lowering = new Lowering(module.definition(), module.types(), directMemory);
    this.sink = metered ? new Metering(lowering) : lowering;
  }

  /** The function with an index, imports counted. */
  Code get(int index) {
    Code code = functions[index];
    return code != null ? code : lower(index);
  }

  /** How long lowering took so far. */
  synchronized long loweringNanos() {
    return loweringNanos;
  }

  private synchronized Code lower(int index) {
    Code code = functions[index];
    if (code == null) {
      CompilationEvent event = Flight.compilation();
      long start = System.nanoTime();
      try {
        validator.function(index - imported, sink);
        code = lowering.finish(index);
      } catch (IndexOutOfBoundsException | NullPointerException e) {
        throw new AssertionError(
            module + ", " + module.functionName(index) + " cannot be lowered; please report", e);
      }
      functions[index] = code;
      loweringNanos += System.nanoTime() - start;
      if (event != null) {
        FunctionBody body = module.definition().code().get(index - imported);
        int size = body.end() - body.start();
        event.end(module.name(), module.functionName(index), 1, size, 0, false);
      }
    }
    return code;
  }
}
