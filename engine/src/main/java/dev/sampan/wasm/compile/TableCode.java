package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;

/** Writes the table instructions (Execution › Table Instructions). */
final class TableCode {

  private static final String O = FunctionShape.OBJECT;

  private final Emission e;

  TableCode(Emission emission) {
    this.e = emission;
  }

  private boolean isNarrow(int table) {
    return e.shape.definition().allTables().get(table).address() == AddressType.I32;
  }

  private String letter(int table) {
    return isNarrow(table) ? "I" : "J";
  }

  private int indexType(int table) {
    return isNarrow(table) ? TypeCode.I32 : TypeCode.I64;
  }

  void instruction(int i, Opcode opcode) {
    int first = e.body.first[i];
    int second = e.body.second[i];
    e.mark(i);
    switch (opcode.kind()) {
      case TABLE_GET -> {
        call(1, "get", letter(first), first, -1, O);
        e.operands.push(TypeCode.REF);
      }
      case TABLE_SET -> call(2, "set", letter(first) + O, first, -1, "V");
      case TABLE_SIZE -> {
        call(0, isNarrow(first) ? "size32" : "size64", "", first, -1, letter(first));
        e.operands.push(indexType(first));
      }
      case TABLE_GROW -> {
        call(2, "grow", O + letter(first), first, -1, letter(first));
        e.operands.push(indexType(first));
      }
      case TABLE_FILL -> call(3, "fill", letter(first) + O + letter(first), first, -1, "V");
      case TABLE_COPY -> {
        String count = isNarrow(first) || isNarrow(second) ? "I" : "J";
        call(3, "copy", letter(first) + letter(second) + count, first, second, "V");
      }
      case TABLE_INIT -> call(3, "init", letter(second) + "II", first, second, "V");
      default -> call(0, "dropElement", "", first, -1, "V");
    }
  }

  private void call(int count, String name, String operands, int first, int second, String result) {
    e.operands.load(count);
    e.operands.pop(count);
    e.helper(Tables.class, name, operands, first, second, result);
  }
}
