package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.BranchHints;
import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.SectionKind;
import dev.sampan.wasm.model.TableDefinition;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.text.TypeParser.ParameterNames;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Parses the fields of a module (Text Format › Modules).
 *
 * <p>It passes over them three times: first to learn which identifier stands for which index, then
 * for the type definitions, and at last for everything else in the order of the text, so that
 * function types that are only used are added in that order.
 */
final class ModuleParser {

  private final TokenCursor cursor;
  private final ModuleContext context = new ModuleContext();
  private final ModuleDefinition.Builder module = context.module;
  private final TypeParser types;
  private final Locals locals = new Locals(context.names);
  private final BranchHintParser hints = new BranchHintParser();
  private final InstructionParser instructions;
  private final SegmentParser segments;
  private final CustomParser customs;

  private final List<Integer> functionTypes = new ArrayList<>();
  private int functions;
  private int tables;
  private int memories;
  private int globals;
  private int tags;

  /** What the last definition before the place was, or null while imports may still come. */
  private @Nullable String lastDefinition;

  ModuleParser(TokenCursor cursor) {
    this.cursor = cursor;
    this.types = new TypeParser(cursor, context);
    this.instructions = new InstructionParser(cursor, context, types, hints);
    this.segments = new SegmentParser(cursor, context, types, instructions);
    this.customs = new CustomParser(cursor);
  }

  /**
   * The module whose fields stand at the cursor, up to a right parenthesis or the end.
   *
   * @param id the module's identifier, or null
   */
  ModuleDefinition parse(@Nullable String id) {
    moduleName(id);
    int first = cursor.position();
    forEachField(this::declare);
    cursor.position(first);
    forEachField(this::defineTypes);
    cursor.position(first);
    while (!cursor.at(TokenKind.RIGHT) && !cursor.at(TokenKind.END)) {
      field();
    }
    finish();
    return module.build();
  }

  private void moduleName(@Nullable String id) {
    String name = Bindings.annotation(cursor);
    if (cursor.at(TokenKind.NAME_ANNOTATION)) {
      throw cursor.malformed("@name annotation: multiple module names");
    }
    if (name != null) {
      context.names.module(name);
    } else if (id != null) {
      context.names.module(id);
    }
  }

  private void forEachField(Runnable pass) {
    while (cursor.at(TokenKind.LEFT) || cursor.kind().isAnnotation()) {
      int next = cursor.closing();
      if (cursor.at(TokenKind.LEFT)) {
        pass.run();
      }
      cursor.position(next);
      cursor.advance();
    }
  }

  private void finish() {
    module.functions = functionTypes.stream().mapToInt(Integer::intValue).toArray();
    if (context.mentionsData) {
      module.dataCount = OptionalInt.of(module.data.size());
    }
    if (hints.hints().size() > 0) {
      addCustom(BranchHints.NAME, SectionKind.DATA_COUNT, hints.hints().write());
    }
    if (!context.names.isEmpty()) {
      addCustom(NameSection.NAME, SectionKind.DATA, NameSection.write(context.names));
    }
  }

  private void addCustom(String name, SectionKind after, byte[] content) {
    module.customs.add(new CustomSection(name, after, content, 0, content.length));
  }

  // First pass: identifiers

  private void declare() {
    Keyword keyword = cursor.openKeyword();
    if (keyword == null) {
      return;
    }
    int closing = cursor.closing();
    cursor.open();
    switch (keyword) {
      case REC -> {
        cursor.advance();
        while (cursor.atOpen(Keyword.TYPE)) {
          int next = cursor.closing();
          cursor.open();
          bind(context.typeIds, Space.TYPE);
          cursor.position(next);
          cursor.advance();
        }
      }
      case IMPORT -> {
        cursor.advance();
        while (cursor.at(TokenKind.STRING)) {
          cursor.advance();
        }
        if (cursor.at(TokenKind.LEFT)) {
          cursor.open();
          declareOne(cursor.keyword(), closing);
        }
      }
      default -> declareOne(keyword, closing);
    }
  }

