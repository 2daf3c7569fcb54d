package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * Loads generated classes that several modules share. It sees the engine, and generated classes as
 * far as its heirs know them; both are asked for nothing else.
 *
 * <p>Few classes share a loader, because the JVM unloads a loader's classes only all at once.
 */
abstract class GeneratedLoader extends ClassLoader {

  /** What the names of all generated classes that modules share begin with. */
  static final String PREFIX = "dev.sampan.wasm.generated.";

  static {
    registerAsParallelCapable();
  }

  private static final @Nullable ClassLoader ENGINE = GeneratedLoader.class.getClassLoader();

  GeneratedLoader() {
    super(ENGINE);
    openEngineTo(this);
  }

  /** Lets classes of a loader use what the engine shows to generated code alone, and be used. */
  static void openEngineTo(ClassLoader loader) {
    Module engine = GeneratedLoader.class.getModule();
    if (engine.isNamed()) {
      Module generated = loader.getUnnamedModule();
      engine.addReads(generated);
      engine.addExports(Aggregate.class.getPackageName(), generated);
      engine.addExports(GeneratedLoader.class.getPackageName(), generated);
    }
  }

  /** Whether a class is one of those that modules share, by its name with dots. */
  static boolean isShared(String className) {
    return className.startsWith(PREFIX);
  }

  @Override
  protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    // the engine's loader is never asked for generated classes: it would keep each name forever
    return isShared(name) ? findClass(name) : Class.forName(name, false, ENGINE);
  }

  @Override
  protected final Class<?> findClass(String name) throws ClassNotFoundException {
    Class<?> known = findLoadedClass(name);
    if (known == null) {
      known = shared(name);
    }
    if (known == null) {
      throw new ClassNotFoundException(name);
    }
    return known;
  }

  /** A generated class that the loader has not defined yet, or that another one has. */
  abstract @Nullable Class<?> shared(String name);

  /** Defines a class. */
  final Class<?> define(String name, byte[] bytes) {
    return defineClass(name, bytes, 0, bytes.length);
  }
}
