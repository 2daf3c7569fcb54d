package dev.sampan.wasm;

import java.util.ArrayList;
import java.util.List;

/** A program that makes code until there is no room for it, and goes on when there is again. */
public final class FullMetaspace {

  private static final int LIMIT = 100_000;

  /** So many functions, each in a class of its own, are called one by another. */
  private static final int FUNCTIONS = 30;

  private FullMetaspace() {}

  private static byte[] module() {
    StringBuilder text = new StringBuilder("(module ");
    text.append("(func (export \"run\") (result i32) (call $f0))");
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append("(func $f" + i + " (result i32) " + "nop ".repeat(6_000));
      text.append(i == FUNCTIONS - 1 ? "(i32.const 42))" : "(call $f" + (i + 1) + "))");
    }
    return Engine.assemble(text.append(")").toString(), "module");
  }

  private static void call(Instance instance) {
    int result = instance.function("run").call().i32();
    if (result != 42) {
      throw new AssertionError("run returned " + result);
    }
  }

  /** Prints what the guest's caller got, and "all works" if it could go on afterwards. */
  public static void main(String[] args) {
    Engine engine = Engine.create();
    byte[] module = module();
    List<Instance> kept = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      try {
        for (int i = 0; i < LIMIT; i++) {
          Instance instance = engine.load(module).instantiate(Imports.create());
          kept.add(instance);
          call(instance);
        }
        throw new AssertionError("there is no end of room");
      } catch (ExhaustedException e) {
        System.out.println(e.getMessage());
      }
      // what was there works still
      call(kept.getFirst());
      Instance failed = kept.getLast();
      kept.clear();
      System.gc();
      call(failed);
    }
    for (int i = 0; i < 100; i++) {
      call(engine.load(module).instantiate(Imports.create()));
    }
    System.out.println("all works");
  }
}
