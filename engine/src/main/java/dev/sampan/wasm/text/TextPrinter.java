package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.BranchHints;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.SectionKind;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableDefinition;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prints modules in the text format. Reading the text again yields the same module; names from the
 * name section become identifiers, other custom sections become annotations.
 */
public final class TextPrinter {

  private final ModuleDefinition module;
  private final @Nullable BranchHints hints;
  private final Names sectionNames;
  private final StringBuilder out = new StringBuilder();
  private final ModuleNames names;
  private final TypePrinter types;
  private final InstructionPrinter instructions;

  private TextPrinter(ModuleDefinition module, @Nullable BranchHints hints) {
    this.module = module;
    this.hints = hints;
    List<SubType> all = new ArrayList<>();
    module.types().forEach(group -> all.addAll(group.types()));
    sectionNames = NameSection.of(module);
    names = new ModuleNames(sectionNames, module, all);
    types = new TypePrinter(out, names, all);
    instructions = new InstructionPrinter(out, names, types);
  }

  /**
   * The text of a module.
   *
   * @throws dev.sampan.wasm.MalformedException if code cannot be decoded
   */
  public static String print(ModuleDefinition module) {
    Optional<BranchHints> hints = BranchHints.of(module);
    if (hints.isPresent()) {
      TextPrinter printer = new TextPrinter(module, hints.get());
      String text = printer.print();
      if (printer.instructions.printedHints() == hints.get().size()) {
        return text;
      }
      // the section speaks of something else than branches; it stays as it is
    }
    return new TextPrinter(module, null).print();
  }

  private String print() {
    out.append("(module");
    sectionNames
        .module()
        .ifPresent(
            name -> {
              if (name.isEmpty()) {
                out.append(" (@name \"\")");
              } else {
                out.append(' ').append(PrintedNames.id(name));
              }
            });
    typeSection();
    imports();
    definitions();
    functions();
    exports();
    module
        .start()
        .ifPresent(
            index ->
                out.append("\n  (start ").append(names.of(Space.FUNCTION).use(index)).append(')'));
    elements();
    data();
    module.customs().forEach(this::custom);
    return out.append(")\n").toString();
  }

  private void typeSection() {
    int index = 0;
    for (RecType group : module.types()) {
      types.recType(group, index);
      index += group.types().size();
    }
  }

  /** Begins a field with its keyword, names and index. */
  private void begin(String keyword, PrintedNames space, int index) {
    out.append('(').append(keyword);
    space.bind(out, index);
    out.append(" (;").append(index).append(";)");
  }

  private void imports() {
    Map<ExternKind, Integer> next = new EnumMap<>(ExternKind.class);
    for (Import each : module.imports()) {
      ExternKind kind = ExternKind.of(each.type());
      int index = next.merge(kind, 1, Integer::sum) - 1;
      out.append("\n  (import ");
      Strings.quote(out, each.module());
      out.append(' ');
      Strings.quote(out, each.name());
      out.append(' ');
      begin(kind.text(), names.of(kind), index);
      externType(each.type(), index);
      out.append("))");
    }
  }

  private void externType(ExternType type, int index) {
    switch (type) {
      case ExternFuncType func -> {
        FuncType function = types.function(func.type());
        int parameters = function == null ? 0 : function.parameters().size();
        types.typeUse(func.type(), names.locals(index, parameters));
      }
      case TableType table -> types.tableType(table);
      case MemoryType memory -> types.memoryType(memory);
      case GlobalType global -> types.globalType(global);
      case TagType tag -> types.typeUse(tag.type(), null);
    }
  }

  private void definitions() {
    int table = module.allTables().size() - module.tables().size();
    for (TableDefinition each : module.tables()) {
      field("table", Space.TABLE, table++);
      types.tableType(each.type());
      Expr init = each.init();
      if (init != null) {
        expression(init, "", "");
      }
      out.append(')');
    }
    int memory = module.allMemories().size() - module.memories().size();
    for (MemoryType each : module.memories()) {
      field("memory", Space.MEMORY, memory++);
      types.memoryType(each);
      out.append(')');
    }
    int tag = module.allTags().size() - module.tags().size();
    for (TagType each : module.tags()) {
      field("tag", Space.TAG, tag++);
      types.typeUse(each.type(), null);
      out.append(')');
    }
    int global = module.allGlobals().size() - module.globals().size();
    for (GlobalDefinition each : module.globals()) {
      field("global", Space.GLOBAL, global++);
      types.globalType(each.type());
      expression(each.init(), "", "");
      out.append(')');
    }
  }

