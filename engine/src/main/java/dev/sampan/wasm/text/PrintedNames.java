package dev.sampan.wasm.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the members of one index space are called in a printed text. The first member of a name gets
 * it as identifier; others are mentioned by number, and keep the name as an annotation.
 */
final class PrintedNames {

  private static final String ID_PUNCTUATION = "!#$%&'*+-./:<=>?@\\^_`|~";

  private final Map<Integer, String> ids = new HashMap<>();
  private final Map<Integer, String> annotations = new HashMap<>();

  /**
   * Settles the names of a space.
   *
   * @param names by index
   * @param size the number of members; names past it mean nothing
   */
  PrintedNames(Map<Integer, String> names, int size) {
    Set<String> taken = new HashSet<>();
    names.forEach(
        (index, name) -> {
          if (Integer.compareUnsigned(index, size) < 0) {
            if (!name.isEmpty() && taken.add(name)) {
              ids.put(index, id(name));
            } else {
              annotations.put(index, name);
            }
          }
        });
  }

  /** An identifier, quoted if need be. */
  static String id(String name) {
    boolean plain =
        name.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || ID_PUNCTUATION.indexOf(c) >= 0);
    if (plain) {
      return "$" + name;
    }
    StringBuilder quoted = new StringBuilder("$");
    Strings.quote(quoted, name);
    return quoted.toString();
  }

  /** Whether a member has a name of any sort. */
  boolean hasName(int index) {
    return ids.containsKey(index) || annotations.containsKey(index);
  }

  /** How a member is mentioned. */
  String use(int index) {
    @Nullable String id = ids.get(index);
    return id != null ? id : Integer.toUnsignedString(index);
  }

  /** Appends, after a space, what stands where a member is defined; nothing if it has no name. */
  void bind(StringBuilder out, int index) {
    String id = ids.get(index);
    String annotation = annotations.get(index);
    if (id != null) {
      out.append(' ').append(id);
    } else if (annotation != null) {
      out.append(" (@name ");
      Strings.quote(out, annotation);
      out.append(')');
    }
  }
}
