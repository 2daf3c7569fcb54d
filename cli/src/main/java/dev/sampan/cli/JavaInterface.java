package dev.sampan.cli;

import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.JavaTypes;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Writes the Java interface of a module's exported functions, as {@code Instance.as} takes it. */
final class JavaInterface {

  /** A method has no more parameters than this, a long or a double counted twice. */
  private static final int MAX_PARAMETERS = 254;

  /** What every object has. */
  private static final Set<String> OF_OBJECT =
      Set.of(
          "clone",
          "equals",
          "finalize",
          "getClass",
          "hashCode",
          "notify",
          "notifyAll",
          "toString",
          "wait");

  private final StringBuilder out = new StringBuilder();
  private final Set<String> taken = new HashSet<>();

  private JavaInterface() {}

  /**
   * The source of an interface.
   *
   * @param name its name with its package
   */
  static String source(WasmModule module, String name) {
    JavaInterface writer = new JavaInterface();
    writer.write(module, name);
    return writer.out.toString();
  }

  private void write(WasmModule module, String name) {
    int dot = name.lastIndexOf('.');
    if (dot >= 0) {
      out.append("package ").append(name, 0, dot).append(";\n\n");
    }
    out.append("/** What a WebAssembly module exports; generated from it. */\n");
    out.append("public interface ").append(name.substring(dot + 1)).append(" {\n");
    for (ExportType export : module.exports()) {
      if (export.type() instanceof ExternFuncType function
          && function.type() instanceof DefType type
          && slots(type.function()) <= MAX_PARAMETERS) {
        method(export.name(), type.function());
      }
    }
    out.append("}\n");
  }

  private static int slots(FuncType type) {
    int slots = 0;
    for (ValType parameter : type.parameters()) {
      Class<?> carrier = JavaTypes.carrier(parameter);
      slots += carrier == long.class || carrier == double.class ? 2 : 1;
    }
    return slots;
  }

  private void method(String export, FuncType type) {
    String name = methodName(export);
    out.append('\n');
    out.append("  /** Calls the exported function {@code ")
        .append(comment(export))
        .append("}. */\n");
    if (!name.equals(export)) {
      out.append("  @dev.sampan.wasm.WasmName(").append(literal(export)).append(")\n");
    }
    out.append("  ").append(result(type.results())).append(' ').append(name).append('(');
    for (int i = 0; i < type.parameters().size(); i++) {
      out.append(i == 0 ? "" : ", ");
      out.append(text(type.parameters().get(i))).append(" p").append(i);
    }
    out.append(");\n");
  }

  private static String result(List<ValType> results) {
    return switch (results.size()) {
      case 0 -> "void";
      case 1 -> text(results.getFirst());
      default -> "dev.sampan.wasm.Results";
    };
  }

  private static String text(ValType type) {
    Class<?> carrier = JavaTypes.carrier(type);
    return carrier.getPackageName().equals("java.lang")
        ? carrier.getSimpleName()
        : carrier.getCanonicalName();
  }

  /** A name in the style of Java that no other method has: {@code readFile} for read_file. */
  private String methodName(String export) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int c : export.codePoints().toArray()) {
      boolean fits =
          c < 128
              && (camel.isEmpty()
                  ? Character.isJavaIdentifierStart(c)
                  : Character.isJavaIdentifierPart(c));
      if (c == '_' || c == '-' || !fits) {
        upper = !camel.isEmpty();
      } else {
        camel.appendCodePoint(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    String base = camel.isEmpty() ? "export" : camel.toString();
    if (OF_OBJECT.contains(base) || SourceVersion.isKeyword(base)) {
      base += "_";
    }
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  private static String literal(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        literal.append('\\').append(c);
      } else if (c >= ' ' && c < 127) {
        literal.append(c);
      } else if (c < 128) {
        literal.append('\\').append((char) ('0' + (c >> 6)));
        literal.append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
      } else {
        // by its number, so that the file's encoding does not matter
        literal.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
      }
    }
    return literal.append('"').toString();
  }

  /** An export's name where it cannot end the comment. */
  private static String comment(String text) {
    StringBuilder safe = new StringBuilder();
    for (char c : text.toCharArray()) {
      safe.append(c > ' ' && c < 127 && "{}@\\*/<>&".indexOf(c) < 0 ? c : '?');
    }
    return safe.toString();
  }
}
