package dev.sampan.wasm.cache;

import org.jspecify.annotations.Nullable;

/**
 * Where the generated classes of one module are kept, by names that the compiler chooses. Any
 * number of threads may use it.
 */
public interface ClassStore {

  /** Keeps nothing. */
  ClassStore NONE =
      new ClassStore() {
        @Override
        public byte @Nullable [] load(String name) {
          return null;
        }

        @Override
        public void store(String name, byte[] content) {}
      };

  /** What was stored under a name, unchanged; or null if nothing was, or if it is damaged. */
  byte @Nullable [] load(String name);

  /**
   * Keeps something, unless that is not possible.
   *
   * @param content the content; the array must not change afterwards
   */
  void store(String name, byte[] content);
}
