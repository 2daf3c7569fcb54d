package dev.sampan.wasm.compile;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.GlobalInstance;
import dev.sampan.wasm.runtime.TableInstance;
import dev.sampan.wasm.runtime.WasmFunction;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What compiled code calls around its calls. */
public final class CallSupport {

  static final Member FENCE = Member.of(CallSupport.class, "fence", "()V");

  private CallSupport() {}

  public static void fence() {
    VarHandle.fullFence();
  }

  public static void set(long value, GlobalInstance global) {
    global.low = value;
  }

  public static void set(@Nullable Object value, GlobalInstance global) {
    global.reference = value;
  }

  public static long[] longs(int length) {
    return new long[length];
  }

  public static @Nullable Object[] objects(int length) {
    return new Object[length];
  }

  // ---- indirect calls ----

  /** An index into a table with 64-bit indices, or one that no table has. */
  public static int tableIndex(long index) {
    return index >= 0 && index <= Integer.MAX_VALUE ? (int) index : -1;
  }

  /** The number of the function at an index of a table, or -1 if the slow way must find it. */
  public static int target(int index, TableInstance table, CompiledInstance in) {
    return table.owner == in.instance ? table.target(index) : -1;
  }

  /** The number of a referenced function, or -1 if the slow way must find it. */
  public static int target(@Nullable Object reference, CompiledInstance in) {
    return reference instanceof WasmFunction function && function.instance() == in.instance
        ? function.callNumber()
        : -1;
  }

  /** What the function at an index of a table is called through. */
  public static Callee callee(int index, int table, int type, CompiledInstance in) {
    Object element = in.tables[table].callee(index & 0xFFFF_FFFFL);
    if (element == null) {
      throw new Trap(
          Trap.Kind.UNINITIALIZED_ELEMENT,
          "uninitialized element " + Integer.toUnsignedString(index));
    }
    FuncInstance function = (FuncInstance) element;
    DefType expected = in.types.type(type);
    if (function.definition() != expected && !function.definition().isSubtypeOf(expected)) {
      throw new Trap(
          Trap.Kind.INDIRECT_CALL_TYPE_MISMATCH,
          "indirect call type mismatch: expected " + expected + ", found " + function.type());
    }
    return Callee.of(function);
  }

  /** What a referenced function is called through. */
  public static Callee callee(@Nullable Object reference) {
    if (reference == null) {
      throw new Trap(Trap.Kind.NULL_FUNCTION_REFERENCE);
    }
    return Callee.of((FuncInstance) reference);
  }

  /** The function at an index of a table, for a tail call. */
  public static FuncInstance function(int index, int table, int type, CompiledInstance in) {
    return callee(index, table, type, in).function;
  }

  /** A referenced function, for a tail call. */
  public static FuncInstance function(@Nullable Object reference) {
    if (reference == null) {
      throw new Trap(Trap.Kind.NULL_FUNCTION_REFERENCE);
    }
    return (FuncInstance) reference;
  }

  /** Refuses a call into an instance that another thread is inside of. */
  public static void guard(CompiledInstance in) {
    in.instance.guard();
  }

  /** Hands on the results that wait in another instance. */
  public static void passResults(CompiledInstance from, int slots, CompiledInstance to) {
    if (from != to) {
      for (int i = 1; i < slots; i++) {
        to.results[i] = from.results[i];
        to.resultReferences[i] = CompiledInstance.takeReference(i, from);
      }
    }
  }

  /** Leaves results that came in arrays for the caller to take. */
  public static void leaveResults(
      long[] numbers, @Nullable Object[] references, int slots, CompiledInstance in) {
    for (int i = 1; i < slots; i++) {
      in.results[i] = numbers[i];
      in.resultReferences[i] = references[i];
    }
  }

  /** Puts results that wait into arrays, behind the first one. */
  public static void takeResults(
      CompiledInstance in, long[] numbers, @Nullable Object[] references, int slots) {
    for (int i = 1; i < slots; i++) {
      numbers[i] = in.results[i];
      references[i] = CompiledInstance.takeReference(i, in);
    }
  }
}
