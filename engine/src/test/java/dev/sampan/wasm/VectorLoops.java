package dev.sampan.wasm;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Runs every vector instruction in a loop of its own, interpreted and compiled, over vectors of
 * numbers at which something changes, and prints what differs. The system property {@code rounds}
 * says how many; 40,000 let the Java virtual machine compile the loops.
 */
final class VectorLoops {

  private static final int PAGES = 2;
  private static final int OPERANDS = 4_096;
  private static final int RESULTS = 65_536;

  private VectorLoops() {}

  public static void main(String[] arguments) {
    int rounds = Integer.getInteger("rounds", 600);
    int count = 0;
    try (Engine reference = Engine.builder().mode(ExecutionMode.INTERPRETER).build();
        Engine engine = Engine.builder().mode(ExecutionMode.COMPILER).build()) {
      for (Opcode opcode : Opcode.values()) {
        for (String body : bodies(opcode)) {
          count++;
          byte[] expected = run(reference, body, rounds);
          byte[] found = run(engine, body, rounds);
          int mismatch = Arrays.mismatch(expected, found);
          if (mismatch >= 0) {
            System.out.println("different at " + mismatch + ": " + body);
          }
        }
      }
    }
    System.out.println(count + " loops");
  }

  /** What a round does with the address of operands in local 0 and of results in local 1. */
  private static List<String> bodies(Opcode opcode) {
    String name = opcode.text();
    String a = "(v128.load (local.get 0))";
    String b = "(v128.load offset=16 (local.get 0))";
    String c = "(v128.load offset=32 (local.get 0))";
    String number = number(opcode.signature().parameters());
    List<String> bodies = new ArrayList<>();
    switch (opcode.kind()) {
      case VECTOR_UNARY, VECTOR_CROSS_UNARY ->
          bodies.add(store(anyNan(name, "(" + name + " " + a + ")")));
      case VECTOR_BINARY, VECTOR_CROSS_BINARY ->
          bodies.add(store(anyNan(name, "(" + name + " " + a + " " + b + ")")));
      case VECTOR_TERNARY ->
          bodies.add(store(anyNan(name, "(" + name + " " + a + " " + b + " " + c + ")")));
      case VECTOR_SHIFT ->
          bodies.add(store("(" + name + " " + a + " (i32.load offset=16 (local.get 0)))"));
      case VECTOR_REDUCE -> bodies.add("(i32.store (local.get 1) (" + name + " " + a + "))");
      case SHUFFLE -> {
        for (String lanes :
            List.of(
                "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
                "16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31",
                "31 0 30 1 29 2 28 3 27 4 26 5 25 6 24 7",
                "15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0",
                "4 5 6 7 0 1 2 3 20 21 22 23 8 9 10 11",
                "3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18",
                "0 1 16 17 2 3 18 19 12 13 28 29 14 15 30 31",
                "1 2 3 1 2 3 4 5 25 26 27 6 7 8 9 10",
                "31 31 16 16 31 31 16 16 31 31 16 16 31 31 16 17")) {
          bodies.add(store("(" + name + " " + lanes + " " + a + " " + b + ")"));
        }
      }
      case SPLAT -> bodies.add(store("(" + name + " " + number + ")"));
      case EXTRACT_LANE -> {
        String type = type(opcode.signature().results());
        for (int lane = 0; lane < opcode.width(); lane++) {
          bodies.add("(" + type + ".store (local.get 1) (" + name + " " + lane + " " + a + "))");
        }
      }
      case REPLACE_LANE -> {
        String value = number(opcode.signature().parameter(1));
        for (int lane = 0; lane < opcode.width(); lane++) {
          bodies.add(store("(" + name + " " + lane + " " + b + " " + value + ")"));
        }
      }
      case LOAD -> {
        if (opcode.signature().results() == TypeCode.V128) {
          bodies.add(store("(" + name + " (local.get 0))"));
          bodies.add(store("(" + name + " offset=33 (local.get 0))"));
        }
      }
      case LOAD_LANE -> {
        for (int lane = 0; lane < 16 / opcode.width(); lane++) {
          bodies.add(store("(" + name + " offset=9 " + lane + " (local.get 0) " + b + ")"));
        }
      }
      case STORE_LANE -> {
        for (int lane = 0; lane < 16 / opcode.width(); lane++) {
          bodies.add("(" + name + " offset=1 " + lane + " (local.get 1) " + b + ")");
        }
      }
      case SELECT -> {
        bodies.add(store("(select " + a + " " + b + " (i32.load offset=16 (local.get 0)))"));
        bodies.add(store("(select " + a + " " + b + " (i32.load8_u (local.get 0)))"));
      }
      case CONST -> {
        if (opcode == Opcode.V128_CONST) {
          bodies.add(store("(v128.xor " + a + " (v128.const i64x2 -3 5))"));
          bodies.add(store("(v128.xor " + a + " (v128.const i64x2 7 7))"));
        }
      }
      default -> {}
    }
    return bodies;
  }

