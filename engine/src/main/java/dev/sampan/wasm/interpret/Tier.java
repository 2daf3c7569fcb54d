package dev.sampan.wasm.interpret;

import dev.sampan.wasm.runtime.FuelTank;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.ModuleInstance;
import org.jspecify.annotations.Nullable;

/** What the interpreter keeps for an instance. */
final class Tier {

  /** The functions, lowered for the instance's kind of memory. */
  final FunctionTable functions;

  /** The first memory if it is an array, else one of no bytes that is never accessed. */
  final HeapMemory memory;

  /** The instance's fuel; null if none is taken. */
  final @Nullable FuelTank fuel;

  Tier(FunctionTable functions, HeapMemory memory, @Nullable FuelTank fuel) {
    this.functions = functions;
    this.memory = memory;
    this.fuel = fuel;
  }

  static Tier of(ModuleInstance instance) {
    Object state = instance.executorState();
    return state instanceof Tier tier
        ? tier
        : ((Interpreter) instance.module().executor()).tier(instance);
  }
}
