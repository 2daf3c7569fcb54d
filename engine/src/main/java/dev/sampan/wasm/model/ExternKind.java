package dev.sampan.wasm.model;

/** What sort of thing an import or export is; the order is that of the binary format's codes. */
public enum ExternKind {
  FUNC("func"),
  TABLE("table"),
  MEMORY("memory"),
  GLOBAL("global"),
  TAG("tag");

  private final String text;

  ExternKind(String text) {
    this.text = text;
  }

  /** The keyword of the text format. */
  public String text() {
    return text;
  }

  /** The sort of an external type. */
  public static ExternKind of(ExternType type) {
    return switch (type) {
      case ExternFuncType func -> FUNC;
      case TableType table -> TABLE;
      case MemoryType memory -> MEMORY;
      case GlobalType global -> GLOBAL;
      case TagType tag -> TAG;
    };
  }
}
