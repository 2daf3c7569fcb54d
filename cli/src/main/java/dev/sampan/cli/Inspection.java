package dev.sampan.cli;

import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.Section;
import dev.sampan.wasm.model.SectionKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What there is to see of a module from outside.
 *
 * @param name the module's name
 * @param size its size in bytes, in the binary format
 * @param sections its sections, in their order
 * @param imports what it imports, in its order
 * @param exports what it exports, in its order
 * @param imported how much of each kind it imports
 */
record Inspection(
    String name,
    int size,
    List<Part> sections,
    List<ImportType> imports,
    List<ExportType> exports,
    Map<ExternKind, Integer> imported) {

  /**
   * A section.
   *
   * @param section where it lies
   * @param count how many entries it has, if it is a list
   */
  record Part(Section section, OptionalLong count) {

    boolean isCustom() {
      return section.kind() == SectionKind.CUSTOM;
    }
  }

  /** Looks at a module and its bytes. */
  static Inspection of(WasmModule module, byte[] binary) {
    List<Part> sections =
        module.sections().stream()
            .map(section -> new Part(section, count(section, binary)))
            .toList();
    Map<ExternKind, Integer> imported = new EnumMap<>(ExternKind.class);
    for (ImportType each : module.imports()) {
      imported.merge(ExternKind.of(each.type()), 1, Integer::sum);
    }
    return new Inspection(
        module.name(), binary.length, sections, module.imports(), module.exports(), imported);
  }

  /** The number of entries, which is the first thing in a section that is a list. */
  private static OptionalLong count(Section section, byte[] binary) {
    return switch (section.kind()) {
      case CUSTOM, START, DATA_COUNT -> OptionalLong.empty();
      case TYPE, IMPORT, FUNCTION, TABLE, MEMORY, TAG, GLOBAL, EXPORT, ELEMENT, CODE, DATA -> {
        long count = 0;
        int shift = 0;
        for (int i = section.offset(); ; i++) {
          count |= (binary[i] & 0x7FL) << shift;
          shift += 7;
          if (binary[i] >= 0) {
            yield OptionalLong.of(count);
          }
        }
      }
    };
  }

  /** How much of a kind the module defines itself. */
  long defined(ExternKind kind) {
    SectionKind wanted =
        switch (kind) {
          case FUNC -> SectionKind.FUNCTION;
          case TABLE -> SectionKind.TABLE;
          case MEMORY -> SectionKind.MEMORY;
          case GLOBAL -> SectionKind.GLOBAL;
          case TAG -> SectionKind.TAG;
        };
    return sections.stream()
        .filter(part -> part.section().kind() == wanted)
        .mapToLong(part -> part.count().orElse(0))
        .sum();
  }

  /** How much of a kind the module imports. */
  int imported(ExternKind kind) {
    return imported.getOrDefault(kind, 0);
  }
}
