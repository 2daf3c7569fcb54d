package dev.sampan.wasm;

import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.binary.ModuleReader;
import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.compile.Compiler;
import dev.sampan.wasm.interpret.Interpreter;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TypeRegistry;
import dev.sampan.wasm.runtime.Executor;
import dev.sampan.wasm.runtime.HostExterns;
import dev.sampan.wasm.runtime.HostFunc;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.runtime.TagInstance;
import dev.sampan.wasm.text.Source;
import dev.sampan.wasm.text.TextPrinter;
import dev.sampan.wasm.text.TextReader;
import dev.sampan.wasm.valid.ModuleContext;
import dev.sampan.wasm.valid.Validator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of everything: loads modules, and makes what does not come from one.
 *
 * <p>One engine per process is usual; several do not disturb each other, but modules of different
 * engines cannot share types. An engine is immutable and may be used by any number of threads.
 *
 * <p>This class is the one place where the parts of the engine are put together.
 */
public final class Engine implements AutoCloseable {

  private final TypeRegistry types = new TypeRegistry();
  private final ExecutionMode mode;
  private final int threads;

  private Engine(Builder builder) {
    this.mode = builder.mode;
    this.threads = builder.threads;
  }

  /** An engine with the default configuration. */
  public static Engine create() {
    return builder().build();
  }

  /** A configuration to be changed. */
  public static Builder builder() {
    return new Builder(ExecutionMode.COMPILER, Runtime.getRuntime().availableProcessors());
  }

  /** An engine's configuration: immutable, each method returns a changed copy. */
  public static final class Builder {
    private final ExecutionMode mode;
    private final int threads;

    private Builder(ExecutionMode mode, int threads) {
      this.mode = mode;
      this.threads = threads;
    }

    /** How code is run. */
    public Builder mode(ExecutionMode newMode) {
      return new Builder(newMode, threads);
    }

    /**
     * How many threads may work on one module while it is loaded, the caller's among them; by
     * default as many as there are processors.
     */
    public Builder threads(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("an engine needs at least 1 thread, found " + count);
      }
      return new Builder(mode, count);
    }

    /** The engine. */
    public Engine build() {
      return new Engine(this);
    }
  }

  /** How this engine runs code. */
  public ExecutionMode mode() {
    return mode;
  }

  /**
   * Reads and validates a module from a file, binary or text.
   *
   * @throws IOException if the file cannot be read
   * @throws MalformedException if it is no module
   * @throws InvalidException if the module breaks a rule
   */
  public WasmModule load(Path file) throws IOException {
    long size = Files.size(file);
    if (size > ModuleLimits.MODULE_BYTES) {
      throw new MalformedException(
          "module too large: " + size + " bytes, limit " + ModuleLimits.MODULE_BYTES);
    }
    return load(Files.readAllBytes(file), String.valueOf(file.getFileName()));
  }

  /**
   * Reads and validates a module from a file whose content is at hand, binary or text.
   *
   * @param module the content; the array must not change afterwards
   * @param fileName what messages call it; without folder and extension it is the module's name if
   *     it has none of its own
   * @throws MalformedException if it is no module
   * @throws InvalidException if the module breaks a rule
   */
  public WasmModule load(byte[] module, String fileName) {
    int slash = Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\'));
    String name = fileName.substring(slash + 1);
    int dot = name.lastIndexOf('.');
    return load(module, fileName, dot > 0 ? name.substring(0, dot) : name);
  }

  /**
   * Reads and validates a module, binary or text.
   *
   * @param module the module; the array must not change afterwards
   * @throws MalformedException if it is no module
   * @throws InvalidException if the module breaks a rule
   */
  public WasmModule load(byte[] module) {
    return load(module, "module", "module");
  }

  /**
   * Reads and validates a module in the text format.
   *
   * @throws MalformedException if it is no module
   * @throws InvalidException if the module breaks a rule
   */
  public WasmModule load(String text) {
    return load(assemble(text, "module"), "module", "module");
  }

  private WasmModule load(byte[] module, String fileName, String name) {
    ModuleDefinition definition = ModuleReader.read(binary(module, fileName));
    ModuleContext context = Validator.validate(definition, types, threads);
    return new LoadedModule(
        name, context.module(), context.types(), loaded -> executor(loaded, context));
  }

  private Executor executor(LoadedModule module, ModuleContext context) {
    return switch (mode) {
      case INTERPRETER -> new Interpreter(module, context);
      case COMPILER -> new Compiler(module, context);
    };
  }

  /**
   * A module in the binary format, whichever it is in; it is not validated.
   *
   * @param module the module, binary or text; if binary, it is the result itself
   * @param fileName what messages call it
   * @throws MalformedException if it is text and no module
   */
  public static byte[] binary(byte[] module, String fileName) {
    return isText(module) ? assemble(decode(module, fileName), fileName) : module;
  }

  /** Text cannot begin with the zero byte that every binary begins with. */
  private static boolean isText(byte[] module) {
    int start = 0;
    while (start < module.length && " \t\r\n".indexOf(module[start]) >= 0) {
      start++;
    }
    return start < module.length && (module[start] == '(' || module[start] == ';');
  }

  private static String decode(byte[] text, String fileName) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("malformed UTF-8 encoding: in " + fileName, e);
    }
  }

  /**
   * Translates a module from the text format to the binary format, without validating it.
   *
   * @param text the module
   * @param fileName what messages call it
   * @throws MalformedException if it is no module
   */
  public static byte[] assemble(String text, String fileName) {
    return ModuleWriter.write(TextReader.read(Source.of(fileName, text)));
  }

  /**
   * Translates a module to the text format, without validating it.
   *
   * @param module the module, binary
   * @throws MalformedException if it is no module
   */
  public static String print(byte[] module) {
    return TextPrinter.print(ModuleReader.read(module));
  }

  /**
   * A Java function with a type, for tables and for calls by reference. For imports, {@link
   * Imports#function} needs no type.
   */
  public Func function(FuncType type, HostFunction function) {
    return new HostFunc(definition(type), function, "of the host");
  }

  /** A memory that modules can import; its size counts against no instance's limits. */
  public Memory memory(MemoryType type) {
    return HostExterns.memory(type);
  }

  /**
   * A table that modules can import; its size counts against no instance's limits.
   *
   * @param value the first value of all elements
   */
  public Table table(TableType type, @Nullable Object value) {
    return HostExterns.table(type, value);
  }

  /**
   * A global that modules can import.
   *
   * @throws IllegalArgumentException if the value has another type
   */
  public Global global(GlobalType type, @Nullable Object value) {
    return HostExterns.global(type, value);
  }

  /** A kind of exception that modules can import. */
  public Tag tag(FuncType type) {
    return new TagInstance(definition(type));
  }

  private DefType definition(FuncType type) {
    return types.define(type);
  }

  /** Ends the engine. Its modules and instances can still be used; nothing is left behind. */
  @Override
  public void close() {
    // nothing of the engine outlives its modules
  }
}
