package dev.sampan.cli;

import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.ExternType;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Writes an inspection as JSON. Apart from the rest, so that its library is loaded only here. */
final class InspectionJson {

  /** Asks for line breaks and indentation. */
  private static final class Pretty extends ObjectWriteContext.Base {
    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter();
    }
  }

  private InspectionJson() {}

  static String write(Inspection module) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(new Pretty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("name", module.name());
      json.writeNumberProperty("size", module.size());
      counts(module, json);
      json.writeArrayPropertyStart("sections");
      for (Inspection.Part part : module.sections()) {
        section(part, json);
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("imports");
      for (ImportType each : module.imports()) {
        json.writeStartObject();
        json.writeStringProperty("module", each.module());
        extern(each.name(), each.type(), json);
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("exports");
      for (ExportType each : module.exports()) {
        json.writeStartObject();
        extern(each.name(), each.type(), json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void counts(Inspection module, JsonGenerator json) {
    json.writeObjectPropertyStart("counts");
    for (ExternKind kind : ExternKind.values()) {
      json.writeObjectPropertyStart(kind.text());
      json.writeNumberProperty("imported", module.imported(kind));
      json.writeNumberProperty("defined", module.defined(kind));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void section(Inspection.Part part, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("kind", part.section().kind().toString());
    if (part.isCustom()) {
      json.writeStringProperty("name", part.section().name());
    }
    json.writeNumberProperty("offset", part.section().offset());
    json.writeNumberProperty("size", part.section().size());
    if (part.count().isPresent()) {
      json.writeNumberProperty("count", part.count().getAsLong());
    }
    json.writeEndObject();
  }

  private static void extern(String name, ExternType type, JsonGenerator json) {
    json.writeStringProperty("name", name);
    json.writeStringProperty("kind", ExternKind.of(type).text());
    json.writeStringProperty("type", type.toString());
    json.writeEndObject();
  }
}
