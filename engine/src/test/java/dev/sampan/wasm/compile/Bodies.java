package dev.sampan.wasm.compile;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.binary.ModuleReader;
import dev.sampan.wasm.model.TypeRegistry;
import dev.sampan.wasm.valid.FunctionValidator;
import dev.sampan.wasm.valid.ModuleContext;
import dev.sampan.wasm.valid.Validator;

/** Bodies of functions as the compiler sees them. */
final class Bodies {

  private Bodies() {}

  /** The body of one of the functions that a module in the text format defines. */
  static Body of(String text, int function) {
    byte[] binary = Engine.assemble(text, "body.wat");
    ModuleContext context = Validator.validate(ModuleReader.read(binary), new TypeRegistry(), 1);
    Body body = new Body();
    new FunctionValidator(context).function(function, body);
    return body;
  }
}
