package dev.sampan.conformance;

import java.util.Set;

/**
 * What a generated module is mostly about: how often each chapter of the instructions gets a turn.
 * One flavour per module, so that programs differ more than a mixture of everything would let them.
 */
record Flavour(int[] weights) {

  /** The chapters, in the order in which {@link FunctionGenerator} holds them. */
  enum Part {
    VARIABLES,
    NUMBERS,
    MEMORY,
    CONTROL,
    CALLS,
    LOOPS,
    VECTORS,
    TABLES,
    REFERENCES,
    AGGREGATES,
    EXCEPTIONS,
    ATOMICS
  }

  /** A property with the names of parts to be left out, for modes that lack something. */
  private static final String WITHOUT_PROPERTY = "sampan.fuzz.without";

  private static final Set<String> WITHOUT =
      Set.of(System.getProperty(WITHOUT_PROPERTY, "").split(","));

  private static final int[] USUAL = {12, 30, 16, 14, 8, 4, 0, 0, 0, 0, 0, 0};

  static Flavour random(Dice dice) {
    int[] weights = USUAL.clone();
    // a few parts besides the usual ones, each with its own weight
    for (Part part : Part.values()) {
      int at = part.ordinal();
      if (at >= Part.VECTORS.ordinal() && dice.percent(35)) {
        weights[at] = dice.pick(3, 10, 30);
      } else if (at < Part.VECTORS.ordinal() && dice.percent(20)) {
        weights[at] = dice.pick(0, weights[at] / 3, weights[at] * 3);
      }
    }
    weights[Part.VARIABLES.ordinal()] = Math.max(3, weights[Part.VARIABLES.ordinal()]);
    if (weights[Part.AGGREGATES.ordinal()] > 0) {
      weights[Part.REFERENCES.ordinal()] = Math.max(3, weights[Part.REFERENCES.ordinal()]);
    }
    return new Flavour(allowed(weights));
  }

  /** A flavour in which every chapter has its turn. */
  static Flavour everything() {
    int[] weights = USUAL.clone();
    for (int i = Part.VECTORS.ordinal(); i < weights.length; i++) {
      weights[i] = 10;
    }
    return new Flavour(allowed(weights));
  }

  private static int[] allowed(int[] weights) {
    for (Part part : Part.values()) {
      if (WITHOUT.contains(part.name())) {
        weights[part.ordinal()] = 0;
      }
    }
    return weights;
  }

  boolean has(Part part) {
    return weights[part.ordinal()] > 0;
  }
}
