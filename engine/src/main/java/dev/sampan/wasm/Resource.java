package dev.sampan.wasm;

/** What a guest can use up. */
public enum Resource {
  /** The stack of calls, in values of 8 bytes. */
  CALL_STACK("call stack", " values"),
  /** Fuel, in units of {@link Fuel}. */
  FUEL("fuel", ""),
  /** The time of one call from outside, in nanoseconds. */
  TIME("time", " ns"),
  /** Memories, tables, structures and arrays together, in bytes. */
  MEMORY("memory", " bytes"),
  /** Elements of tables. */
  TABLE_ELEMENTS("tables", " elements"),
  /** Instances. */
  INSTANCES("instances", ""),
  /** Threads of the guest. */
  THREADS("threads", ""),
  /** Files, directories and sockets that are open at once. */
  OPEN_FILES("open files", ""),
  /** Bytes on disk. */
  DISK("disk", " bytes"),
  /** Bytes written to standard output and standard error. */
  OUTPUT("output", " bytes");

  private final String words;
  private final String unit;

  Resource(String words, String unit) {
    this.words = words;
    this.unit = unit;
  }

  /**
   * The message of a limit that was exceeded: what, the limit and the amount used.
   *
   * @param limit the limit, or a negative number if nobody has set one
   * @param used how much was used or asked for, or a negative number if that is not known
   */
  public String exhausted(long limit, long used) {
    StringBuilder text = new StringBuilder(words).append(" exhausted");
    if (limit >= 0) {
      text.append(": limit ").append(amount(limit));
    }
    if (limit >= 0 && used >= 0) {
      text.append(", used ").append(amount(used));
    }
    return text.toString();
  }

  private String amount(long amount) {
    if (this != TIME) {
      return amount + unit;
    }
    long millis = amount / 1_000_000;
    return millis >= 1000 && millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
