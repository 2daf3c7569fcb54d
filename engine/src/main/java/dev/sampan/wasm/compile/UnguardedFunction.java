package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;

/**
 * Code in one method that stands apart from its function, and has neither handlers nor tail calls:
 * whoever makes it has looked for those before.
 */
abstract class UnguardedFunction extends FunctionCompiler {

  UnguardedFunction(ModuleShape shape, Body body, FunctionShape function, Emission emission) {
    super(shape, body, function, emission);
  }

  @Override
  void bind(Place place) {
    bind(place.label);
  }

  @Override
  final boolean isUsed(Place place) {
    return place.label.used;
  }

  @Override
  final boolean leaveThroughTable(Control[] blocks, int count) {
    return false;
  }

  @Override
  void afterInstruction(int i) {}

  // ---- what there is not ----

  private static AssertionError excluded() {
    return new AssertionError("code that stands apart has a handler or a tail call; please report");
  }

  @Override
  final void tailCall(int i, Opcode opcode) {
    throw excluded();
  }

  @Override
  final void openHandler(Control.Handler handler) {
    throw excluded();
  }

  @Override
  final void closeHandler(Control.Handler handler) {
    throw excluded();
  }

  @Override
  final void pauseHandlers() {}

  @Override
  final void resumeHandlers() {}

  @Override
  final void bindHandler(Label label, Control.Handler handler) {
    throw excluded();
  }

  @Override
  final void passOn(Control.Handler outer) {
    throw excluded();
  }
}
