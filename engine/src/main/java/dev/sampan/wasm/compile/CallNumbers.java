package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.valid.ModuleContext;
import java.util.Arrays;

/**
 * The numbers by which calls through references know a module's functions. Functions of one type
 * have numbers in a row, so that a switch over them is dense and tells the type, too.
 */
final class CallNumbers {

  private static final int[] NONE = {};

  private final int[] numbers;

  /** Per type the functions of exactly that type that have numbers. */
  private final int[][] callees;

  CallNumbers(ModuleContext context) {
    ModuleDefinition definition = context.module();
    TypeSpace types = context.types();
    numbers = new int[definition.functionCount()];
    Arrays.fill(numbers, -1);
    callees = new int[types.size()][];
    Arrays.fill(callees, NONE);
    int start = definition.start().orElse(-1);
    int[] counts = new int[types.size()];
    for (int f = definition.importedFunctions(); f < numbers.length; f++) {
      if (context.isDeclared(f) || f == start) {
        int type = canonical(types, definition.functionType(f));
        int count = counts[type]++;
        if (count == callees[type].length) {
          callees[type] = Arrays.copyOf(callees[type], Math.max(4, 2 * count));
        }
        callees[type][count] = f;
      }
    }
    int next = 0;
    for (int t = 0; t < callees.length; t++) {
      callees[t] = Arrays.copyOf(callees[t], counts[t]);
      for (int f : callees[t]) {
        numbers[f] = next++;
      }
    }
    for (int t = 0; t < callees.length; t++) {
      callees[t] = callees[canonical(types, t)];
    }
  }

  /** The first of the equivalent types. */
  private static int canonical(TypeSpace types, int type) {
    return types.heapCode(type) - TypeCode.CONCRETE;
  }

  /** The number of a function, imports counted, or -1. */
  int of(int function) {
    return numbers[function];
  }

  /** The functions of exactly a type that calls through references may mean, in their order. */
  int[] callees(int type) {
    return callees[type];
  }
}
