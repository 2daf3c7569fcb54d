package dev.sampan.wasm.script;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.ValType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The host module {@code spectest}, which the specification's scripts may import from. */
final class SpecTest {

  static final String NAME = "spectest";

  private static final HostFunction SILENT = call -> {};

  private SpecTest() {}

  /** What the module offers, by name; made anew for each script, since scripts change it. */
  static Map<String, Importable> externs(Engine engine) {
    Map<String, Importable> externs = new HashMap<>();
    print(engine, externs, "print");
    print(engine, externs, "print_i32", NumType.I32);
    print(engine, externs, "print_i64", NumType.I64);
    print(engine, externs, "print_f32", NumType.F32);
    print(engine, externs, "print_f64", NumType.F64);
    print(engine, externs, "print_i32_f32", NumType.I32, NumType.F32);
    print(engine, externs, "print_f64_f64", NumType.F64, NumType.F64);
    global(engine, externs, "global_i32", NumType.I32, 666);
    global(engine, externs, "global_i64", NumType.I64, 666L);
    global(engine, externs, "global_f32", NumType.F32, 666.6f);
    global(engine, externs, "global_f64", NumType.F64, 666.6);
    externs.put("table", engine.table(table(AddressType.I32), null));
    externs.put("table64", engine.table(table(AddressType.I64), null));
    externs.put("memory", engine.memory(memory(false)));
    externs.put("shared_memory", engine.memory(memory(true)));
    return externs;
  }

  private static void print(
      Engine engine, Map<String, Importable> externs, String name, ValType... parameters) {
    externs.put(name, engine.function(new FuncType(List.of(parameters), List.of()), SILENT));
  }

  private static void global(
      Engine engine, Map<String, Importable> externs, String name, ValType type, Object value) {
    externs.put(name, engine.global(new GlobalType(type, false), value));
  }

  private static TableType table(AddressType address) {
    return new TableType(address, Limits.between(10, 20), RefType.FUNCREF);
  }

  private static MemoryType memory(boolean shared) {
    return new MemoryType(
        AddressType.I32, Limits.between(1, 2), shared, MemoryType.DEFAULT_PAGE_SIZE_LOG2);
  }
}
