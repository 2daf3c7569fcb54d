package dev.sampan.wasm;

import dev.sampan.wasm.model.ExternType;

/** A function, table, memory, global or tag that exists (Execution › Runtime Structure). */
public sealed interface Extern extends Importable permits Func, Table, Memory, Global, Tag {

  /** The type it has now; memories and tables state their present size as minimum. */
  ExternType externType();
}
