package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.Interruptions;
import dev.sampan.wasm.runtime.WasmFunction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A chain of tail calls (Execution › Control Instructions › return_call). A function that ends in
 * calls of others is compiled as a step, which leaves the next function and its arguments here and
 * returns; whoever has begun the chain runs one step after the other, so the stack does not grow.
 */
public final class TailCall {

  static final String CLASS = Member.internalName(TailCall.class);
  private static final String SELF = "L" + CLASS + ";";
  private static final String FUNCTION = "L" + Member.internalName(FuncInstance.class) + ";";
  private static final Member NUMBERS = new Member(CLASS, "numbers", "[J");
  private static final Member REFERENCES =
      new Member(CLASS, "references", "[" + FunctionShape.OBJECT);

  private static final Member NEXT_DIRECT =
      Member.of(TailCall.class, "next", "(I" + SELF + "I" + FunctionShape.INSTANCE + ")V");
  private static final Member NEXT_INDIRECT =
      Member.of(TailCall.class, "next", "(IIII" + SELF + FunctionShape.INSTANCE + ")V");
  private static final Member NEXT_REFERENCE =
      Member.of(TailCall.class, "next", "(" + FunctionShape.OBJECT + "I" + SELF + ")V");
  private static final Member PUT_NUMBER = Member.of(TailCall.class, "put", "(JI" + SELF + ")V");
  private static final Member PUT_REFERENCE =
      Member.of(TailCall.class, "put", "(" + FunctionShape.OBJECT + "I" + SELF + ")V");
  private static final Member TABLE_INDEX = Member.of(CallSupport.class, "tableIndex", "(J)I");

  /** The arguments of the next function, or the results of the last one, in slots. */
  public long[] numbers;

  /** The same for references. */
  public @Nullable Object[] references;

  private @Nullable FuncInstance next;

  TailCall(long[] numbers, @Nullable Object[] references) {
    this.numbers = numbers;
    this.references = references;
  }

  // ---- what compiled code calls ----

  /**
   * Begins a chain, and runs it to its end.
   *
   * @param numbers the arguments; holds the results afterwards
   */
  public static void run(
      long[] numbers, @Nullable Object[] references, int function, CompiledInstance in) {
    TailCall chain = new TailCall(numbers, references);
    FuncInstance step = in.instance.function(function);
    while (step != null) {
      Interruptions.poll();
      chain.next = null;
      chain.reserve(step.slots());
      if (step instanceof WasmFunction wasm
          && wasm.instance().module().executor() instanceof Compiler compiler) {
        CompiledInstance instance = compiler.instance(wasm.instance());
        if (instance != in) {
          CallSupport.guard(instance);
        }
        instance.code.step(wasm.index(), chain, instance);
      } else {
        Callee.invoke(step, chain.numbers, chain.references, in);
      }
      step = chain.next;
    }
    if (chain.numbers != numbers) {
      System.arraycopy(chain.numbers, 0, numbers, 0, numbers.length);
      System.arraycopy(chain.references, 0, references, 0, references.length);
    }
  }

  private void reserve(int slots) {
    if (numbers.length < slots) {
      numbers = Arrays.copyOf(numbers, slots);
      references = Arrays.copyOf(references, slots);
    }
  }

  /** The next function is one of the same instance; the arguments follow. */
  public static void next(int function, TailCall chain, int slots, CompiledInstance in) {
    chain.reserve(slots);
    chain.next = in.instance.function(function);
  }

  /** The next function is in a table. */
  public static void next(
      int index, int table, int type, int slots, TailCall chain, CompiledInstance in) {
    chain.reserve(slots);
    chain.next = CallSupport.function(index, table, type, in);
  }

  /** The next function is referenced. */
  public static void next(@Nullable Object reference, int slots, TailCall chain) {
    chain.reserve(slots);
    chain.next = CallSupport.function(reference);
  }

  public static void put(long number, int slot, TailCall chain) {
    chain.numbers[slot] = number;
  }

