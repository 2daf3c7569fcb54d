package dev.sampan.wasm;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** How a Java method is called in a module. */
public final class JavaNames {

  private JavaNames() {}

  /**
   * The names that a method may stand for: its {@link WasmName}, else {@code readFile}, {@code
   * read_file} and {@code read-file}.
   */
  public static Set<String> of(Method method) {
    WasmName given = method.getAnnotation(WasmName.class);
    if (given != null) {
      return Set.of(given.value());
    }
    Set<String> names = new LinkedHashSet<>();
    names.add(method.getName());
    for (String separator : new String[] {"_", "-"}) {
      names.add(
          method
              .getName()
              .replaceAll("([a-z0-9])([A-Z])", "$1" + separator + "$2")
              .toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