  private void declareOne(@Nullable Keyword keyword, int closing) {
    if (keyword == null) {
      return;
    }
    switch (keyword) {
      case TYPE -> bind(context.typeIds, Space.TYPE);
      case FUNC -> bind(context.functions, Space.FUNCTION);
      case TABLE -> {
        bind(context.tables, Space.TABLE);
        if (hasChild(Keyword.ELEM, closing)) {
          context.elements.add();
        }
      }
      case MEMORY -> {
        bind(context.memories, Space.MEMORY);
        if (hasChild(Keyword.DATA, closing)) {
          context.data.add();
        }
      }
      case GLOBAL -> bind(context.globals, Space.GLOBAL);
      case TAG -> bind(context.tags, Space.TAG);
      case ELEM -> bind(context.elements, Space.ELEMENT);
      case DATA -> bind(context.data, Space.DATA);
      default -> {}
    }
  }

  /** Adds the member whose keyword is next. */
  private void bind(IndexSpace space, Space named) {
    cursor.advance();
    int index = space.add();
    String name = Bindings.bind(cursor, space);
    if (name != null) {
      context.names.put(named, index, name);
    }
  }

  private boolean hasChild(Keyword keyword, int closing) {
    while (cursor.position() < closing) {
      if (cursor.atOpen(keyword)) {
        return true;
      }
      if (cursor.at(TokenKind.LEFT)) {
        cursor.skip();
      } else {
        cursor.advance();
      }
    }
    return false;
  }

  // Second pass: types

  private void defineTypes() {
    if (cursor.atOpen(Keyword.TYPE) || cursor.atOpen(Keyword.REC)) {
      context.addTypes(types.recType());
    }
  }

  // Third pass: everything else

  private void field() {
    switch (cursor.kind()) {
      case CUSTOM_ANNOTATION -> {
        module.customs.add(customs.parse());
        return;
      }
      case BRANCH_HINT_ANNOTATION -> hints.parse(cursor);
      default -> {}
    }
    Keyword keyword = cursor.openKeyword();
    if (keyword == null) {
      if (cursor.at(TokenKind.LEFT)) {
        cursor.open();
      }
      throw cursor.unexpected("a module field");
    }
    switch (keyword) {
      case TYPE, REC -> cursor.skip();
      case IMPORT -> importField();
      case FUNC -> function();
      case TABLE -> table();
      case MEMORY -> memory();
      case GLOBAL -> global();
      case TAG -> tag();
      case EXPORT -> export();
      case START -> start();
      case ELEM -> segments.element();
      case DATA -> segments.data();
      default -> {
        cursor.open();
        throw cursor.unexpected("a module field");
      }
    }
  }

  private void begin() {
    cursor.open();
    cursor.advance();
    Bindings.skip(cursor);
  }

  private void importField() {
    int token = cursor.position();
    cursor.expectOpen(Keyword.IMPORT);
    String moduleName = cursor.name();
    String name = cursor.name();
    Keyword keyword = cursor.openKeyword();
    if (keyword == null) {
      throw cursor.unexpected("an external type");
    }
    begin();
    ExternType type =
        switch (keyword) {
          case FUNC -> functionType();
          case TABLE -> {
            tables++;
            yield types.tableType(types.addressType());
          }
          case MEMORY -> {
            memories++;
            yield types.memoryType(types.addressType());
          }
          case GLOBAL -> {
            globals++;
            yield types.globalType();
          }
          case TAG -> {
            tags++;
            yield new TagType(new TypeIndex(types.typeUse(ParameterNames.IGNORED)));
          }
          default -> {
            cursor.position(cursor.position() - 1);
            throw cursor.unexpected("an external type");
          }
        };
    cursor.close();
    addImport(moduleName, name, type, token);
    cursor.close();
  }

  private ExternType functionType() {
    locals.start(functions++);
    return new ExternFuncType(new TypeIndex(types.typeUse(locals)));
  }

  private void addImport(String moduleName, String name, ExternType type, int token) {
    if (lastDefinition != null) {
      throw cursor.malformed("import after " + lastDefinition, token);
    }
    module.imports.add(new Import(moduleName, name, type));
  }

  /** The inline exports of the thing with an index. */
  private void exports(ExternKind kind, int index) {
    while (cursor.acceptOpen(Keyword.EXPORT)) {
      module.exports.add(new Export(cursor.name(), kind, index));
      cursor.close();
    }
  }

  private record ImportNames(String module, String name, int token) {}

  /** The inline import that is next, or null. */
  private @Nullable ImportNames inlineImport() {
    int token = cursor.position();
    if (!cursor.acceptOpen(Keyword.IMPORT)) {
      return null;
    }
    ImportNames names = new ImportNames(cursor.name(), cursor.name(), token);
    cursor.close();
    return names;
  }

  private void addInline(ImportNames names, ExternType type) {
    addImport(names.module, names.name, type, names.token);
    cursor.close();
  }

