package dev.sampan.wasm.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A module as data (Structure › Modules): what the binary reader yields and the text parser builds.
 * Nothing in it has been validated.
 *
 * <p>Index spaces hold the imports first. Code and expressions stay bytes; their one reader is the
 * validator, which passes on what it sees.
 */
public final class ModuleDefinition {

  private final Builder parts;
  private final int[] functionTypes;
  private final List<TableType> allTables = new ArrayList<>();
  private final List<MemoryType> allMemories = new ArrayList<>();
  private final List<GlobalType> allGlobals = new ArrayList<>();
  private final List<TagType> allTags = new ArrayList<>();
  private final int importedFunctions;

  private ModuleDefinition(Builder parts) {
    this.parts = parts;
    List<Integer> imported = new ArrayList<>();
    for (Import each : parts.imports) {
      switch (each.type()) {
        case ExternFuncType func -> imported.add(((TypeIndex) func.type()).index());
        case TableType table -> allTables.add(table);
        case MemoryType memory -> allMemories.add(memory);
        case GlobalType global -> allGlobals.add(global);
        case TagType tag -> allTags.add(tag);
      }
    }
    importedFunctions = imported.size();
    functionTypes = new int[importedFunctions + parts.functions.length];
    for (int i = 0; i < importedFunctions; i++) {
      functionTypes[i] = imported.get(i);
    }
    System.arraycopy(parts.functions, 0, functionTypes, importedFunctions, parts.functions.length);
    parts.tables.forEach(table -> allTables.add(table.type()));
    allMemories.addAll(parts.memories);
    parts.globals.forEach(global -> allGlobals.add(global.type()));
    allTags.addAll(parts.tags);
  }

  /** The type section. */
  public List<RecType> types() {
    return parts.types;
  }

  /** The import section. */
  public List<Import> imports() {
    return parts.imports;
  }

  /** The type indices of the functions defined here, in the order of {@link #code()}. */
  public int[] functions() {
    return parts.functions;
  }

  /** The tables defined here. */
  public List<TableDefinition> tables() {
    return parts.tables;
  }

  /** The memories defined here. */
  public List<MemoryType> memories() {
    return parts.memories;
  }

  /** The tags defined here. */
  public List<TagType> tags() {
    return parts.tags;
  }

  /** The globals defined here. */
  public List<GlobalDefinition> globals() {
    return parts.globals;
  }

  /** The export section. */
  public List<Export> exports() {
    return parts.exports;
  }

  /** The start function's index. */
  public OptionalInt start() {
    return parts.start;
  }

  /** The element section. */
  public List<ElementSegment> elements() {
    return parts.elements;
  }

  /** The data count section. */
  public OptionalInt dataCount() {
    return parts.dataCount;
  }

  /** The code section. */
  public List<FunctionBody> code() {
    return parts.code;
  }

  /** The data section. */
  public List<DataSegment> data() {
    return parts.data;
  }

  /** The custom sections, in their order. */
  public List<CustomSection> customs() {
    return parts.customs;
  }

  /** Where the sections lie, for a module that was read from bytes, else empty. */
  public List<Section> sections() {
    return parts.sections;
  }

  /** The number of functions, with the imported ones. */
  public int functionCount() {
    return functionTypes.length;
  }

  /** The number of imported functions, which is the index of the first one defined here. */
  public int importedFunctions() {
    return importedFunctions;
  }

  /** The type index of a function, imported or not. */
  public int functionType(int functionIndex) {
    return functionTypes[functionIndex];
  }

  /** The types of all tables, imports first. */
  public List<TableType> allTables() {
    return allTables;
  }

  /** The types of all memories, imports first. */
  public List<MemoryType> allMemories() {
    return allMemories;
  }

  /** The types of all globals, imports first. */
  public List<GlobalType> allGlobals() {
    return allGlobals;
  }

  /** The types of all tags, imports first. */
  public List<TagType> allTags() {
    return allTags;
  }

  /** A builder that begins with this module's parts. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.types.addAll(parts.types);
    copy.imports.addAll(parts.imports);
    copy.functions = parts.functions;
    copy.tables.addAll(parts.tables);
    copy.memories.addAll(parts.memories);
    copy.tags.addAll(parts.tags);
    copy.globals.addAll(parts.globals);
    copy.exports.addAll(parts.exports);
    copy.start = parts.start;
    copy.elements.addAll(parts.elements);
    copy.dataCount = parts.dataCount;
    copy.code.addAll(parts.code);
    copy.data.addAll(parts.data);
    copy.customs.addAll(parts.customs);
    copy.sections.addAll(parts.sections);
    return copy;
  }

  /** The parts of a module while they are gathered; not used after {@link #build()}. */
  public static final class Builder {
    public final List<RecType> types = new ArrayList<>();
    public final List<Import> imports = new ArrayList<>();
    public int[] functions = {};
    public final List<TableDefinition> tables = new ArrayList<>();
    public final List<MemoryType> memories = new ArrayList<>();
    public final List<TagType> tags = new ArrayList<>();
    public final List<GlobalDefinition> globals = new ArrayList<>();
    public final List<Export> exports = new ArrayList<>();
    public OptionalInt start = OptionalInt.empty();
    public final List<ElementSegment> elements = new ArrayList<>();
    public OptionalInt dataCount = OptionalInt.empty();
    public final List<FunctionBody> code = new ArrayList<>();
    public final List<DataSegment> data = new ArrayList<>();
    public final List<CustomSection> customs = new ArrayList<>();
    public final List<Section> sections = new ArrayList<>();

    /** The module. Imported functions must mention their type by index. */
    public ModuleDefinition build() {
      return new ModuleDefinition(this);
    }
  }
}
