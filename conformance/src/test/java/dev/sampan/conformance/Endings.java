package dev.sampan.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells from a printed module whether its functions come to an end soon: no loops, no recursion, no
 * calls through tables, no waiting, and not too many calls. A mutant that is not certain to end is
 * read and printed but not run, since a thread cannot be stopped.
 */
final class Endings {

  private static final long MOST_CALLS = 100_000;

  private static final Pattern UNCERTAIN =
      Pattern.compile(
          "\\b(loop|call_indirect|call_ref|return_call\\w*|memory\\.atomic\\.wait\\w*)\\b");
  private static final Pattern FUNCTION =
      Pattern.compile("^ {2}\\(func (.*?) ?\\(;(\\d+);\\)", Pattern.MULTILINE);
  private static final Pattern CALL = Pattern.compile("^ +call (.*)$", Pattern.MULTILINE);

  private final Map<String, List<String>> calls = new HashMap<>();
  private final Map<String, Long> costs = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private Endings() {}

  /** Whether every function of the module ends soon. */
  static boolean isCertain(String text) {
    if (UNCERTAIN.matcher(text).find()) {
      return false;
    }
    Endings endings = new Endings();
    endings.collect(text);
    return endings.calls.keySet().stream().allMatch(name -> endings.cost(name) <= MOST_CALLS);
  }

  private void collect(String text) {
    Matcher function = FUNCTION.matcher(text);
    boolean found = function.find();
    while (found) {
      String name = callee(function.group(1).isEmpty() ? function.group(2) : function.group(1));
      int start = function.end();
      found = function.find();
      List<String> callees = new ArrayList<>();
      Matcher call = CALL.matcher(text.substring(start, found ? function.start() : text.length()));
      while (call.find()) {
        callees.add(callee(call.group(1)));
      }
      calls.put(name, callees);
    }
  }

  /** A name without the brackets that may end a line after it. */
  private static String callee(String text) {
    return text.replaceAll("[\\s)]+$", "");
  }

  /** How many calls a call leads to; too many for recursion. */
  private long cost(String name) {
    Long known = costs.get(name);
    if (known != null) {
      return known;
    }
    if (!open.add(name)) {
      return MOST_CALLS + 1;
    }
    long cost = 1;
    for (String callee : calls.getOrDefault(name, List.of())) {
      cost = Math.min(MOST_CALLS + 1, cost + cost(callee));
    }
    open.remove(name);
    costs.put(name, cost);
    return cost;
  }
}
