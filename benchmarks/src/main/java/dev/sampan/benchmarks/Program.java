package dev.sampan.benchmarks;

/**
 * A program that is measured.
 *
 * @param name what the kernel is called
 * @param table where its results go
 */
record Program(String name, Table table) {

  /** The tables of the results, each with its own build of the kernels. */
  enum Table {
    KERNELS(""),
    INLINED(".inlined"),
    SQLITE("");

    private final String suffix;

    Table(String suffix) {
      this.suffix = suffix;
    }
  }

  /** The module's file without its extension. */
  String file() {
    return name + table.suffix;
  }

  /** Whether it is made of vector instructions. */
  boolean simd() {
    return name.startsWith("simd-");
  }
}
