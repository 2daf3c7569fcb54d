package dev.sampan.benchmarks;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs: between Java and the guest, and inside the guest. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class CallBenchmark {

  /** How many calls the guest makes itself in one invocation. */
  private static final int LOOPS = 1000;

  private static final String MODULE =
      """
      (module
        (import "host" "scale" (func $scale (param i32) (result i32)))
        (type $unary (func (param i32) (result i32)))
        (table 4 4 funcref)
        (elem (i32.const 0) $double $increment $negate $scale)
        (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
        (func $increment (type $unary) (i32.add (local.get 0) (i32.const 1)))
        (func $negate (type $unary) (i32.sub (i32.const 0) (local.get 0)))
        (func (export "plain") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "round_trip") (param i32 i32) (result i32)
          (i32.add (call $scale (local.get 0)) (local.get 1)))
        (func (export "indirect_loop") (param $n i32) (result i32) (local $x i32)
          (loop $again
            (local.set $x
              (call_indirect (type $unary)
                (local.get $x) (i32.rem_u (local.get $n) (i32.const 3))))
            (br_if $again
              (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $x))
        (func (export "host_loop") (param $n i32) (result i32) (local $x i32)
          (loop $again
            (local.set $x (i32.add (local.get $x) (call $scale (local.get $n))))
            (br_if $again
              (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $x)))
      """;

  /** What the guest imports. */
  public interface Host {
    int scale(int value);
  }

  /** What the guest exports. */
  public interface Guest {
    int plain(int a, int b);

    int roundTrip(int a, int b);
  }

  /** All modes that the engine has. */
  @Param public ExecutionMode mode = ExecutionMode.INTERPRETER;

  /** Handles that the JIT compiler sees as constants, as those in static final fields. */
  private static final MutableCallSite PLAIN = site();

  private static final MutableCallSite ROUND_TRIP = site();
  private static final MethodHandle CONSTANT_PLAIN = PLAIN.dynamicInvoker();
  private static final MethodHandle CONSTANT_ROUND_TRIP = ROUND_TRIP.dynamicInvoker();

  private static MutableCallSite site() {
    return new MutableCallSite(MethodType.methodType(int.class, int.class, int.class));
  }

  private Engine engine;
  private Instance instance;
  private Guest guest;
  private Func plainFunction;
  private MethodHandle plainHandle;
  private MethodHandle roundTripHandle;
  private MethodHandle indirectLoop;
  private MethodHandle hostLoop;
  private int argument = 7;

  @Setup(Level.Trial)
  public void open() {
    engine = Engine.builder().mode(mode).build();
    Host host = value -> value * 3;
    instance = engine.load(MODULE).instantiate(Imports.create().module("host", Host.class, host));
    guest = instance.as(Guest.class);
    plainFunction = instance.function("plain");
    plainHandle = plainFunction.handle();
    roundTripHandle = instance.function("round_trip").handle();
    PLAIN.setTarget(plainHandle);
    ROUND_TRIP.setTarget(roundTripHandle);
    indirectLoop = instance.function("indirect_loop").handle();
    hostLoop = instance.function("host_loop").handle();
  }

  @TearDown(Level.Trial)
  public void close() {
    instance.close();
    engine.close();
  }

  /** Java to guest, by a method handle. */
  @Benchmark
  public int exportByHandle() throws Throwable {
    return (int) plainHandle.invokeExact(argument, 35);
  }

  /** Java to guest, by a method handle that is a constant. */
  @Benchmark
  public int exportByConstantHandle() throws Throwable {
    return (int) CONSTANT_PLAIN.invokeExact(argument, 35);
  }

  /** Java to guest, by a Java interface. */
  @Benchmark
  public int exportByInterface() {
    return guest.plain(argument, 35);
  }

  /** Java to guest, with arguments and results as objects. */
  @Benchmark
  public int exportByCall() {
    return plainFunction.call(argument, 35).i32();
  }

  /** Java to guest to Java, by a method handle. */
  @Benchmark
  public int roundTripByHandle() throws Throwable {
    return (int) roundTripHandle.invokeExact(argument, 35);
  }

  /** Java to guest to Java, by a method handle that is a constant. */
  @Benchmark
  public int roundTripByConstantHandle() throws Throwable {
    return (int) CONSTANT_ROUND_TRIP.invokeExact(argument, 35);
  }

  /** Java to guest to Java, by a Java interface. */
  @Benchmark
  public int roundTripByInterface() {
    return guest.roundTrip(argument, 35);
  }

  /** Guest to Java, in a loop of the guest; per call. */
  @Benchmark
  @OperationsPerInvocation(LOOPS)
  public int hostFromGuest() throws Throwable {
    return (int) hostLoop.invokeExact(LOOPS);
  }

  /** Guest to guest through a table, three functions in turn; per call. */
  @Benchmark
  @OperationsPerInvocation(LOOPS)
  public int callIndirect() throws Throwable {
    return (int) indirectLoop.invokeExact(LOOPS);
  }
}
