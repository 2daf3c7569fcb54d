package dev.sampan.wasm.binary;

import dev.sampan.wasm.model.Opcode;

/** Writes the parts of instructions (Binary Format › Instructions). */
public final class InstructionWriter {

  private InstructionWriter() {}

  /** Writes an instruction's code. */
  public static void opcode(ByteWriter out, Opcode opcode) {
    int prefix = opcode.code() >> 16;
    if (prefix == 0) {
      out.u8(opcode.code());
    } else {
      out.u8(prefix);
      out.u32(opcode.code() & 0xFFFF);
    }
  }

  /**
   * Writes a memory argument.
   *
   * @param alignment as an exponent of 2
   */
  public static void memArg(ByteWriter out, int memory, int alignment, long offset) {
    if (memory == 0) {
      out.u32(alignment);
    } else {
      out.u32(alignment | InstructionReader.MEMORY_INDEX_FLAG);
      out.u32(memory);
    }
    out.u64(offset);
  }
}
