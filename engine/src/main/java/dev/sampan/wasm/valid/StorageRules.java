package dev.sampan.wasm.valid;

import static dev.sampan.wasm.model.TypeCode.I32;

import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Immediates;
import dev.sampan.wasm.model.Opcode;

/** The rules for memories and tables (Validation › Instructions). */
abstract class StorageRules extends ReferenceRules {

  StorageRules(ModuleContext context) {
    super(context);
  }

  // ---- memories ----

  int memory() {
    return checkMemory(in.u32());
  }

  int checkMemory(int index) {
    if (Integer.compareUnsigned(index, context.memoryAddresses.length) >= 0) {
      throw invalid("unknown memory " + Integer.toUnsignedString(index));
    }
    return index;
  }

  long memoryOffset;

  /** Reads a memory argument; the offset is left in the field. */
  int memArg(int width, boolean atomic) {
    int at = in.position();
    int flags = in.u32();
    InstructionReader.checkMemArgFlags(flags, at);
    int memory = 0;
    if ((flags & InstructionReader.MEMORY_INDEX_FLAG) != 0) {
      memory = in.u32();
    }
    memoryOffset = in.u64();
    checkMemory(memory);
    int exponent = flags & (InstructionReader.MEMORY_INDEX_FLAG - 1);
    int natural = Integer.numberOfTrailingZeros(width);
    if (atomic && exponent != natural) {
      throw invalid(
          "atomic alignment must be natural: expected " + width + ", found 2^" + exponent);
    }
    if (exponent > natural) {
      throw invalid(
          "alignment must not be larger than natural: expected at most "
              + width
              + ", found 2^"
              + exponent);
    }
    if (context.memoryAddresses[memory] == AddressType.I32 && memoryOffset >>> 32 != 0) {
      throw invalid(
          "offset out of range: " + Long.toUnsignedString(memoryOffset) + " for 32-bit addresses");
    }
    return memory;
  }

  void load(Opcode op) {
    int memory = memArg(op.width(), false);
    pop(context.memoryAddresses[memory].code());
    push(op.signature().results());
    if (live()) {
      sink().memory(op, memory, memoryOffset, 0);
    }
  }

  void store(Opcode op) {
    int memory = memArg(op.width(), false);
    pop(op.signature().parameters());
    pop(context.memoryAddresses[memory].code());
    if (live()) {
      sink().memory(op, memory, memoryOffset, 0);
    }
  }

  void memoryAccess(Opcode op) {
    boolean lanes = op.immediates() == Immediates.MEMARG_LANE;
    int memory = memArg(op.width(), !lanes);
    int lane = lanes ? lane(16 / op.width()) : 0;
    popPacked(op.signature().parameters());
    pop(context.memoryAddresses[memory].code());
    pushPacked(op.signature().results());
    if (live()) {
      sink().memory(op, memory, memoryOffset, lane);
    }
  }

  void memoryOperation(Opcode op) {
    switch (op) {
      case MEMORY_SIZE -> {
        int memory = memory();
        push(context.memoryAddresses[memory].code());
        index(op, memory);
      }
      case MEMORY_GROW -> {
        int memory = memory();
        int address = context.memoryAddresses[memory].code();
        pop(address);
        push(address);
        index(op, memory);
      }
      case MEMORY_FILL -> {
        int memory = memory();
        int address = context.memoryAddresses[memory].code();
        pop(address);
        pop(I32);
        pop(address);
        index(op, memory);
      }
      case MEMORY_COPY -> {
        int target = memory();
        int source = memory();
        AddressType to = context.memoryAddresses[target];
        AddressType from = context.memoryAddresses[source];
        pop(AddressType.min(to, from).code());
        pop(from.code());
        pop(to.code());
        indices(op, target, source);
      }
      case MEMORY_INIT -> {
        int segment = in.u32();
        int memory = memory();
        checkData(segment);
        pop(I32);
        pop(I32);
        pop(context.memoryAddresses[memory].code());
        indices(op, segment, memory);
      }
      default -> index(op, dataSegment());
    }
  }

  // ---- tables ----

  int table() {
    int index = in.u32();
    if (Integer.compareUnsigned(index, context.tableElements.length) >= 0) {
      throw invalid("unknown table " + Integer.toUnsignedString(index));
    }
    return index;
  }

  void tableOperation(Opcode op) {
    switch (op) {
      case TABLE_COPY -> {
        int target = table();
        int source = table();
        requireMatch(context.tableElements[source], context.tableElements[target]);
        AddressType to = context.tableAddresses[target];
        AddressType from = context.tableAddresses[source];
        pop(AddressType.min(to, from).code());
        pop(from.code());
        pop(to.code());
        indices(op, target, source);
        return;
      }
      case TABLE_INIT -> {
        int segment = in.u32();
        int table = table();
        checkElement(segment);
        requireMatch(context.elementTypes[segment], context.tableElements[table]);
        pop(I32);
        pop(I32);
        pop(context.tableAddresses[table].code());
        indices(op, segment, table);
        return;
      }
      default -> {}
    }
    int table = table();
    int address = context.tableAddresses[table].code();
    int element = context.tableElements[table];
    switch (op) {
      case TABLE_GET -> {
        pop(address);
        push(element);
      }
      case TABLE_SET -> {
        pop(element);
        pop(address);
      }
      case TABLE_SIZE -> push(address);
      case TABLE_GROW -> {
        pop(address);
        pop(element);
        push(address);
      }
      default -> {
        pop(address);
        pop(element);
        pop(address);
      }
    }
    index(op, table);
  }
}
