package dev.sampan.conformance;

import java.util.List;

/**
 * Functions of sizes and shapes that compilers of Java virtual machines are bad at. Each is the
 * export {@code hot} of a module, does a number of rounds of some work, and yields a number.
 */
final class HardShapes {

  /**
   * One of them.
   *
   * @param name the function's name, which the methods that it becomes begin with
   * @param text its module
   * @param rounds of one call
   * @param calls after which everything that is hot in it must have been compiled
   */
  record Shape(String name, String text, int rounds, int calls) {}

  private static final String STEP =
      "local.get $x i32.const 77 i32.mul i32.const 5 i32.add local.set $x ";
  private static final int STEP_BYTES = 11;

  private HardShapes() {}

  static List<Shape> all() {
    return List.of(
        straight("straight_10k", 10_000, 5_000, 40),
        straight("straight_100k", 100_000, 500, 40),
        loopInAMegabyte(),
        manyTargets(5_000),
        manyLocals(10_000),
        calledOnce(),
        valuesBelowALoop(),
        manyParameters(1_000),
        nested(1_000),
        nestedHandlers());
  }

  /** A function that repeats something as often as its parameter says. */
  private static Shape repeating(
      String name, String locals, String before, String body, int rounds, int calls) {
    String function =
        """
        (func $%s (export "hot") (param $n i32) (result i32) (local $x i32) %s
          %s
          loop $again
            %s
            local.get $n i32.const 1 i32.sub local.tee $n br_if $again
          end
          local.get $x)
        """
            .formatted(name, locals, before, body);
    return new Shape(name, "(module (memory 1) " + function + ")", rounds, calls);
  }

  private static Shape straight(String name, int bytes, int rounds, int calls) {
    return repeating(name, "", "", STEP.repeat(bytes / STEP_BYTES), rounds, calls);
  }

  private static Shape loopInAMegabyte() {
    String half = STEP.repeat(500_000 / STEP_BYTES);
    String loop =
        """
        local.get $n local.set $m
        loop $within
          local.get $m i32.const 1023 i32.and local.get $x i32.store8
          local.get $m i32.const 511 i32.and i32.load8_u local.get $x i32.add local.set $x
          local.get $m i32.const 1 i32.sub local.tee $m br_if $within
        end
        """;
    String function =
        """
        (func $megabyte (export "hot") (param $n i32) (result i32) (local $x i32) (local $m i32)
          %s %s %s
          local.get $x)
        """
            .formatted(half, loop, half);
    return new Shape("megabyte", "(module (memory 1) " + function + ")", 5_000_000, 1);
  }

  private static Shape manyTargets(int targets) {
    StringBuilder body = new StringBuilder("block ".repeat(targets + 1));
    body.append("local.get $n i32.const 4099 i32.mul i32.const ").append(targets);
    body.append(" i32.rem_u br_table");
    for (int i = 0; i <= targets; i++) {
      body.append(' ').append(i);
    }
    for (int i = 0; i <= targets; i++) {
      body.append(" end ");
      if (i % 500 == 0) {
        body.append("local.get $x i32.const ").append(i * 7).append(" i32.add local.set $x ");
      }
    }
    return repeating("targets", "", "", body.toString(), 100_000, 20);
  }

  private static Shape manyLocals(int locals) {
    StringBuilder before = new StringBuilder();
    for (int i = 0; i < locals; i += 3) {
      before.append("local.get $n local.set ").append(i + 2).append(' ');
    }
    String body =
        "local.get $x local.get 77 i32.add local.get 9000 i32.xor local.set $x "
            + "local.get $x local.set 7000 ";
    return repeating(
        "locals", "(local" + " i32".repeat(locals) + ")", before.toString(), body, 100_000, 20);
  }

  private static Shape calledOnce() {
    String body =
        """
        local.get $n i32.const 0xFFFC i32.and
        local.get $n i32.const 1 i32.shl i32.const 0xFFFC i32.and i32.load local.get $n i32.add
        i32.store
        local.get $n i32.const 0xFFFC i32.and i32.load local.get $x i32.add local.set $x
        """;
    return repeating("once", "", "", body, 5_000_000, 1);
  }

  private static Shape valuesBelowALoop() {
    String function =
        """
        (func $below (export "hot") (param $n i32) (result i32) (local $x i32)
          i32.const 3 i64.const 4 local.get $n f64.const 1.5
          loop $again (param f64) (result f64)
            f64.const 0.25 f64.add
            local.get $x i32.const 3 i32.mul local.get $n i32.add local.set $x
            local.get $n i32.const 1 i32.sub local.tee $n br_if $again
          end
          i32.trunc_sat_f64_s i32.add i64.extend_i32_s i64.add i32.wrap_i64 i32.add
          local.get $x i32.add)
        """;
    return new Shape("below", "(module " + function + ")", 5_000_000, 1);
  }

  private static Shape manyParameters(int count) {
    String many = " i32".repeat(count);
    StringBuilder pass = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    for (int i = 0; i < count; i++) {
      pass.append("local.get ").append(i).append(' ');
      arguments.append("local.get $x i32.const ").append(i).append(" i32.add ");
    }
    String module =
        """
        (module
          (type $t (func (param%s) (result%s)))
          (func $passed (type $t) %s)
          (func $parameters (export "hot") (param $n i32) (result i32) (local $x i32)
            loop $again
              %s call $passed %s local.set $x
              local.get $n i32.const 1 i32.sub local.tee $n br_if $again
            end
            local.get $x))
        """
            .formatted(many, many, pass, arguments, "i32.add ".repeat(count - 1));
    return new Shape("parameters", module, 500, 40);
  }

  private static Shape nested(int depth) {
    String body =
        "block ".repeat(depth)
            + "local.get $n i32.const 3 i32.and i32.eqz br_if "
            + (depth - 1)
            + " local.get $n i32.const 7 i32.and i32.eqz br_if "
            + depth / 2
            + " end local.get $x i32.const 1 i32.add local.set $x".repeat(depth)
            + " ";
    return repeating("nested", "", "", body, 5_000, 40);
  }

  /** An exception that the inner handler passes on to the outer one. */
  private static Shape nestedHandlers() {
    String function =
        """
        (module (tag $a) (tag $b)
          (func $handlers (export "hot") (param $n i32) (result i32) (local $x i32)
            loop $again
              block $of_a
                block $of_b
                  try_table (catch $a $of_a)
                    try_table (catch $b $of_b)
                      local.get $x i32.const 1 i32.add local.set $x
                      throw $a
                    end
                  end
                end
              end
              local.get $n i32.const 1 i32.sub local.tee $n br_if $again
            end
            local.get $x))
        """;
    return new Shape("handlers", function, 500_000, 1);
  }
}
