package dev.sampan.wasm;

import java.util.Optional;

/**
 * Something that can satisfy imports, such as an operating system's interface. One source may serve
 * many instances; one that keeps state for each, such as open files, hands out a new source in
 * {@link #forInstance}.
 */
@FunctionalInterface
public interface ImportSource {

  /** What stands for an import, or empty if this source does not know it. */
  Optional<? extends Importable> resolve(ImportType wanted);

  /**
   * The source that serves one instance; called once for each instantiation. If it is {@link
   * AutoCloseable}, it is closed with the instance.
   */
  default ImportSource forInstance() {
    return this;
  }

  /**
   * Whether a memory or table that a module imports and no source knows is made anew for the
   * instance, within its limits. Modules with threads import their memory, so that the instances of
   * all threads can share it, and others expect a host to have one, but nobody in particular.
   *
   * @param wanted an import of a memory or table
   */
  default boolean makes(ImportType wanted) {
    return false;
  }
}
