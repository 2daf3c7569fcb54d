package dev.sampan.wasi.libc;

import dev.sampan.wasi.Explanation.Purpose;
import dev.sampan.wasm.ImportType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every function of the library: its {@link Signature}, and the names under which guests import it.
 */
public enum LibraryFunction {
  PRINTF("($*)i", "printf", "vprintf"),
  SPRINTF("($$*)i", "sprintf", "vsprintf"),
  SNPRINTF("(*~$*)i", "snprintf", "vsnprintf"),
  PUTS("($)i", "puts"),
  PUTCHAR("(i)i", "putchar"),

  MEMCMP("(**~)i", "memcmp"),
  MEMMOVE("(**~)i", "memcpy", "memmove", "emscripten_memcpy_big"),
  MEMSET("(*ii)i", "memset"),
  MEMCHR("(*ii)i", "memchr"),

  STRLEN("($)i", "strlen"),
  STRCHR("($i)i", "strchr"),
  STRCMP("($$)i", "strcmp"),
  STRNCMP("(**~)i", "strncmp"),
  STRNCASECMP("($$i)i", "strncasecmp"),
  STRSTR("($$)i", "strstr"),
  STRSPN("($$)i", "strspn"),
  STRCSPN("($$)i", "strcspn"),
  STRCPY("(*$)i", "strcpy"),
  STRNCPY("(**~)i", "strncpy"),
  STRDUP("($)i", "strdup", "_strdup"),

  MALLOC("(i)i", "malloc"),
  CALLOC("(ii)i", "calloc"),
  REALLOC("(ii)i", "realloc"),
  FREE("(*)", "free"),

  ATOI("($)i", "atoi"),
  STRTOL("($*i)i", "strtol"),
  STRTOUL("($*i)i", "strtoul"),

  ISUPPER("(i)i", "isupper"),
  ISALPHA("(i)i", "isalpha"),
  ISSPACE("(i)i", "isspace"),
  ISGRAPH("(i)i", "isgraph"),
  ISPRINT("(i)i", "isprint"),
  ISDIGIT("(i)i", "isdigit"),
  ISXDIGIT("(i)i", "isxdigit"),
  ISALNUM("(i)i", "isalnum"),
  TOLOWER("(i)i", "tolower"),
  TOUPPER("(i)i", "toupper"),

  EXIT("(i)", "exit"),
  ABORT("(i)", "abort", "abortStackOverflow", "nullFunc_X"),
  CXA_ALLOCATE_EXCEPTION("(i)i", "__cxa_allocate_exception"),
  CXA_BEGIN_CATCH("(*)", "__cxa_begin_catch"),
  CXA_THROW("(**i)", "__cxa_throw"),

  CLOCK_GETTIME("(i*)i", "clock_gettime"),
  CLOCK("()I", "clock");

  /** The module name that guests import. */
  public static final String MODULE = "env";

  private static final Map<String, LibraryFunction> BY_NAME = new HashMap<>();

  static {
    for (LibraryFunction function : values()) {
      function.names.forEach(name -> BY_NAME.put(name, function));
    }
  }

  private static final Map<LibraryFunction, Purpose> PURPOSES =
      Map.of(
          PRINTF, Purpose.STREAMS,
          PUTS, Purpose.STREAMS,
          PUTCHAR, Purpose.STREAMS,
          CLOCK_GETTIME, Purpose.CLOCKS,
          CLOCK, Purpose.CLOCKS);

  private final Signature signature;
  private final List<String> names;

  LibraryFunction(String signature, String... names) {
    this.signature = Signature.parse(signature);
    this.names = List.of(names);
  }

  /** Its type and what is checked before it runs. */
  public Signature signature() {
    return signature;
  }

  /** The names that guests import. */
  public List<String> names() {
    return names;
  }

  /** Whether it hands out memory of the heap. */
  boolean allocates() {
    return this == MALLOC || this == CALLOC || this == REALLOC || this == STRDUP;
  }

  /** What an import is needed for, if that is something to be granted. */
  public static Optional<Purpose> purpose(ImportType wanted) {
    return Optional.of(wanted)
        .filter(each -> each.module().equals(MODULE))
        .flatMap(each -> known(each.name()))
        .flatMap(name -> Optional.ofNullable(PURPOSES.get(named(name))));
  }

  /**
   * The name in this table that an imported name means: itself, or without one underscore at its
   * beginning, which older compilers put there.
   */
  static Optional<String> known(String imported) {
    if (BY_NAME.containsKey(imported)) {
      return Optional.of(imported);
    }
    return imported.startsWith("_") && BY_NAME.containsKey(imported.substring(1))
        ? Optional.of(imported.substring(1))
        : Optional.empty();
  }

  /** The function with a name of this table. */
  static LibraryFunction named(String name) {
    LibraryFunction function = BY_NAME.get(name);
    if (function == null) {
      throw new AssertionError("no function " + name + ", please report");
    }
    return function;
  }
}
