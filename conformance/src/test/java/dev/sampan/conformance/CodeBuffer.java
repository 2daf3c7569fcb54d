package dev.sampan.conformance;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.model.Opcode;

/** The instructions of a generated function as bytes, and a count of them by their rows. */
final class CodeBuffer {

  /** No probe is wanted. */
  static final int NO_PROBE = -1;

  private final ByteWriter out = new ByteWriter(512);
  private final int[] counts;
  private final int probe;

  /**
   * An empty buffer.
   *
   * @param counts where instructions are counted by their ordinals
   * @param probe the function that is to be told each instruction's ordinal before it is executed,
   *     or {@link #NO_PROBE}
   */
  CodeBuffer(int[] counts, int probe) {
    this.counts = counts;
    this.probe = probe;
  }

  int size() {
    return out.size();
  }

  /** Where immediates are written. */
  ByteWriter out() {
    return out;
  }

  CodeBuffer op(Opcode opcode) {
    if (probe != NO_PROBE && opcode != Opcode.ELSE && opcode != Opcode.END) {
      InstructionWriter.opcode(out, Opcode.I32_CONST);
      out.s32(opcode.ordinal());
      InstructionWriter.opcode(out, Opcode.CALL);
      out.u32(probe);
    }
    counts[opcode.ordinal()]++;
    InstructionWriter.opcode(out, opcode);
    return this;
  }

  CodeBuffer op(Opcode opcode, int index) {
    op(opcode);
    out.u32(index);
    return this;
  }

  CodeBuffer op(Opcode opcode, int first, int second) {
    op(opcode);
    out.u32(first);
    out.u32(second);
    return this;
  }

  CodeBuffer i32(int value) {
    op(Opcode.I32_CONST);
    out.s32(value);
    return this;
  }

  CodeBuffer i64(long value) {
    op(Opcode.I64_CONST);
    out.s64(value);
    return this;
  }

  CodeBuffer f32(int bits) {
    op(Opcode.F32_CONST);
    out.fixed32(bits);
    return this;
  }

  CodeBuffer f64(long bits) {
    op(Opcode.F64_CONST);
    out.fixed64(bits);
    return this;
  }

  CodeBuffer v128(long low, long high) {
    op(Opcode.V128_CONST);
    out.fixed64(low);
    out.fixed64(high);
    return this;
  }

  CodeBuffer access(Opcode opcode, int memory, int alignment, long offset) {
    op(opcode);
    InstructionWriter.memArg(out, memory, alignment, offset);
    return this;
  }
}
