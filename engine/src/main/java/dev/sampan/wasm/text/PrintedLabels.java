package dev.sampan.wasm.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels around the instruction that is being printed. */
final class PrintedLabels {

  private final Map<Integer, String> names;
  private final List<@Nullable String> ids = new ArrayList<>();

  /** For each label the place of the one of its name outside it, or -1. */
  private final List<Integer> hidden = new ArrayList<>();

  private final Map<String, Integer> innermost = new HashMap<>();
  private int count;

  /**
   * Begins a function.
   *
   * @param names the labels' names, in the order in which their blocks begin
   */
  PrintedLabels(Map<Integer, String> names) {
    this.names = names;
  }

  /** The number of labels around the place. */
  int depth() {
    return ids.size();
  }

  /** The name of the label of the block that begins here, or null. */
  @Nullable String next() {
    String name = names.get(count++);
    return name == null || name.isEmpty() ? null : name;
  }

  /** Enters a block. */
  void push(@Nullable String id) {
    Integer outer = id == null ? null : innermost.put(id, ids.size());
    hidden.add(outer == null ? -1 : outer);
    ids.add(id);
  }

  /** Leaves a block; there may be none, where code is malformed. */
  void pop() {
    if (ids.isEmpty()) {
      return;
    }
    String id = ids.removeLast();
    int outer = hidden.removeLast();
    if (id != null && outer < 0) {
      innermost.remove(id);
    } else if (id != null) {
      innermost.put(id, outer);
    }
  }

  /** The identifier by which a label can be meant here, or null if it must be a number. */
  @Nullable String id(int label) {
    if (Integer.compareUnsigned(label, ids.size()) >= 0) {
      return null;
    }
    int place = ids.size() - 1 - label;
    String id = ids.get(place);
    return id != null && Integer.valueOf(place).equals(innermost.get(id)) ? id : null;
  }
}
