package dev.sampan.wasm.script;

import dev.sampan.wasm.script.Command.ActionFailure;
import dev.sampan.wasm.script.Command.ModuleFailure;
import dev.sampan.wasm.text.Keyword;
import dev.sampan.wasm.text.Lexer;
import dev.sampan.wasm.text.Source;
import dev.sampan.wasm.text.TokenCursor;
import dev.sampan.wasm.text.TokenKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses scripts, but for the modules in them. */
final class ScriptParser {

  private static final int MAX_THREAD_NESTING = 100;

  private final TokenCursor cursor;
  private final ValueParser values;

  ScriptParser(Source source) {
    cursor = new TokenCursor(Lexer.read(source), 0);
    values = new ValueParser(cursor);
  }

  List<Command> parse() {
    if (isField()) {
      return List.of(new Command.Instantiate(1, new ModuleSource(null, cursor.tokens(), 0, true)));
    }
    List<Command> commands = commands(0);
    if (!cursor.at(TokenKind.END)) {
      throw cursor.unexpected("a command");
    }
    return commands;
  }

  private boolean isField() {
    Keyword keyword = cursor.openKeyword();
    if (keyword == null) {
      return cursor.at(TokenKind.CUSTOM_ANNOTATION);
    }
    return switch (keyword) {
      case TYPE, REC, IMPORT, FUNC, TABLE, MEMORY, GLOBAL, TAG, EXPORT, START, ELEM, DATA -> true;
      default -> false;
    };
  }

  private List<Command> commands(int nesting) {
    List<Command> commands = new ArrayList<>();
    while (cursor.at(TokenKind.LEFT)) {
      commands.add(command(nesting));
    }
    return commands;
  }

  private Command command(int nesting) {
    Keyword keyword = cursor.openKeyword();
    int line = cursor.line();
    if (keyword == null) {
      cursor.open();
      throw cursor.unexpected("a command");
    }
    return switch (keyword) {
      case MODULE -> module(line);
      case INVOKE, GET -> new Command.Perform(line, action());
      case REGISTER -> {
        begin();
        Command command = new Command.Register(line, cursor.name(), cursor.id());
        cursor.close();
        yield command;
      }
      case ASSERT_RETURN -> {
        begin();
        Action action = action();
        List<Expected> results = new ArrayList<>();
        while (cursor.at(TokenKind.LEFT)) {
          results.add(values.expected());
        }
        cursor.close();
        yield new Command.AssertReturn(line, action, results);
      }
      case ASSERT_TRAP -> {
        begin();
        yield cursor.atOpen(Keyword.MODULE)
            ? assertModule(line, ModuleFailure.TRAP)
            : assertFailure(line, ActionFailure.TRAP);
      }
      case ASSERT_EXHAUSTION -> {
        begin();
        yield assertFailure(line, ActionFailure.EXHAUSTION);
      }
      case ASSERT_EXCEPTION -> {
        begin();
        Action action = action();
        cursor.close();
        yield new Command.AssertFailure(line, ActionFailure.EXCEPTION, action, "");
      }
      case ASSERT_MALFORMED -> begunAssertModule(line, ModuleFailure.MALFORMED);
      case ASSERT_MALFORMED_CUSTOM -> begunAssertModule(line, ModuleFailure.MALFORMED_CUSTOM);
      case ASSERT_INVALID -> begunAssertModule(line, ModuleFailure.INVALID);
      case ASSERT_INVALID_CUSTOM -> begunAssertModule(line, ModuleFailure.INVALID_CUSTOM);
      case ASSERT_UNLINKABLE -> begunAssertModule(line, ModuleFailure.UNLINKABLE);
      case THREAD -> thread(line, nesting);
      case WAIT -> {
        begin();
        Command command = new Command.Wait(line, id());
        cursor.close();
        yield command;
      }
      default -> {
        cursor.open();
        throw cursor.unexpected("a command");
      }
    };
  }

  private void begin() {
    cursor.open();
    cursor.advance();
  }

  private String id() {
    if (!cursor.at(TokenKind.ID)) {
      throw cursor.unexpected("an identifier");
    }
    String id = cursor.id();
    return id == null ? "" : id;
  }

  private Command module(int line) {
    int start = cursor.position();
    begin();
    if (cursor.accept(Keyword.INSTANCE)) {
      String id = cursor.id();
      Command command = new Command.InstantiateDefined(line, id, cursor.id());
      cursor.close();
      return command;
    }
    boolean definition = cursor.at(Keyword.DEFINITION);
    cursor.position(start);
    ModuleSource source = source();
    return definition ? new Command.Define(line, source) : new Command.Instantiate(line, source);
  }

  /** The module that must be next, which is passed over. */
  private ModuleSource source() {
    int start = cursor.position();
    if (!cursor.atOpen(Keyword.MODULE)) {
      throw cursor.unexpected("a module");
    }
    int end = cursor.closing();
    begin();
    cursor.accept(Keyword.DEFINITION);
    ModuleSource source = new ModuleSource(cursor.id(), cursor.tokens(), start, false);
    cursor.position(end);
    cursor.close();
    return source;
  }

  private Command begunAssertModule(int line, ModuleFailure failure) {
    begin();
    return assertModule(line, failure);
  }

  private Command assertModule(int line, ModuleFailure failure) {
    ModuleSource source = source();
    String message = cursor.name();
    cursor.close();
    return new Command.AssertModule(line, failure, source, message);
  }

  private Command assertFailure(int line, ActionFailure failure) {
    Action action = action();
    String message = cursor.name();
    cursor.close();
    return new Command.AssertFailure(line, failure, action, message);
  }

  private Command thread(int line, int nesting) {
    if (nesting == MAX_THREAD_NESTING) {
      throw cursor.malformed("nesting too deep: " + nesting + " threads inside each other");
    }
    begin();
    String id = cursor.id();
    List<String> shared = new ArrayList<>();
    while (cursor.acceptOpen(Keyword.SHARED)) {
      cursor.open();
      if (!cursor.accept(Keyword.MODULE)) {
        throw cursor.unexpected("\"module\"");
      }
      shared.add(id());
      cursor.close();
      cursor.close();
    }
    List<Command> commands = commands(nesting + 1);
    cursor.close();
    return new Command.StartThread(line, id, shared, commands);
  }

  private Action action() {
    boolean invoke = cursor.atOpen(Keyword.INVOKE);
    if (!invoke && !cursor.atOpen(Keyword.GET)) {
      throw cursor.unexpected("an action");
    }
    begin();
    String instance = cursor.id();
    String name = cursor.name();
    List<@Nullable Object> arguments = new ArrayList<>();
    while (invoke && cursor.at(TokenKind.LEFT)) {
      arguments.add(values.argument());
    }
    cursor.close();
    return invoke ? new Action.Invoke(instance, name, arguments) : new Action.Get(instance, name);
  }
}