  /**
   * Of two operands that are no numbers, compilers may prefer either, and the JDK's code for the
   * nearest integer may lose their sign; so all become the same.
   */
  private static String anyNan(String name, String vector) {
    String shape = name.substring(0, name.indexOf('.'));
    return name.matches("f\\d+x\\d+\\.(relaxed_)?(add|mul|min|max|madd|nmadd|nearest)")
        ? "(v128.bitselect %1$s (v128.const i64x2 -1 -1) (%2$s.eq %1$s %1$s))"
            .formatted(vector, shape)
        : vector;
  }

  private static String store(String vector) {
    return "(v128.store (local.get 1) " + vector + ")";
  }

  private static String type(int code) {
    return switch (code) {
      case TypeCode.I32 -> "i32";
      case TypeCode.I64 -> "i64";
      case TypeCode.F32 -> "f32";
      default -> "f64";
    };
  }

  private static String number(int code) {
    return "(" + type(code) + ".load (local.get 0))";
  }

  /** The memory after a loop. */
  private static byte[] run(Engine engine, String body, int rounds) {
    String text =
        """
        (module
          (memory (export "memory") %d)
          (func (export "run") (param $rounds i32) (result i32)
            (local $from i32) (local $to i32)
            (call $loop (local.get $rounds)))
          (func $loop (param $rounds i32) (result i32)
            (local i32 i32)
            (i32.const 1000)
            (loop
              (call $nothing)
              %s
              (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
              (br_if 0 (local.get $rounds)))
            (i32.const 1)
            (i32.add))
          (func $nothing))
        """
            .formatted(PAGES, round(body));
    WasmModule module = engine.load(text.getBytes(StandardCharsets.UTF_8));
    try (Instance instance = module.instantiate(Imports.create())) {
      Memory memory = instance.memory("memory");
      byte[] operands = operands();
      memory.write(0, operands, 0, operands.length);
      int result = instance.function("run").call(rounds).i32();
      if (result != 1001) {
        throw new AssertionError("the loop has changed what lies below it: " + result);
      }
      byte[] all = new byte[PAGES << 16];
      memory.read(0, all, 0, all.length);
      return all;
    }
  }

  /** Locals 1 and 2 of the function hold the addresses that a body calls 0 and 1. */
  private static String round(String body) {
    String step =
        """
        (local.set 1 (i32.rem_u (i32.add (local.get 1) (i32.const 8)) (i32.const %d)))
        (local.set 2
          (i32.add
            (i32.rem_u (i32.mul (local.get 1) (i32.const 2)) (i32.const 32768))
            (i32.const %d)))
        """
            .formatted(OPERANDS - 64, RESULTS);
    return step
        + body.replace("(local.get 1)", "(local.get 2)").replace("(local.get 0)", "(local.get 1)");
  }

  private static byte[] operands() {
    long[] numbers = {
      0,
      -1,
      0x8000_0000_0000_0000L,
      0x7FFF_FFFF_7FFF_FFFFL,
      0x8080_7F7F_0100_FF00L,
      0x7FFF_8000_0001_FFFFL,
      0x0080_00FF_FF80_FF7FL,
      0x7FC0_0000_FFC0_0000L,
      0x7FA0_0001_FF80_0000L,
      0x7F80_0000_8000_0000L,
      0x7FF8_0000_0000_0000L,
      0x7FF4_0000_0000_0123L,
      0xFFF0_0000_0000_0000L,
      0x3F80_0000_BF00_0000L,
      0x4F00_0000_CF00_0000L,
      0x4EFF_FFFF_5F00_0000L,
      0x41DF_FFFF_FFC0_0000L,
      0xC1E0_0000_0020_0000L,
      0x0000_0001_8000_0001L,
      0x1F0F_0E10_0708_0F20L
    };
    Random random = new Random(3);
    byte[] bytes = new byte[OPERANDS];
    for (int i = 0; i < OPERANDS; i += 8) {
      long number =
          random.nextInt(4) == 0 ? random.nextLong() : numbers[random.nextInt(numbers.length)];
      for (int k = 0; k < 8; k++) {
        bytes[i + k] = (byte) (number >>> 8 * k);
      }
    }
    return bytes;
  }
}
