package dev.sampan.wasm.binary;

/**
 * The largest modules that are accepted. The figures are those which the WebAssembly JavaScript
 * Interface publishes (Implementation-defined Limits), so that a module that runs on the web runs
 * here, and a module that claims absurd sizes is refused before anything is reserved for it.
 */
public final class ModuleLimits {

  /** Bytes of a module. */
  public static final int MODULE_BYTES = 1 << 30;

  /** Types, and recursive groups, of a module; also types of one group. */
  public static final int TYPES = 1_000_000;

  /** Functions, with the imported ones. */
  public static final int FUNCTIONS = 1_000_000;

  /** Imports. */
  public static final int IMPORTS = 1_000_000;

  /** Exports. */
  public static final int EXPORTS = 1_000_000;

  /** Globals. */
  public static final int GLOBALS = 1_000_000;

  /** Tags. */
  public static final int TAGS = 1_000_000;

  /** Data segments. */
  public static final int DATA_SEGMENTS = 100_000;

  /** Element segments. */
  public static final int ELEMENT_SEGMENTS = 10_000_000;

  /** Tables. */
  public static final int TABLES = 100_000;

  /** Memories. */
  public static final int MEMORIES = 100;

  /** Parameters of a function or block. */
  public static final int PARAMETERS = 1_000;

  /** Results of a function or block. */
  public static final int RESULTS = 1_000;

  /** Locals of a function, with its parameters. */
  public static final int LOCALS = 50_000;

  /** Bytes of a function's body. */
  public static final int FUNCTION_BYTES = 7_654_321;

  /** Fields of a structure. */
  public static final int FIELDS = 10_000;

  /** Operands of {@code array.new_fixed}. */
  public static final int NEW_FIXED_OPERANDS = 10_000;

  /** Declared supertypes above a type. */
  public static final int SUBTYPING_DEPTH = 63;

  /** Elements of a table. */
  public static final int TABLE_ELEMENTS = 10_000_000;

  /** Operands that a function has on its stack at once; this limit is our own. */
  public static final int OPERANDS = 50_000;

  private ModuleLimits() {}
}
