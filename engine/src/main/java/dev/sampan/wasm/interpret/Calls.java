package dev.sampan.wasm.interpret;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.HostFunc;
import dev.sampan.wasm.runtime.Interruptions;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.WasmFunction;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls between frames. Arguments lie where the callee's frame begins, so that nothing is copied;
 * results are left there.
 */
final class Calls {

  private Calls() {}

  /** Adds the frame of a function of an instance. */
  static void enter(CallStack stack, Tier tier, ModuleInstance instance, int index, int base) {
    Interruptions.poll();
    Code code = tier.functions.get(index);
    int maxSlots = instance.limits().maxStack();
    int end = base + code.frameSlots;
    if (end > stack.reserved) {
      stack.reserve(end, maxSlots);
    }
    Frame frame = stack.push(maxSlots);
    set(stack, frame, code, tier, instance, base);
  }

  private static void set(
      CallStack stack, Frame frame, Code code, Tier tier, ModuleInstance instance, int base) {
    frame.code = code;
    frame.tier = tier;
    frame.instance = instance;
    frame.base = base;
    frame.pc = 0;
    int first = base + code.parameterSlots;
    int end = base + code.localSlots;
    long[] numbers = stack.numbers;
    for (int i = first; i < end; i++) {
      numbers[i] = 0;
    }
    if (code.hasReferenceLocals) {
      Arrays.fill(stack.references, first, end, null);
    }
  }

  /** The function that a call which is not direct means; the frame's pc moves past its words. */
  static FuncInstance callee(
      long word, Frame frame, @Nullable Object[] references, long[] numbers) {
    ModuleInstance instance = Objects.requireNonNull(frame.instance);
    int slot = frame.base + ((int) (word >>> Op.B_SHIFT) & Op.FIELD_MAX);
    return switch ((int) word & (1 << Op.BITS) - 1) {
      case Op.CALL_IMPORT, Op.RETURN_CALL_IMPORT, Op.RETURN_CALL ->
          instance.function((int) (word >>> Op.B_SHIFT));
      case Op.CALL_REFERENCE, Op.RETURN_CALL_REFERENCE -> {
        Object reference = references[slot];
        if (reference == null) {
          throw new Trap(Trap.Kind.NULL_FUNCTION_REFERENCE);
        }
        yield (FuncInstance) reference;
      }
      default -> {
        long operand = Objects.requireNonNull(frame.code).words[frame.pc++];
        boolean wide = word >>> Op.C_SHIFT != 0;
        long index = wide ? numbers[slot] : numbers[slot] & 0xFFFF_FFFFL;
        yield indirect(instance, index, (int) operand, (int) (operand >>> 32));
      }
    };
  }

  private static FuncInstance indirect(ModuleInstance instance, long index, int table, int type) {
    Object element = instance.tables()[table].callee(index);
    if (element == null) {
      throw new Trap(
          Trap.Kind.UNINITIALIZED_ELEMENT, "uninitialized element " + Long.toUnsignedString(index));
    }
    FuncInstance callee = (FuncInstance) element;
    DefType expected = instance.module().types().type(type);
    if (callee.definition() != expected && !callee.definition().isSubtypeOf(expected)) {
      throw new Trap(
          Trap.Kind.INDIRECT_CALL_TYPE_MISMATCH,
          "indirect call type mismatch: expected " + expected + ", found " + callee.type());
    }
    return callee;
  }

  /** Calls any function: adds a frame if the interpreter runs it, else has it run to its end. */
  static void call(CallStack stack, FuncInstance callee, ModuleInstance caller, int base) {
    if (callee instanceof WasmFunction function
        && function.instance().module().executor() instanceof Interpreter) {
      ModuleInstance instance = function.instance();
      if (instance != caller) {
        instance.guard();
      }
      enter(stack, Tier.of(instance), instance, function.index(), base);
      return;
    }
    int slots = callee.slots();
    if (base + slots > stack.reserved) {
      stack.reserve(base + slots, caller.limits().maxStack());
    }
    // the callee may call back, and the stack's arrays may become other ones meanwhile
    long[] numbers = Arrays.copyOfRange(stack.numbers, base, base + slots);
    @Nullable Object[] references = Arrays.copyOfRange(stack.references, base, base + slots);
    run(callee, caller, numbers, references);
    System.arraycopy(numbers, 0, stack.numbers, base, slots);
    System.arraycopy(references, 0, stack.references, base, slots);
  }

  /** Has a function run to its end that the interpreter does not run in frames. */
  private static void run(
      FuncInstance callee, ModuleInstance caller, long[] numbers, @Nullable Object[] references) {
    if (callee instanceof HostFunc host) {
      host.call(caller, numbers, references);
    } else {
      callee.invoke(numbers, references);
    }
  }

  /** Replaces the top frame by a call. */
  static void tailCall(CallStack stack, Frame frame, long word, int source) {
    Interruptions.poll();
    FuncInstance callee = callee(word, frame, stack.references, stack.numbers);
    ModuleInstance caller = Objects.requireNonNull(frame.instance);
    int base = frame.base;
    int slots = callee.slots();
    if (Math.max(base, source) + slots > stack.reserved) {
      stack.reserve(Math.max(base, source) + slots, caller.limits().maxStack());
    }
    if (callee instanceof WasmFunction function
        && function.instance().module().executor() instanceof Interpreter) {
      ModuleInstance instance = function.instance();
      if (instance != caller) {
        instance.guard();
      }
      Tier tier = Tier.of(instance);
      Code code = tier.functions.get(function.index());
      if (base + code.frameSlots > stack.reserved) {
        stack.reserve(base + code.frameSlots, instance.limits().maxStack());
      }
      System.arraycopy(stack.numbers, source, stack.numbers, base, code.parameterSlots);
      System.arraycopy(stack.references, source, stack.references, base, code.parameterSlots);
      set(stack, frame, code, tier, instance, base);
      return;
    }
    long[] numbers = Arrays.copyOfRange(stack.numbers, source, source + slots);
    @Nullable Object[] references = Arrays.copyOfRange(stack.references, source, source + slots);
    // the frame goes first, so that its handlers do not catch what the callee throws
    stack.pop();
    run(callee, caller, numbers, references);
    System.arraycopy(numbers, 0, stack.numbers, base, slots);
    System.arraycopy(references, 0, stack.references, base, slots);
  }
}
