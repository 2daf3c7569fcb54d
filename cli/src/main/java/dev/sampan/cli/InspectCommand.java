package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.ExternKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** {@code sampan inspect}: says what a module consists of. */
final class InspectCommand implements Verb {

  private static final String JSON = "--json";

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "inspect",
            "Shows what a module consists of.",
            "That is its name, its sections with offset and size in bytes and number of entries, "
                + "its imports and exports with their types.");
    syntax.option(Option.flag(JSON, "Print it as JSON."));
    syntax.operand(Options.file("The module."));
    return Options.exitCodes(
        syntax, "The module is shown.", "The module is missing, malformed or invalid.");
  }

  @Override
  public int run(Line line, Console console) {
    Path path = line.file(0);
    try (Engine engine = Options.engine(line, null)) {
      ModuleFile file = ModuleFile.read(path, console);
      WasmModule module = file.load(engine);
      Inspection inspection = Inspection.of(module, file.binary());
      if (line.has(JSON)) {
        console.println(InspectionJson.write(inspection));
      } else {
        print(inspection, console);
      }
    }
    return ExitCode.SUCCESS;
  }

  private static void print(Inspection module, Console console) {
    console.println("module " + Literals.name(module.name()) + ", " + module.size() + " bytes");
    List<String> counts = new ArrayList<>();
    for (ExternKind kind : ExternKind.values()) {
      long defined = module.defined(kind);
      int imported = module.imported(kind);
      if (defined + imported > 0) {
        String detail = imported > 0 ? " (" + imported + " imported)" : "";
        counts.add(kind.text() + " " + (defined + imported) + detail);
      }
    }
    if (!counts.isEmpty()) {
      console.println(String.join(", ", counts));
    }
    if (!module.sections().isEmpty()) {
      console.println("\nsections:\n      offset        size     count");
      module.sections().forEach(part -> print(part, console));
    }
    if (!module.imports().isEmpty()) {
      console.println("\nimports:");
      for (ImportType each : module.imports()) {
        String names = Literals.name(each.module()) + " " + Literals.name(each.name());
        console.println("  " + names + " (" + each.type() + ")");
      }
    }
    if (!module.exports().isEmpty()) {
      console.println("\nexports:");
      for (ExportType each : module.exports()) {
        console.println("  " + Literals.name(each.name()) + " (" + each.type() + ")");
      }
    }
  }

  private static void print(Inspection.Part part, Console console) {
    String name = part.section().name();
    OptionalLong count = part.count();
    console.println(
        "  %#10x  %10d  %8s  %s"
            .formatted(
                part.section().offset(),
                part.section().size(),
                count.isPresent() ? count.getAsLong() : "",
                part.isCustom() ? "custom " + Literals.name(name) : name));
  }
}
