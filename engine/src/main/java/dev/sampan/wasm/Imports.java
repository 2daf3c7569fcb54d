package dev.sampan.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a module may import: immutable, each method returns a new object. Where several entries know
 * an import, the last one counts.
 */
public final class Imports {

  private static final Imports NONE = new Imports(List.of());

  private final List<ImportSource> sources;

  private Imports(List<ImportSource> sources) {
    this.sources = sources;
  }

  /** No imports at all. */
  public static Imports create() {
    return NONE;
  }

  /** Adds a source of imports. */
  public Imports with(ImportSource source) {
    List<ImportSource> all = new ArrayList<>(sources);
    all.addFirst(source);
    return new Imports(List.copyOf(all));
  }

  /** Adds a function written in Java. */
  public Imports function(String module, String name, HostFunction function) {
    return extern(module, name, function);
  }

  /** Adds a function, memory, table, global or tag. */
  public Imports extern(String module, String name, Importable value) {
    return with(
        wanted ->
            wanted.module().equals(module) && wanted.name().equals(name)
                ? Optional.of(value)
                : Optional.empty());
  }

  /** Adds all exports of an instance. */
  public Imports instance(String module, Instance instance) {
    return with(
        wanted ->
            wanted.module().equals(module) ? instance.export(wanted.name()) : Optional.empty());
  }

  /**
   * Adds a Java object's methods as functions. The rules for names and types are those of {@link
   * Instance#as}; a method may take {@link Memory} or {@link Instance} first, and gets the
   * caller's.
   *
   * @param module the module name of the imports
   * @param type the interface whose methods are offered; nothing else of the object can be reached
   * @param object what does the work
   */
  public <T> Imports module(String module, Class<T> type, T object) {
    ImportSource methods = JavaFunctions.of(type, object);
    return with(
        wanted -> wanted.module().equals(module) ? methods.resolve(wanted) : Optional.empty());
  }

  /** The same imports with fresh state, for one instance. */
  public Imports forInstance() {
    return new Imports(sources.stream().map(ImportSource::forInstance).toList());
  }

  /**
   * Closes the sources that were made for one instance. The engine does so when the instance is
   * closed.
   *
   * @throws IllegalStateException if a source cannot be closed; the others are closed all the same
   */
  public void close() {
    IllegalStateException failure = null;
    for (ImportSource source : sources) {
      if (source instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          failure = new IllegalStateException("an import source cannot be closed", e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Whether any of the sources wants a memory or table to be made that none of them knows. */
  public boolean makes(ImportType wanted) {
    return sources.stream().anyMatch(source -> source.makes(wanted));
  }

  /** Whether a source keeps state for one instance, which ends with it. */
  public boolean haveState() {
    return sources.stream().anyMatch(AutoCloseable.class::isInstance);
  }

  /** What stands for an import, or empty. */
  public Optional<? extends Importable> resolve(ImportType wanted) {
    for (ImportSource source : sources) {
      Optional<? extends Importable> value = source.resolve(wanted);
      if (value.isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }
}