  public static void put(@Nullable Object reference, int slot, TailCall chain) {
    chain.references[slot] = reference;
  }

  // ---- what is written into compiled code ----

  /** Copies the arrays of a chain to local variables. */
  static void arrays(Code code, int chain, int numbersSlot, int referencesSlot) {
    code.local(Jvm.ALOAD, chain);
    code.getField(NUMBERS);
    code.local(Jvm.ASTORE, numbersSlot);
    code.local(Jvm.ALOAD, chain);
    code.getField(REFERENCES);
    code.local(Jvm.ASTORE, referencesSlot);
  }

  /** Writes a tail call: its operands are on top, the chain is in a local variable. */
  static void leave(Emission e, int i, int type, int chain) {
    Opcode opcode = e.body.opcode(i);
    FunctionShape shape = e.shape.ofType(type);
    int slots = Math.max(FunctionShape.slots(shape.parameters), FunctionShape.slots(shape.results));
    int count = shape.parameters.length;
    boolean direct = opcode == Opcode.RETURN_CALL;
    e.operands.settleTop(count + (direct ? 0 : 1));
    int first = e.operands.height() - count - (direct ? 0 : 1);
    e.mark(i);
    switch (opcode) {
      case RETURN_CALL -> {
        e.code.pushInt(e.body.first[i]);
        e.code.local(Jvm.ALOAD, chain);
        e.code.pushInt(slots);
        e.helper(NEXT_DIRECT);
      }
      case RETURN_CALL_INDIRECT -> {
        int table = e.body.second[i];
        e.operands.copy(first + count);
        if (e.shape.definition().allTables().get(table).address() == AddressType.I64) {
          e.code.invokeStatic(TABLE_INDEX);
        }
        e.code.pushInt(table);
        e.code.pushInt(type);
        e.code.pushInt(slots);
        e.code.local(Jvm.ALOAD, chain);
        e.helper(NEXT_INDIRECT);
      }
      default -> {
        e.operands.copy(first + count);
        e.code.pushInt(slots);
        e.code.local(Jvm.ALOAD, chain);
        e.code.invokeStatic(NEXT_REFERENCE);
      }
    }
    put(e, first, count, chain);
  }

  /** Puts operands into the chain's slots. */
  private static void put(Emission e, int first, int count, int chain) {
    int slot = 0;
    for (int k = first; k < first + count; k++) {
      int kind = e.operands.kind(k);
      for (int half = 0; half < TypeCode.slots(kind); half++) {
        if (kind == TypeCode.V128) {
          e.operands.half(k, half);
        } else {
          e.operands.copy(k);
          NumberBits.toBits(e.code, kind);
        }
        e.code.pushInt(slot++);
        e.code.local(Jvm.ALOAD, chain);
        e.code.invokeStatic(kind == TypeCode.REF ? PUT_REFERENCE : PUT_NUMBER);
      }
    }
  }

  /** Leaves the function's results, which are on top, in the chain. */
  static void leaveResults(Emission e, FunctionShape shape, int chain) {
    int count = shape.results.length;
    e.operands.settleTop(count);
    put(e, e.operands.height() - count, count, chain);
  }

  /** Takes the arguments from the chain into local variables. */
  static void takeArguments(Code code, FunctionShape shape, int[] slots, int chain) {
    int slot = 0;
    for (int k = 0; k < shape.parameters.length; k++) {
      int kind = FunctionShape.kind(shape.parameters[k]);
      for (int half = 0; half < TypeCode.slots(kind); half++) {
        code.local(Jvm.ALOAD, chain);
        code.getField(kind == TypeCode.REF ? REFERENCES : NUMBERS);
        code.pushInt(slot++);
        if (kind == TypeCode.REF) {
          code.op(Jvm.AALOAD);
        } else {
          code.op(Jvm.LALOAD);
          NumberBits.fromBits(code, kind);
        }
        code.local(FunctionShape.storeOpcode(kind), slots[k] + 2 * half);
      }
    }
  }
}