  private void field(String keyword, Space space, int index) {
    out.append("\n  ");
    begin(keyword, names.of(space), index);
  }

  /** Appends an expression: folded if it is one instruction, else flat between two texts. */
  private void expression(Expr expr, String before, String after) {
    out.append(' ');
    int start = out.length();
    int count = instructions.expression(new ByteReader(expr.bytes(), expr.start(), expr.end()));
    out.insert(start, count == 1 ? "(" : before);
    out.append(count == 1 ? ")" : after);
  }

  private void functions() {
    int index = module.importedFunctions();
    for (FunctionBody body : module.code()) {
      function(index++, body);
    }
  }

  private void function(int index, FunctionBody body) {
    ByteReader in = new ByteReader(body.bytes(), body.start(), body.end());
    TypeIndex type = new TypeIndex(module.functionType(index));
    FuncType signature = types.function(type);
    int parameters = signature == null ? 0 : signature.parameters().size();
    List<ValType> locals = locals(in);
    PrintedNames localNames = names.locals(index, parameters + locals.size());
    field("func", Space.FUNCTION, index);
    types.typeUse(type, localNames);
    if (!locals.isEmpty()) {
      out.append("\n   ");
      for (int i = 0; i < locals.size(); ) {
        i = types.group("local", locals, i, parameters + i, localNames);
      }
    }
    instructions.body(
        in,
        body.start(),
        localNames,
        names.labels(index),
        hints == null ? Map.of() : hints.function(index));
    out.append(')');
  }

  private static List<ValType> locals(ByteReader in) {
    List<ValType> locals = new ArrayList<>();
    int groups = in.count();
    for (int i = 0; i < groups; i++) {
      int at = in.position();
      long count = Integer.toUnsignedLong(in.u32());
      ValType type = TypeReader.valType(in);
      if (locals.size() + count > ModuleLimits.LOCALS) {
        throw ByteReader.malformed("too many locals: limit " + ModuleLimits.LOCALS, at);
      }
      for (long j = 0; j < count; j++) {
        locals.add(type);
      }
    }
    return locals;
  }

  private void exports() {
    for (Export export : module.exports()) {
      out.append("\n  (export ");
      Strings.quote(out, export.name());
      out.append(" (").append(export.kind().text()).append(' ');
      out.append(names.of(export.kind()).use(export.index())).append("))");
    }
  }

  private void elements() {
    for (int i = 0; i < module.elements().size(); i++) {
      ElementSegment segment = module.elements().get(i);
      field("elem", Space.ELEMENT, i);
      if (segment.mode() == SegmentMode.DECLARATIVE) {
        out.append(" declare");
      }
      if (segment.table() != 0) {
        out.append(" (table ").append(names.of(Space.TABLE).use(segment.table())).append(')');
      }
      offset(segment.offset());
      int[] functions = segment.functions();
      if (functions != null) {
        out.append(" func");
        for (int function : functions) {
          out.append(' ').append(names.of(Space.FUNCTION).use(function));
        }
      } else {
        out.append(' ');
        types.refType(segment.type());
        segment.expressions().forEach(item -> expression(item, "(item ", ")"));
      }
      out.append(')');
    }
  }

  private void offset(@Nullable Expr offset) {
    if (offset != null) {
      expression(offset, "(offset ", ")");
    }
  }

  private void data() {
    for (int i = 0; i < module.data().size(); i++) {
      DataSegment segment = module.data().get(i);
      field("data", Space.DATA, i);
      if (segment.memory() != 0) {
        out.append(" (memory ").append(names.of(Space.MEMORY).use(segment.memory())).append(')');
      }
      offset(segment.offset());
      out.append(' ');
      Strings.quote(out, segment.bytes(), segment.start(), segment.end());
      out.append(')');
    }
  }

  private void custom(CustomSection section) {
    boolean printedAsNames = section.name().equals(NameSection.NAME) && !sectionNames.isEmpty();
    boolean printedAsHints = section.name().equals(BranchHints.NAME) && hints != null;
    if (printedAsNames || printedAsHints) {
      return;
    }
    out.append("\n  (@custom ");
    Strings.quote(out, section.name());
    if (section.after() == SectionKind.CUSTOM) {
      out.append(" (before first)");
    } else if (section.after() != SectionKind.DATA) {
      out.append(" (after ").append(CustomParser.text(section.after())).append(')');
    }
    out.append(' ');
    Strings.quote(out, section.bytes(), section.start(), section.end());
    out.append(')');
  }
}
