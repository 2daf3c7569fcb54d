package dev.sampan.wasm.compile;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads a module's classes, and makes each when the Java virtual machine first asks for it: so
 * nothing is compiled that is not called. The classes go when the module goes.
 */
final class ModuleLoader extends ClassLoader {

  private static final String PACKAGE = "wasm.";
  private static final @Nullable ClassLoader ENGINE = ModuleLoader.class.getClassLoader();

  private final ModuleCode code;
  private final ConcurrentMap<String, Class<?>> shared = new ConcurrentHashMap<>();

  ModuleLoader(ModuleCode code) {
    super(code.shape().module().name().isEmpty() ? "wasm" : code.shape().module().name(), ENGINE);
    this.code = code;
    GeneratedLoader.openEngineTo(this);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(PACKAGE)) {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : findClass(name);
      }
    }
    if (GeneratedLoader.isShared(name)) {
      Class<?> known = shared.get(name);
      if (known == null) {
        known = code.sharedClass(name);
        if (known == null) {
          throw new ClassNotFoundException(name);
        }
        shared.put(name, known);
      }
      return known;
    }
    return Class.forName(name, false, ENGINE);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = code.classFile(name.replace('.', '/'));
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }
}
