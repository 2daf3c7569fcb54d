package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loops that copy or fill a block, of which most rounds are done at once, leave the same memory,
 * the same locals and the same traps as round by round: for blocks that overlap, that pass the end
 * of the memory or of all numbers, and for counts of all sorts.
 */
class BlockLoopsTest {

  private static final int PAGE = 1 << 16;
  private static final int MIN = Integer.MIN_VALUE;

  /** The bodies of loops; the locals are d, s, n and i, and w, x of 32 bits and v of 64. */
  enum Shape {
    BYTES_UP(
        1,
        "local.get $d local.get $s i32.load8_u i32.store8 ",
        "$d 1 $s 1 $n -1",
        "local.get $n br_if $on"),
    BYTES_DOWN(
        1,
        "local.get $d local.get $s i32.load8_s i32.store8 ",
        "$d -1 $s -1 $n -1",
        "local.get $n br_if $on"),
    WORDS_TO_AN_END(
        4,
        "local.get $d local.get $s i32.load i32.store ",
        "$d 4 $s 4",
        "local.get $d local.get $n i32.ne br_if $on"),
    FLOATS(
        4,
        "local.get $d local.get $s f32.load offset=4 f32.store offset=8 ",
        "$d 4 $s 4 $n -1",
        "local.get $n br_if $on"),
    INDEXED_UP(
        8,
        "local.get $d local.get $i i32.add local.get $i local.get $s i32.add i64.load i64.store ",
        "$i 8",
        "local.get $i local.get $n i32.lt_u br_if $on"),
    INDEXED_DOWN(
        2,
        "local.get $d local.get $i i32.add local.get $s local.get $i i32.add i32.load16_u "
            + "i32.store16 ",
        "$i -2 $n -2",
        "local.get $n i32.const 5 i32.gt_u br_if $on"),
    UNROLLED_UP(
        8,
        "local.get $d local.get $s i32.load i32.store local.get $d i32.const 4 i32.add local.get $s"
            + " i32.const 4 i32.add i32.load i32.store ",
        "$d 8 $s 8 $n -8",
        "local.get $n i32.const 7 i32.gt_u br_if $on"),
    UNROLLED_BACKWARDS_WITHIN_A_ROUND_UP(
        8,
        "local.get $d local.get $s i32.load offset=4 i32.store offset=4 "
            + "local.get $d local.get $s i32.load i32.store ",
        "$d 8 $s 8 $n -8",
        "local.get $n i32.const 7 i32.gt_u br_if $on"),
    UNROLLED_DOWN(
        8,
        "local.get $d local.get $s i32.load offset=4 i32.store offset=4 "
            + "local.get $d local.get $s i32.load i32.store ",
        "$d -8 $s -8 $n -8",
        "local.get $n i32.const 7 i32.gt_u br_if $on"),
    ALL_LOADS_FIRST(
        8,
        "local.get $s i32.load local.set $w local.get $s i32.load offset=4 local.set $x "
            + "local.get $d local.get $w i32.store local.get $d local.get $x i32.store offset=4 ",
        "$d 8 $s 8 $n -8",
        "local.get $n i32.const 7 i32.gt_u br_if $on"),
    JOINED(
        8,
        "local.get $d local.get $s i32.load offset=4 local.tee $x i32.const 8 i32.shl "
            + "local.get $w i32.const 24 i32.shr_u i32.or i32.store "
            + "local.get $d local.get $s i32.load offset=8 local.tee $w i32.const 8 i32.shl "
            + "local.get $x i32.const 24 i32.shr_u i32.or i32.store offset=4 ",
        "$d 8 $s 8 $n -8",
        "local.get $n i32.const 7 i32.gt_u br_if $on"),
    FILL_BYTES(1, "local.get $d local.get $s i32.store8 ", "$d 1 $n -1", "local.get $n br_if $on"),
    FILL_WORDS(
        4,
        "local.get $d local.get $s i32.store offset=16 ",
        "$d -4 $n -4",
        "local.get $n i32.const 3 i32.gt_u br_if $on"),
    FILL_LONGS(
        16,
        "local.get $d local.get $v i64.store offset=8 local.get $d local.get $v i64.store ",
        "$d 16 $n -1",
        "local.get $n br_if $on"),
    FILL_ZEROS(8, "local.get $d i64.const 0 i64.store ", "$d 8 $n -1", "local.get $n br_if $on");

    final String text;

    Shape(int bytes, String work, String steps, String back) {
      text = module(work, steps, back, bytes);
    }
  }

  private static String steps(String steps) {
    StringBuilder text = new StringBuilder();
    String[] words = steps.split(" ", -1);
    for (int k = 0; k < words.length; k += 2) {
      text.append("local.get ").append(words[k]);
      text.append(" i32.const ").append(words[k + 1]);
      text.append(" i32.add local.set ").append(words[k]).append('\n');
    }
    return text.toString();
  }

  /** Its export yields what all locals are in the end. */
  private static String module(String work, String steps, String back, int bytes) {
    return """
    (module (memory (export "memory") 1)
      (func (export "run") (param $d i32) (param $s i32) (param $n i32) (param $w i32)
        (result i32) (local $i i32) (local $x i32) (local $v i64)
        local.get $s i64.extend_i32_u i64.const 0x100000001 i64.mul local.set $v
        loop $on
          %s %s %s
        end
        local.get $d i32.const 31 i32.mul local.get $s i32.add i32.const 31 i32.mul
        local.get $n i32.add i32.const 31 i32.mul local.get $i i32.add i32.const 31 i32.mul
        local.get $x i32.add i32.const 31 i32.mul local.get $w i32.add)
      (func (export "bytes") (result i32) (i32.const %d)))
    """
        .formatted(work, steps(steps), back, bytes);
  }

