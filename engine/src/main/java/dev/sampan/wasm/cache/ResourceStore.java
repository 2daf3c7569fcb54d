package dev.sampan.wasm.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Generated classes that lie in the class path beside their module. They are as trustworthy as any
 * class there, so they are not sealed; but they must be of this module and of this engine.
 */
public final class ResourceStore implements ClassStore {

  private static final String ROOT = "META-INF/sampan/";
  private static final String ORIGIN = "origin";

  private final ClassLoader loader;
  private final String folder;

  private ResourceStore(ClassLoader loader, String folder) {
    this.loader = loader;
    this.folder = folder;
  }

  /** Where a module lies in the class path, by its name. */
  public static String moduleResource(String name) {
    return ROOT + name + ".wasm";
  }

  private static String folder(String name) {
    return ROOT + name + "/";
  }

  private static String origin(byte[] digest) {
    return BuildId.ofThisEngine() + " " + HexFormat.of().formatHex(digest);
  }

  /** What lies in the class path for a module; nothing if it is of another engine or module. */
  public static ClassStore open(ClassLoader loader, String name, byte[] digest) {
    ResourceStore store = new ResourceStore(loader, folder(name));
    byte[] origin = store.load(ORIGIN);
    boolean fits =
        origin != null
            && !BuildId.ofThisEngine().isEmpty()
            && new String(origin, StandardCharsets.UTF_8).equals(origin(digest));
    return fits ? store : ClassStore.NONE;
  }

  /**
   * Hands what is stored to the one who writes the class path.
   *
   * @param files takes the files by their names in the class path; it may be called by several
   *     threads, one after the other
   */
  public static ClassStore writer(String name, byte[] digest, BiConsumer<String, byte[]> files) {
    String folder = folder(name);
    files.accept(folder + ORIGIN, origin(digest).getBytes(StandardCharsets.UTF_8));
    return new ClassStore() {
      @Override
      public byte @Nullable [] load(String entry) {
        return null;
      }

      @Override
      public synchronized void store(String entry, byte[] content) {
        files.accept(folder + entry, content);
      }
    };
  }

  @Override
  public byte @Nullable [] load(String name) {
    try (InputStream in = loader.getResourceAsStream(folder + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void store(String name, byte[] content) {
    // the class path is not written to
  }
}
