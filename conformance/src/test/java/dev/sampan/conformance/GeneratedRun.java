package dev.sampan.conformance;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Global;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.I31;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.Table;
import dev.sampan.wasm.Tag;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One run of a generated module in one engine: all exported functions, several times each. */
final class GeneratedRun {

  /** How the calls of many runs ended. */
  static final class Tally {
    int functions;
    int calls;
    int returned;
    int thrown;
    int exhausted;
    int outOfFuel;
    int notStarted;
    final Map<Trap.Kind, Integer> traps = new EnumMap<>(Trap.Kind.class);

    @Override
    public String toString() {
      return "%d functions, %d calls, %d returned, %d threw, %d exhausted, %d out of fuel, %d without instance; traps %s"
          .formatted(functions, calls, returned, thrown, exhausted, outOfFuel, notStarted, traps);
    }
  }

  /** An argument that cannot be given from outside. */
  private static final Object IMPOSSIBLE = new Object();

  private static final String FUEL = "g0";
  private static final int FUEL_PER_CALL = 40;

  /** Of so many modules three are run without fuel being counted, and one with very little. */
  private static final int KINDS_OF_LIMITS = 6;

  private static final long PLENTY = 1L << 50;
  private static final long LITTLE = 1_000;
  private static final int CALLS_PER_FUNCTION = 3;

  private final Tally tally;
  private final Transcript transcript = new Transcript();
  private final Engine engine;
  private final long[] executed;

  /** How much fuel the instances have, or 0 if none is counted. */
  private long fuel;

  private byte[] buffer = new byte[1 << 16];

  private GeneratedRun(Engine engine, Tally tally, long[] executed) {
    this.engine = engine;
    this.tally = tally;
    this.executed = executed;
  }

  /**
   * Runs a module.
   *
   * @param seed where the arguments come from
   */
  static Transcript run(Engine engine, byte[] binary, long seed, Tally tally) {
    return run(engine, binary, seed, tally, new long[0]);
  }

  static Transcript run(Engine engine, byte[] binary, long seed, Tally tally, long[] executed) {
    GeneratedRun run = new GeneratedRun(engine, tally, executed);
    run.module(engine.load(binary, "generated.wasm"), seed);
    return run.transcript;
  }

  private void module(WasmModule module, long seed) {
    Dice dice = new Dice(seed ^ 0x5DEE_CE66DL);
    fuel =
        switch ((int) Math.floorMod(seed, KINDS_OF_LIMITS)) {
          case 0, 2, 4 -> 0;
          case 1 -> LITTLE;
          default -> PLENTY;
        };
    try (Instance instance = instance(module, null)) {
      calls(instance, dice);
      if (module.imports().stream().anyMatch(each -> each.name().startsWith("other"))) {
        // once more, linked with the first one
        try (Instance second = instance(module, instance)) {
          transcript.add("second instance");
          calls(second, dice);
          state(instance);
        }
      }
    } catch (WasmException e) {
      tally.notStarted++;
      ending(e);
    }
  }

  private Instance instance(WasmModule module, @Nullable Instance other) {
    return module.instantiate(
        new GeneratedHost(engine, transcript, executed, other).imports(),
        limits -> {
          ResourceLimits usual = limits.maxMemory(1 << 20).maxTableElements(200);
          return fuel == 0 ? usual : usual.fuel(fuel);
        });
  }

  private void calls(Instance instance, Dice dice) {
    for (String name : instance.exportNames()) {
      if (instance.export(name).orElseThrow() instanceof Func function) {
        tally.functions++;
        for (int i = 0; i < CALLS_PER_FUNCTION; i++) {
          call(instance, name, function, dice);
        }
        smallMemories(instance);
      }
    }
    state(instance);
  }

  private void state(Instance instance) {
    for (String name : instance.exportNames()) {
      state(name, instance.export(name).orElseThrow());
    }
  }

