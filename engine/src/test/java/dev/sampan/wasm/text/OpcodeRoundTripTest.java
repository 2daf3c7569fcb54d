package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.Opcode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each row of the instruction table, printed and read again. */
class OpcodeRoundTripTest {

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void readingWhatIsPrintedYieldsTheSameBytes(Opcode opcode) {
    ByteWriter code = new ByteWriter();
    code.u8(0);
    switch (opcode) {
      case ELSE -> {
        code.bytes(new byte[] {0x04, 0x40});
        write(code, opcode);
        InstructionWriter.opcode(code, Opcode.END);
      }
      case CATCH, CATCH_ALL -> {
        code.bytes(new byte[] {0x06, 0x40});
        write(code, opcode);
        InstructionWriter.opcode(code, Opcode.END);
      }
      case DELEGATE -> {
        code.bytes(new byte[] {0x06, 0x40});
        write(code, opcode);
      }
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> {
        write(code, opcode);
        InstructionWriter.opcode(code, Opcode.END);
      }
      case END -> {
        code.bytes(new byte[] {0x02, 0x40});
        write(code, opcode);
      }
      default -> write(code, opcode);
    }
    InstructionWriter.opcode(code, Opcode.END);
    byte[] body = code.toByteArray();

    String text = TextPrinter.print(module(body));
    ModuleDefinition read = TextReader.read(Source.of("printed.wat", text));

    FunctionBody found = read.code().getFirst();
    assertThat(found.bytes()).as(text).isEqualTo(body);
    assertThat(text).contains(opcode.text());
  }

  private static ModuleDefinition module(byte[] body) {
    ModuleDefinition.Builder module = TextReader.read(Source.of("empty.wat", "(func)")).toBuilder();
    module.code.set(0, new FunctionBody(body, 0, body.length));
    return module.build();
  }

  /** Writes an instruction with immediates that are all different from what may be left out. */
  private static void write(ByteWriter out, Opcode opcode) {
    InstructionWriter.opcode(out, opcode);
    switch (opcode.immediates()) {
      case NONE -> {}
      case BLOCK_TYPE -> out.u8(0x7E);
      case BLOCK_TYPE_CATCHES -> out.bytes(new byte[] {0x6F, 4, 0, 7, 0, 1, 8, 1, 2, 2, 3, 3});
      case LABEL, FUNC, TYPE, TAG, LOCAL, GLOBAL, TABLE, ELEM, MEMORY, DATA -> out.u32(300);
      case LABELS -> out.bytes(new byte[] {3, 1, 2, 3, 4});
      case TYPE_TABLE,
          TABLE_TABLE,
          ELEM_TABLE,
          MEMORY_MEMORY,
          DATA_MEMORY,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEM,
          TYPE_TYPE -> {
        out.u32(5);
        out.u32(600);
      }
      case MEMARG -> InstructionWriter.memArg(out, 2, 5, 0xFFFF_FFFF_FFFFL);
      case MEMARG_LANE -> {
        InstructionWriter.memArg(out, 2, 5, 1);
        out.u8(7);
      }
      case LANE -> out.u8(255);
      case LANES, V128 -> {
        for (int i = 0; i < 16; i++) {
          out.u8(i * 17);
        }
      }
      case I32 -> out.s32(Integer.MIN_VALUE);
      case I64 -> out.s64(Long.MIN_VALUE);
      case F32 -> out.fixed32(0xFFA0_0001);
      case F64 -> out.fixed64(0x7FF0_0000_0000_0001L);
      case VAL_TYPES -> out.bytes(new byte[] {2, 0x7F, 0x64, 9});
      case HEAP_TYPE -> out.u8(0x6E);
      case CAST -> out.bytes(new byte[] {2, 3, 0x6B, 17});
      case FENCE -> out.u8(0);
    }
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void immediatesThatCanBeLeftOutAreLeftOut(Opcode opcode) {
    boolean optional =
        switch (opcode.immediates()) {
          case TABLE, MEMORY, TABLE_TABLE, MEMORY_MEMORY, MEMARG -> true;
          default -> false;
        };
    if (!optional) {
      return;
    }
    String text =
        TextPrinter.print(TextReader.read(Source.of("t", "(func " + opcode.text() + ")")));
    assertThat(text).contains("    " + opcode.text() + ")");
  }
}
