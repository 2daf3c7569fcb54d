package dev.sampan.wasm;

/**
 * A program that has the guest's code made for the first time at many depths near the end of the
 * stack, from the end upwards, until it works: so the stack ends at every step of the making once.
 */
public final class DeepLinking {

  private static final int FUNCTIONS = 16;

  /** How often each function must have worked before the next one's turn. */
  private static final int ENOUGH = 5;

  /** Frames are small enough that the end of the stack meets each place at some step. */
  private static final int STEP = 3;

  private static final int STACK_BYTES = 512 << 10;

  /** Each function is in a class of its own, and uses something that no other one uses. */
  private static final String[] BODIES = {
    "(i32.add (local.get 0) (i32.const 1))",
    "(call $plus (local.get 0))",
    "(call $lambda (local.get 0))",
    """
    (struct.get $s 0 (struct.new $s (i32.add (local.get 0) (i32.const 1)) (f64.const 0)))\
    """,
    """
    (array.get $a (array.new $a (i32.add (local.get 0) (i32.const 1)) (i32.const 3))
      (i32.const 2))\
    """,
    """
    (block $b (result i32)
      (try_table (catch $e $b) (throw $e (i32.add (local.get 0) (i32.const 1))))
      (unreachable))\
    """,
    "(return_call_indirect $t (type $f) (local.get 0) (i32.const 0))",
    """
    (i32.store (i32.const 64) (i32.add (local.get 0) (i32.const 1)))
    (i32.atomic.rmw.add (i32.const 64) (i32.const 0))\
    """,
    """
    (i32x4.extract_lane 1
      (i32x4.add (i32x4.splat (local.get 0)) (i32x4.splat (i32.const 1))))\
    """,
    """
    (drop (call $same (ref.i31 (local.get 0))))
    (i32.add (ref.test (ref $s) (struct.new_default $s)) (local.get 0))\
    """,
    """
    (array.init_data $b $d (array.new_default $b (i32.const 4))
      (i32.const 0) (i32.const 0) (i32.const 2))
    (i32.add (local.get 0) (i32.const 1))\
    """,
    """
    (drop (array.new_default $c (i32.const 4)))
    (drop (array.new_default $v (i32.const 4)))
    (drop (array.new_default $r (i32.const 4)))
    (i32.add (local.get 0) (i32.const 1))\
    """,
    """
    (drop (i64.trunc_sat_f64_u (f64.nearest (f64.convert_i32_s (local.get 0)))))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 10))
    (memory.copy (i32.const 0) (i32.const 100) (i32.const 10))
    (i32.add (local.get 0) (i32.const 1))\
    """,
    """
    (drop (table.grow $t2 (ref.null func) (i32.const 1)))
    (drop (memory.grow (i32.const 0)))
    (i32.add (local.get 0) (i32.const 1))\
    """,
    """
    (i32.store $m2 (i32.const 4) (local.get 0))
    (drop (memory.atomic.notify $m2 (i32.const 0) (i32.const 0)))
    (i32.add (i32.atomic.load $m2 (i32.const 4)) (i32.const 1))\
    """,
    "(call_ref $f (local.get 0) (ref.func $f1))"
  };

  /** What the guest imports. */
  public interface Host {
    int plusOne(int value);

    Object same(Object value);
  }

  /** What the guest exports. */
  public interface Guest {
    int run(int function);

    int trap(int kind);
  }

  /** What does the work. */
  static final class HostWorker implements Host {
    @Override
    public int plusOne(int value) {
      return value + 1;
    }

    @Override
    public Object same(Object value) {
      return value;
    }
  }

  private static int deepest;

  private DeepLinking() {}

  private static String module() {
    StringBuilder text =
        new StringBuilder(
            """
            (module
              (type $f (func (param i32) (result i32)))
              (type $s (struct (field i32) (field f64)))
              (type $a (array i32)) (type $b (array (mut i8))) (type $c (array (mut i64)))
              (type $v (array v128)) (type $r (array externref))
              (import "host" "plusOne" (func $plus (type $f)))
              (import "env" "lambda" (func $lambda (type $f)))
              (import "host" "same" (func $same (param anyref) (result anyref)))
              (tag $e (param i32))
              (memory 1) (memory $m2 1 1 shared)
              (table $t2 1 10 funcref) (data $d "abcd")
              (func (export "run") (param i32) (result i32)
                (call_indirect $t (type $f) (i32.const 41) (local.get 0)))
              (func (export "trap") (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (drop (i32.load (i32.const -1)))))
                (if (i32.eq (local.get 0) (i32.const 1)) (then (unreachable)))
                (i32.div_s (i32.const 1) (i32.const 0)))
            """);
    StringBuilder elements = new StringBuilder("(table $t funcref (elem");
    String nops = "nop ".repeat(6_000);
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append("(func $f" + i + " (type $f) " + nops + BODIES[i] + ")\n");
      elements.append(" $f" + i);
    }
    return text.append(elements).append(")))").toString();
  }

  private static void count(int depth) {
    deepest = depth;
    count(depth + 1);
  }

  private static int down(int depth, Guest guest, int function) {
    return depth == 0 ? guest.run(function) : down(depth - 1, guest, function);
  }

  private static void climb(Guest guest) {
    try {
      count(0);
    } catch (StackOverflowError e) {
      // deepest says where
    }
    int exhausted = 0;
    for (int function = 0; function < FUNCTIONS; function++) {
      int worked = 0;
      for (int depth = deepest - function % STEP; worked < ENOUGH; depth -= STEP) {
        try {
          expect(down(depth, guest, function), function);
          worked++;
        } catch (StackOverflowError | ExhaustedException e) {
          exhausted++;
        }
      }
    }
    System.out.println("exhausted " + exhausted + " times");
  }

  private static void expect(int result, int function) {
    if (result != 42) {
      throw new AssertionError("function " + function + " returned " + result);
    }
  }

  /** Prints "all works" if nothing has stayed unusable. */
  public static void main(String[] args) throws InterruptedException {
    Instance instance =
        Engine.create()
            .load(module())
            .instantiate(
                Imports.create()
                    .module("host", Host.class, new HostWorker())
                    .function("env", "lambda", call -> call.result(call.i32(0) + 1)));
    Guest guest = instance.as(Guest.class);
    Thread thread = new Thread(null, () -> climb(guest), "guest", STACK_BYTES);
    thread.start();
    thread.join();
    for (int i = 0; i < FUNCTIONS; i++) {
      expect(guest.run(i), i);
    }
    for (int i = 0; i < 3; i++) {
      try {
        guest.trap(i);
        throw new AssertionError("no trap");
      } catch (Trap e) {
        System.out.println(e.getMessage());
      }
    }
    System.out.println("all works");
  }
}