  private void call(Instance instance, String name, Func function, Dice dice) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (ValType parameter : function.type().parameters()) {
      Object argument = argument(instance, parameter, dice);
      if (argument == IMPOSSIBLE) {
        return;
      }
      arguments.add(argument);
    }
    if (transcript.isCut()) {
      return;
    }
    tally.calls++;
    int start = transcript.size();
    transcript.add("call of " + name);
    arguments.forEach(transcript::value);
    if (instance.export(FUEL).orElse(null) instanceof Global fuel) {
      fuel.set(FUEL_PER_CALL);
    }
    refill(instance);
    try {
      List<@Nullable Object> results = call(function, arguments, dice.oneIn(4));
      tally.returned++;
      transcript.add("returned");
      results.forEach(transcript::value);
    } catch (ExhaustedException e) {
      if (e.resource() == Resource.FUEL) {
        tally.outOfFuel++;
        ending(e);
      } else {
        tally.exhausted++;
        transcript.endsAt(start);
      }
    } catch (Trap e) {
      if (e.kind() == Trap.Kind.ALLOCATION_FAILURE) {
        // how much room the Java virtual machine has is no property of the mode
        tally.exhausted++;
        transcript.endsAt(start);
      } else {
        ending(e);
      }
    } catch (WasmException e) {
      ending(e);
    }
    instance.fuel().ifPresent(tank -> transcript.add("fuel used " + tank.used()));
  }

  private static void refill(Instance instance) {
    instance
        .fuel()
        .filter(tank -> tank.remaining() < LITTLE / 2)
        .ifPresent(tank -> tank.add(LITTLE));
  }

  /** Calls a function in one of the two ways there are for Java. */
  private static List<@Nullable Object> call(
      Func function, List<@Nullable Object> arguments, boolean byHandle) {
    if (!byHandle) {
      return function.call(arguments.toArray()).toList();
    }
    Object result;
    try {
      result = function.handle().invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a checked exception", e);
    }
    return switch (function.type().results().size()) {
      case 0 -> List.of();
      case 1 -> Collections.singletonList(result);
      default -> ((Results) result).toList();
    };
  }

  private void ending(WasmException e) {
    switch (e) {
      case Trap trap -> {
        tally.traps.merge(trap.kind(), 1, Integer::sum);
        transcript.add(trap.kind());
      }
      case GuestException thrown -> {
        tally.thrown++;
        transcript.add("threw");
        transcript.value(thrown);
      }
      default -> transcript.add(e.toString());
    }
  }

  // Arguments

  private static @Nullable Object argument(Instance instance, ValType type, Dice dice) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> dice.i32();
            case I64 -> dice.i64();
            case F32 -> Float.intBitsToFloat(dice.f32());
            case F64 -> Double.longBitsToDouble(dice.f64());
          };
      case VecType vec -> new V128(dice.lanes(), dice.lanes());
      case RefType reference -> {
        int choice = dice.below(6);
        yield reference.nullable() && choice == 0 ? null : reference(instance, reference, choice);
      }
    };
  }

  private static @Nullable Object reference(Instance instance, RefType type, int choice) {
    if (type.heap() instanceof AbstractHeapType heap) {
      switch (heap) {
        case ANY, EQ, I31 -> {
          return new I31(choice * 1000 - 2000);
        }
        case EXTERN -> {
          return "host " + choice;
        }
        case FUNC -> {
          return instance.function("f" + choice % 2);
        }
        default -> {}
      }
    }
    return type.nullable() ? null : IMPOSSIBLE;
  }

  // What is left behind

  private void smallMemories(Instance instance) {
    for (String name : instance.exportNames()) {
      if (instance.export(name).orElseThrow() instanceof Memory memory && memory.size() <= 4096) {
        memory(memory);
      }
    }
  }

  private void state(String name, Extern extern) {
    switch (extern) {
      case Func function -> {}
      case Tag tag -> {}
      case Memory memory -> {
        transcript.add("memory " + name);
        memory(memory);
      }
      case Global global -> {
        transcript.add("global " + name);
        transcript.value(global.get());
      }
      case Table table -> {
        transcript.add("table " + name);
        transcript.add(table.size());
        for (long i = 0; i < table.size(); i++) {
          transcript.value(table.get(i));
        }
      }
    }
  }

  private void memory(Memory memory) {
    int size = (int) memory.size();
    if (buffer.length < size) {
      buffer = new byte[size];
    }
    memory.read(0, buffer, 0, size);
    CRC32 sum = new CRC32();
    sum.update(buffer, 0, size);
    transcript.add(size);
    transcript.add(sum.getValue());
  }
}