  private void function() {
    begin();
    int index = functions;
    exports(ExternKind.FUNC, index);
    ImportNames inline = inlineImport();
    if (inline != null) {
      addInline(inline, functionType());
      return;
    }
    lastDefinition = "function";
    functions++;
    locals.start(index);
    functionTypes.add(types.typeUse(locals));
    while (cursor.acceptOpen(Keyword.LOCAL)) {
      if (cursor.at(TokenKind.ID) || cursor.at(TokenKind.NAME_ANNOTATION)) {
        locals.addLocal(cursor, types);
      } else {
        while (!cursor.at(TokenKind.RIGHT)) {
          locals.addLocal(types.valType());
        }
      }
      cursor.close();
    }
    ByteWriter code = new ByteWriter();
    locals.write(code);
    hints.start(index);
    instructions.body(code, index, locals);
    hints.start(-1);
    byte[] bytes = code.toByteArray();
    module.code.add(new FunctionBody(bytes, 0, bytes.length));
    cursor.close();
  }

  private void table() {
    begin();
    int index = tables++;
    exports(ExternKind.TABLE, index);
    ImportNames inline = inlineImport();
    AddressType address = types.addressType();
    if (inline != null) {
      addInline(inline, types.tableType(address));
      return;
    }
    lastDefinition = "table";
    if (cursor.at(TokenKind.NAT)) {
      TableType type = types.tableType(address);
      module.tables.add(
          new TableDefinition(type, cursor.at(TokenKind.RIGHT) ? null : expression()));
    } else {
      module.tables.add(new TableDefinition(segments.inlineElements(index, address), null));
    }
    cursor.close();
  }

  private void memory() {
    begin();
    int index = memories++;
    exports(ExternKind.MEMORY, index);
    ImportNames inline = inlineImport();
    AddressType address = types.addressType();
    if (inline != null) {
      addInline(inline, types.memoryType(address));
      return;
    }
    lastDefinition = "memory";
    MemoryType type =
        cursor.at(TokenKind.NAT)
            ? types.memoryType(address)
            : segments.inlineData(index, address, types.pageSizeLog2());
    module.memories.add(type);
    cursor.close();
  }

  private void global() {
    begin();
    int index = globals++;
    exports(ExternKind.GLOBAL, index);
    ImportNames inline = inlineImport();
    if (inline != null) {
      addInline(inline, types.globalType());
      return;
    }
    lastDefinition = "global";
    module.globals.add(new GlobalDefinition(types.globalType(), expression()));
    cursor.close();
  }

  private void tag() {
    begin();
    int index = tags++;
    exports(ExternKind.TAG, index);
    ImportNames inline = inlineImport();
    TagType type = new TagType(new TypeIndex(types.typeUse(ParameterNames.IGNORED)));
    if (inline != null) {
      addInline(inline, type);
      return;
    }
    lastDefinition = "tag";
    module.tags.add(type);
    cursor.close();
  }

  private Expr expression() {
    byte[] bytes = instructions.expression();
    return new Expr(bytes, 0, bytes.length);
  }

  private void export() {
    cursor.expectOpen(Keyword.EXPORT);
    String name = cursor.name();
    Keyword keyword = cursor.openKeyword();
    cursor.open();
    ExternKind kind = keyword == null ? null : exportKind(keyword);
    if (kind == null) {
      throw cursor.unexpected("func, table, memory, global or tag");
    }
    cursor.advance();
    module.exports.add(new Export(name, kind, space(kind).index(cursor)));
    cursor.close();
    cursor.close();
  }

  private static @Nullable ExternKind exportKind(Keyword keyword) {
    return switch (keyword) {
      case FUNC -> ExternKind.FUNC;
      case TABLE -> ExternKind.TABLE;
      case MEMORY -> ExternKind.MEMORY;
      case GLOBAL -> ExternKind.GLOBAL;
      case TAG -> ExternKind.TAG;
      default -> null;
    };
  }

  private IndexSpace space(ExternKind kind) {
    return switch (kind) {
      case FUNC -> context.functions;
      case TABLE -> context.tables;
      case MEMORY -> context.memories;
      case GLOBAL -> context.globals;
      case TAG -> context.tags;
    };
  }

  private void start() {
    if (module.start.isPresent()) {
      throw cursor.malformed("multiple start sections");
    }
    cursor.expectOpen(Keyword.START);
    module.start = OptionalInt.of(context.functions.index(cursor));
    cursor.close();
  }
}
