package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.TableInstance;
import org.jspecify.annotations.Nullable;

/** Runs the table instructions. */
final class TableOps {

  private TableOps() {}

  static void run(
      Opcode opcode,
      ModuleInstance instance,
      long[] numbers,
      @Nullable Object[] references,
      int base,
      int first,
      int second) {
    TableInstance[] tables = instance.tables();
    switch (opcode.kind()) {
      case TABLE_GET ->
          references[base] = tables[first].get(unsigned(instance, first, numbers[base]));
      case TABLE_SET ->
          tables[first].put(unsigned(instance, first, numbers[base]), references[base + 1]);
      case TABLE_SIZE -> numbers[base] = tables[first].size();
      case TABLE_GROW ->
          numbers[base] =
              tables[first].grow(unsigned(instance, first, numbers[base + 1]), references[base]);
      case TABLE_FILL ->
          tables[first].fill(
              unsigned(instance, first, numbers[base]),
              references[base + 1],
              unsigned(instance, first, numbers[base + 2]));
      case TABLE_COPY -> {
        boolean narrow = !isWide(instance, first) || !isWide(instance, second);
        tables[first].copy(
            unsigned(instance, first, numbers[base]),
            tables[second],
            unsigned(instance, second, numbers[base + 1]),
            narrow ? numbers[base + 2] & 0xFFFF_FFFFL : numbers[base + 2]);
      }
      case TABLE_INIT ->
          tables[second].init(
              unsigned(instance, second, numbers[base]),
              instance.element(first),
              numbers[base + 1] & 0xFFFF_FFFFL,
              numbers[base + 2] & 0xFFFF_FFFFL);
      default -> instance.dropElement(first);
    }
  }

  private static boolean isWide(ModuleInstance instance, int table) {
    return instance.module().definition().allTables().get(table).address() == AddressType.I64;
  }

  private static long unsigned(ModuleInstance instance, int table, long value) {
    return isWide(instance, table) ? value : value & 0xFFFF_FFFFL;
  }
}
