package dev.sampan.benchmarks;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to make an instance of a loaded module; the p0.50 row is the median. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class InstantiateBenchmark {

  private static final String MODULE =
      """
      (module
        (import "host" "scale" (func $scale (param i32) (result i32)))
        (memory (export "memory") 1)
        (global $count (mut i32) (i32.const 0))
        (table 2 funcref)
        (elem (i32.const 0) $add $scale)
        (data (i32.const 1024) "some bytes of text")
        (func $add (export "add") (param i32 i32) (result i32)
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (i32.add (call $scale (local.get 0)) (local.get 1))))
      """;

  /** All modes that the engine has. */
  @Param public ExecutionMode mode = ExecutionMode.INTERPRETER;

  private Engine engine;
  private WasmModule module;
  private Imports imports;

  @Setup(Level.Trial)
  public void open() {
    engine = Engine.builder().mode(mode).build();
    module = engine.load(MODULE);
    imports = Imports.create().function("host", "scale", call -> call.result(call.i32(0) * 3));
  }

  @TearDown(Level.Trial)
  public void close() {
    engine.close();
  }

  /** A small module: a page of memory, a table, a global, an import. */
  @Benchmark
  public int instantiate() {
    try (Instance instance = module.instantiate(imports)) {
      return instance.exportNames().size();
    }
  }

  /** The same, and a first call. */
  @Benchmark
  public int instantiateAndCall() {
    try (Instance instance = module.instantiate(imports)) {
      return instance.function("add").call(1, 2).i32();
    }
  }
}
