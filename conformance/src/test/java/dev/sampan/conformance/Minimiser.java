package dev.sampan.conformance;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.binary.ModuleReader;
import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing module smaller: leaves out bodies, then instructions, as long as the module is
 * valid and still fails. Validation tells which pieces can be left out, so nothing here knows
 * types.
 */
final class Minimiser {

  /** A program that lost its counter may run for ever, and its thread with it. */
  private static final long PATIENCE_MILLIS = 3000;

  private static final int MOST_LOST_THREADS = 3;

  /** What may stand for some instructions that are left out. */
  private static final List<byte[]> SUBSTITUTES =
      List.of(
          new byte[0],
          new byte[] {(byte) Opcode.DROP.code()},
          new byte[] {(byte) Opcode.I32_CONST.code(), 0},
          new byte[] {(byte) Opcode.I64_CONST.code(), 0},
          new byte[] {(byte) Opcode.DROP.code(), (byte) Opcode.I32_CONST.code(), 0},
          new byte[] {(byte) Opcode.UNREACHABLE.code()});

  private final Predicate<byte[]> fails;
  private final long deadline;
  private ModuleDefinition module;
  private int lostThreads;

  private Minimiser(byte[] module, Predicate<byte[]> fails, long millis) {
    this.module = ModuleReader.read(module);
    this.fails = fails;
    this.deadline = System.nanoTime() + millis * 1_000_000;
  }

  /**
   * A smaller module that fails as well.
   *
   * @param fails whether a valid module still shows the failure
   * @param millis how long to try
   */
  static byte[] minimise(byte[] module, Predicate<byte[]> fails, long millis) {
    Minimiser minimiser = new Minimiser(module, fails, millis);
    int before;
    do {
      before = ModuleWriter.write(minimiser.module).length;
      minimiser.bodies();
      for (int i = 0; i < minimiser.module.code().size(); i++) {
        minimiser.instructions(i);
      }
    } while (!minimiser.isOver() && ModuleWriter.write(minimiser.module).length < before);
    return ModuleWriter.write(minimiser.module);
  }

  private boolean isOver() {
    return System.nanoTime() > deadline || lostThreads >= MOST_LOST_THREADS;
  }

  /** Takes a changed body if the module still fails. */
  private boolean take(int function, byte[] body) {
    ModuleDefinition.Builder builder = module.toBuilder();
    builder.code.set(function, new FunctionBody(body, 0, body.length));
    ModuleDefinition changed = builder.build();
    byte[] bytes = ModuleWriter.write(changed);
    try (Engine engine = Engine.builder().threads(1).build()) {
      engine.load(bytes);
    } catch (WasmException e) {
      return false;
    }
    if (!failsInTime(bytes)) {
      return false;
    }
    module = changed;
    return true;
  }

  private boolean failsInTime(byte[] bytes) {
    boolean[] failed = {false};
    Thread thread = new Thread(() -> failed[0] = fails.test(bytes), "minimiser");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      lostThreads++;
      return false;
    }
    return failed[0];
  }

  private void bodies() {
    byte[] empty = {0, (byte) Opcode.UNREACHABLE.code(), (byte) Opcode.END.code()};
    for (int i = 0; i < module.code().size() && !isOver(); i++) {
      FunctionBody body = module.code().get(i);
      if (body.end() - body.start() > empty.length) {
        take(i, empty);
      }
    }
  }

  private void instructions(int function) {
    FunctionBody body = module.code().get(function);
    ByteReader in = new ByteReader(body.bytes(), body.start(), body.end());
    int groups = in.u32();
    for (int i = 0; i < groups; i++) {
      in.u32();
      TypeReader.valType(in);
    }
    byte[] locals = Arrays.copyOfRange(body.bytes(), body.start(), in.position());
    List<byte[]> code = new ArrayList<>();
    List<Integer> depths = new ArrayList<>();
    int depth = 0;
    while (in.position() < body.end()) {
      int start = in.position();
      Opcode opcode = InstructionReader.opcode(in);
      InstructionReader.skipImmediates(in, opcode.immediates());
      code.add(Arrays.copyOfRange(body.bytes(), start, in.position()));
      depths.add(depth);
      switch (opcode) {
        case BLOCK, LOOP, IF, TRY_TABLE -> depth++;
        case END -> depth--;
        default -> {}
      }
    }
    List<byte[]> left = wholeBlocks(function, locals, code, depths);
    for (int size = Math.max(1, left.size() / 2); size >= 1; size /= 2) {
      for (int at = 0; at + size < left.size() && !isOver(); ) {
        List<byte[]> smaller = without(function, locals, left, at, at + size);
        at += smaller == left ? size : 0;
        left = smaller;
      }
    }
  }

  /** Leaves out blocks with all that is in them, the outer ones first. */
  private List<byte[]> wholeBlocks(
      int function, byte[] locals, List<byte[]> code, List<Integer> depths) {
    List<byte[]> left = code;
    List<Integer> levels = new ArrayList<>(depths);
    for (int at = 0; at < left.size() - 1 && !isOver(); at++) {
      int end = at + 1;
      while (end < left.size() && levels.get(end) > levels.get(at)) {
        end++;
      }
      if (end - at < 3) {
        continue;
      }
      List<byte[]> smaller = without(function, locals, left, at, Math.min(end, left.size() - 1));
      if (smaller != left) {
        // the levels no longer belong to the code; chunks do the rest
        return smaller;
      }
    }
    return left;
  }

  private List<byte[]> without(int function, byte[] locals, List<byte[]> code, int start, int end) {
    for (byte[] substitute : SUBSTITUTES) {
      if (substitute.length >= code.subList(start, end).stream().mapToInt(b -> b.length).sum()) {
        continue;
      }
      List<byte[]> smaller = new ArrayList<>(code.subList(0, start));
      if (substitute.length > 0) {
        smaller.add(substitute);
      }
      smaller.addAll(code.subList(end, code.size()));
      ByteWriter out = new ByteWriter();
      out.bytes(locals);
      smaller.forEach(out::bytes);
      if (take(function, out.toByteArray())) {
        return smaller;
      }
    }
    return code;
  }
}
