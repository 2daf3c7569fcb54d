package dev.sampan.wasm.compile;

import java.util.List;
import java.util.Locale;

/**
 * Rewritings of code into what HotSpot makes better code of. Each keeps every result and trap; each
 * can be switched off by the system property {@code sampan.without}, a list of names in lower case
 * with hyphens and commas, so that tests and measurements can tell what it does.
 */
enum Transformations {
  /** Loops that end by inequality or by an unsigned comparison are written as counted loops. */
  COUNTED_LOOPS,
  /** Loops that copy or fill a block of memory do so at once. */
  BLOCK_LOOPS,
  /** Small loops that HotSpot does not unroll are written as several rounds. */
  SMALL_LOOPS,
  /** Unsigned divisions by constants become signed ones, or multiplications. */
  CONSTANT_DIVISION,
  /** A select of one of two integers by comparing them becomes their minimum or maximum. */
  EXTREMES,
  /** Hot loops with vector instructions get a second version with the JDK's vectors. */
  VECTOR_LOOPS,
  /** Loops and functions ask whether they are to stop; without that nothing can stop them. */
  GUARDS;

  private final boolean enabled;

  Transformations() {
    enabled = !isOff();
  }

  private boolean isOff() {
    return List.of(System.getProperty("sampan.without", "").split(",", -1))
        .contains(name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  boolean enabled() {
    return enabled;
  }
}