  private static int[] targets(int bytes) {
    return new int[] {
      0, 1, 1000, 1001, 1008, 1100, PAGE - 500, PAGE - 1 - bytes, PAGE - 1, -1, -8, MIN,
    };
  }

  private static List<String> outcomes(ExecutionMode mode, Shape shape) {
    List<String> all = new ArrayList<>();
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance = engine.load(shape.text).instantiate(Imports.create())) {
      Func run = instance.function("run");
      Memory memory = instance.memory("memory");
      byte[] before = new byte[PAGE];
      for (int k = 0; k < PAGE; k++) {
        before[k] = (byte) (k * 7 + (k >> 8) * 13);
      }
      for (int target : targets(instance.function("bytes").call().i32())) {
        for (int source : new int[] {1000, 1003, 0, 0x1717_1717, PAGE - 64, -3}) {
          for (int count : new int[] {2, 8, 32, 65, 1031}) {
            memory.write(0, before, 0, PAGE);
            int ahead = source >= 0 && source <= PAGE - 4 ? memory.i32(source) : 5;
            String outcome;
            int end = shape == Shape.WORDS_TO_AN_END ? target + 4 * count : count;
            try {
              outcome = String.valueOf(run.call(target, source, end, ahead).i32());
            } catch (Trap trap) {
              outcome = trap.kind().name();
            }
            int hash = Arrays.hashCode(memory.bytes(0, PAGE));
            all.add(target + " from " + source + ", " + count + ": " + outcome + ", " + hash);
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void sameMemoryLocalsAndTraps(Shape shape) {
    assertThat(outcomes(ExecutionMode.COMPILER, shape))
        .isEqualTo(outcomes(ExecutionMode.INTERPRETER, shape));
  }

  @ParameterizedTest
  @EnumSource
  void isRecognised(Shape shape) {
    assertThat(found(shape.text)).isNotNull();
  }

  private static BlockLoop found(String text) {
    Body body = Bodies.of(text, 0);
    int loop = 0;
    while (!body.opcode(loop).text().equals("loop")) {
      loop++;
    }
    return BlockLoop.of(body, loop);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // a gap, or a byte twice
        "local.get $d local.get $s i32.load8_u i32.store8|$d 2 $s 2 $n -1",
        "local.get $d local.get $s i32.load i32.store|$d 2 $s 2 $n -1",
        // the two go on differently
        "local.get $d local.get $s i32.load8_u i32.store8|$d 1 $s -1 $n -1",
        "local.get $d local.get $s i32.load8_u i32.store8|$d 1 $n -1",
        "local.get $d local.get $s i32.load16_u i32.store8|$d 1 $s 1 $n -1",
        // something is changed on the way
        "local.get $d local.get $s i32.load8_u i32.const 1 i32.add i32.store8|$d 1 $s 1 $n -1",
        "local.get $d local.get $s i32.load8_u local.get $i i32.or i32.store8|$d 1 $s 1 $n -1",
        "local.get $d local.get $i i32.store8|$d 1 $i 1 $n -1",
        // what was loaded in the round before
        "local.get $d local.get $w i32.store8 local.get $s i32.load8_u local.set $w|$d 1 $s 1 $n"
            + " -1",
        // a sum of what is loaded
        "local.get $d local.get $s i32.load8_u local.tee $w i32.store8 "
            + "local.get $i local.get $w i32.add local.set $i|$d 1 $s 1 $n -1",
      })
  void othersAreNot(String body) {
    String[] parts = body.split("\\|", -1);
    assertThat(found(module(parts[0], parts[1], "local.get $n br_if $on", 1))).isNull();
  }

  @Test
  void blockThatIsCopiedIntoItselfAheadRepeats() {
    try (Engine engine = Engine.create();
        Instance instance = engine.load(Shape.BYTES_UP.text).instantiate(Imports.create())) {
      Memory memory = instance.memory("memory");
      memory.write(100, new byte[] {1, 2, 3}, 0, 3);
      instance.function("run").call(103, 100, 90, 0);
      for (int k = 0; k < 93; k++) {
        assertThat(memory.i8(100 + k)).isEqualTo((byte) (k % 3 + 1));
      }
    }
  }

  @Test
  void bytesBeforeATrapAreWritten() {
    try (Engine engine = Engine.create();
        Instance instance = engine.load(Shape.FILL_BYTES.text).instantiate(Imports.create())) {
      Memory memory = instance.memory("memory");
      assertThatThrownBy(() -> instance.function("run").call(PAGE - 100, 9, 200, 0))
          .isInstanceOf(Trap.class);
      byte[] filled = new byte[100];
      Arrays.fill(filled, (byte) 9);
      assertThat(memory.bytes(PAGE - 100, 100)).isEqualTo(filled);
    }
  }

  @Test
  void fuelIsTakenForEveryRound() {
    assertThat(fuelUsed(ExecutionMode.COMPILER)).isEqualTo(fuelUsed(ExecutionMode.INTERPRETER));
  }

  private static long fuelUsed(ExecutionMode mode) {
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance =
            engine
                .load(Shape.BYTES_UP.text)
                .instantiate(Imports.create(), limits -> limits.fuel(1_000_000))) {
      instance.function("run").call(2000, 1000, 4096, 0);
      return instance.fuel().orElseThrow().used();
    }
  }
}
