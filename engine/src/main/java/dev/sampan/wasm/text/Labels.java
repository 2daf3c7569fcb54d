package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.binary.Names.InnerSpace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels around the instruction that is being parsed. */
final class Labels {

  private final Names names;
  private final Map<String, Integer> innermost = new HashMap<>();
  private @Nullable String[] ids = new String[16];

  /** For each label the one of the same identifier that it hides, or -1. */
  private int[] hidden = new int[16];

  private int depth;
  private int function = -1;
  private int count;

  Labels(Names names) {
    this.names = names;
  }

  /** Begins with a function's body, or with a constant expression if the function is negative. */
  void start(int functionIndex) {
    function = functionIndex;
    innermost.clear();
    depth = 0;
    count = 0;
  }

  /** Enters a block. */
  void push(@Nullable String id, @Nullable String name) {
    if (depth == ids.length) {
      ids = Arrays.copyOf(ids, 2 * depth);
      hidden = Arrays.copyOf(hidden, 2 * depth);
    }
    ids[depth] = id;
    if (id != null) {
      Integer before = innermost.put(id, depth);
      hidden[depth] = before == null ? -1 : before;
    }
    if (name != null && function >= 0) {
      names.put(InnerSpace.LABEL, function, count, name);
    }
    depth++;
    count++;
  }

  /** Leaves a block. */
  void pop() {
    depth--;
    String id = ids[depth];
    if (id != null) {
      if (hidden[depth] < 0) {
        innermost.remove(id);
      } else {
        innermost.put(id, hidden[depth]);
      }
    }
  }

  /** The label that must be next, counted from the innermost. */
  int index(TokenCursor cursor) {
    if (!cursor.at(TokenKind.ID)) {
      return cursor.u32("a label");
    }
    int token = cursor.position();
    String id = cursor.id();
    Integer label = innermost.get(id);
    if (label == null) {
      throw cursor.malformed("unknown label $" + id, token);
    }
    return depth - 1 - label;
  }

  /** Passes over the identifier that may repeat the innermost label at its end. */
  void repeat(TokenCursor cursor) {
    int token = cursor.position();
    String id = cursor.id();
    String label = ids[depth - 1];
    if (id != null && !id.equals(label)) {
      String expected = label == null ? "no label" : "\"$" + label + "\"";
      throw cursor.malformed(
          "mismatching label: expected " + expected + " but found \"$" + id + "\"", token);
    }
  }
}
