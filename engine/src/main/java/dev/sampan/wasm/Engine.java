package dev.sampan.wasm;

import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.binary.ModuleReader;
import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.cache.CacheFolder;
import dev.sampan.wasm.cache.ClassStore;
import dev.sampan.wasm.cache.ModuleDigest;
import dev.sampan.wasm.cache.ResourceStore;
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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
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

  /** What a cache holds for a module whose functions have been found valid as they are. */
  private static final String VALID = "valid";

  private final TypeRegistry types = new TypeRegistry();
  private final ExecutionMode mode;
  private final int threads;
  private final @Nullable CacheFolder cache;
  private final int minCachedBytes;

  private Engine(Builder builder) {
    this.mode = builder.mode;
    this.threads = builder.threads;
    CodeCache wanted = builder.codeCache;
    this.cache =
        wanted == null || mode != ExecutionMode.COMPILER
            ? null
            : new CacheFolder(wanted.folder(), wanted.maxBytes());
    this.minCachedBytes = wanted == null ? 0 : wanted.minModuleBytes();
  }

  /** An engine with the default configuration. */
  public static Engine create() {
    return builder().build();
  }

  /** A configuration to be changed. */
  public static Builder builder() {
    return new Builder(ExecutionMode.COMPILER, Runtime.getRuntime().availableProcessors(), null);
  }

  /** An engine's configuration: immutable, each method returns a changed copy. */
  public static final class Builder {
    private final ExecutionMode mode;
    private final int threads;
    private final @Nullable CodeCache codeCache;

    private Builder(ExecutionMode mode, int threads, @Nullable CodeCache codeCache) {
      this.mode = mode;
      this.threads = threads;
      this.codeCache = codeCache;
    }

    /** How code is run. */
    public Builder mode(ExecutionMode newMode) {
      return new Builder(newMode, threads, codeCache);
    }

    /**
     * How many threads may work on one module while it is loaded, the caller's among them; by
     * default as many as there are processors.
     */
    public Builder threads(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("an engine needs at least 1 thread, found " + count);
      }
      return new Builder(mode, count, codeCache);
    }

    /**
     * Keeps generated classes in a folder for other runs; without this they go with their modules.
     * What has been generated is written from time to time and when the engine is closed.
     *
     * @param cache the folder, or null for none
     */
    public Builder codeCache(@Nullable CodeCache cache) {
      return new Builder(mode, threads, cache);
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

  /**
   * Reads a module that lies in the class path together with its generated classes, as {@link
   * #compile} writes them. Classes of another build of the engine, or of another module, do not
   * count; then they are generated as for any module.
   *
   * @param name what the module was called when it was compiled
   * @param classPath where it lies
   * @throws IOException if there is no such module, or it cannot be read
   */
  public WasmModule loadCompiled(String name, ClassLoader classPath) throws IOException {
    String resource = ResourceStore.moduleResource(name);
    byte[] module;
    try (InputStream in = classPath.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is not in the class path");
      }
      module = in.readAllBytes();
    }
    if (mode != ExecutionMode.COMPILER) {
      return load(module, name, name);
    }
    ModuleDigest digest = ModuleDigest.of(module, threads);
    ModuleDefinition definition = ModuleReader.read(module);
    return load(definition, name, ResourceStore.open(classPath, name, digest.get()));
  }

  /**
   * Generates all classes of a module ahead of time. The result runs on every system with this
   * build of the engine.
   *
   * @param module the module, binary or text; the array must not change afterwards
   * @param name what it is to be called
   * @param files takes the files, the module among them, by their names in the class path; it may
   *     be called by several threads, one after the other
   * @throws MalformedException if it is no module
   * @throws InvalidException if the module breaks a rule
   */
  public void compile(byte[] module, String name, BiConsumer<String, byte[]> files) {
    byte[] binary = binary(module, name);
    ModuleDefinition definition = ModuleReader.read(binary);
    ModuleContext context = Validator.validate(definition, types, threads);
    files.accept(ResourceStore.moduleResource(name), binary);
    ClassStore store = ResourceStore.writer(name, ModuleDigest.of(binary, threads).get(), files);
    if (context.module() == definition) {
      store.store(VALID, new byte[0]);
    }
    new LoadedModule(
        name,
        context.module(),
        context.types(),
        loaded -> {
          Compiler compiler = new Compiler(loaded, context, store);
          compiler.generateAll(threads);
          return compiler;
        });
  }

  private WasmModule load(byte[] module, String fileName, String name) {
    byte[] binary = binary(module, fileName);
    ModuleDigest digest =
        cache == null || binary.length < minCachedBytes ? null : ModuleDigest.of(binary, threads);
    ModuleDefinition definition = ModuleReader.read(binary);
    ClassStore store =
        cache == null || digest == null
            ? ClassStore.NONE
            : cache.module(digest.get(), NameSection.moduleName(definition).orElse(name));
    return load(definition, name, store);
  }

  private WasmModule load(ModuleDefinition definition, String name, ClassStore store) {
    ModuleContext context = validate(definition, store);
    return new LoadedModule(
        name, context.module(), context.types(), loaded -> executor(loaded, context, store));
  }

  private ModuleContext validate(ModuleDefinition definition, ClassStore store) {
    if (store.load(VALID) != null) {
      return Validator.validateAgain(definition, types);
    }
    ModuleContext context = Validator.validate(definition, types, threads);
    if (context.module() == definition) {
      store.store(VALID, new byte[0]);
    }
    return context;
  }

  private Executor executor(LoadedModule module, ModuleContext context, ClassStore store) {
    return switch (mode) {
      case INTERPRETER -> new Interpreter(module, context);
      case COMPILER -> new Compiler(module, context, store);
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

  /**
   * A memory that modules can import. Its size counts against no instance's limits: without a
   * maximum in its type, guests can grow it as far as the Java heap goes.
   */
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

  /**
   * Ends the engine, and writes what its code cache does not hold yet. Its modules and instances
   * can still be used.
   */
  @Override
  public void close() {
    if (cache != null) {
      cache.flush();
    }
  }
}
