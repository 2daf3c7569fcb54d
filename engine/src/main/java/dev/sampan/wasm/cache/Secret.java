package dev.sampan.wasm.cache;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/**
 * The secret of a cache folder: random bytes in a file that its owner alone can read. Who cannot
 * read it cannot forge an entry.
 */
final class Secret {

  private static final String FILE = "secret";
  private static final int BYTES = 32;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private Secret() {}

  /**
   * The secret of a folder; makes the folder and the secret if they are not there.
   *
   * @throws IOException if there is none that can be trusted
   */
  static byte[] of(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    for (int i = 0; i < 2; i++) {
      try {
        checkOwner(file);
        byte[] secret = Files.readAllBytes(file);
        if (secret.length != BYTES) {
          throw new IOException(file + ": expected " + BYTES + " bytes, found " + secret.length);
        }
        return secret;
      } catch (NoSuchFileException e) {
        create(folder, file);
      }
    }
    throw new IOException(file + ": went away");
  }

  private static void create(Path folder, Path file) throws IOException {
    boolean posix = Files.getFileStore(existing(folder)).supportsFileAttributeView("posix");
    Files.createDirectories(folder, permissions(posix, "rwx------"));
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    Path complete = Files.createTempFile(folder, FILE, ".tmp", permissions(posix, "rw-------"));
    try {
      Files.write(complete, secret);
      // a link, because that fails if another process has been faster
      Files.createLink(file, complete);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (UnsupportedOperationException e) {
      Files.move(complete, file);
      return;
    } finally {
      Files.deleteIfExists(complete);
    }
  }

  private static Path existing(Path folder) throws IOException {
    Path path = folder.toAbsolutePath();
    while (!Files.exists(path)) {
      Path parent = path.getParent();
      if (parent == null) {
        throw new NoSuchFileException(folder.toString());
      }
      path = parent;
    }
    return path;
  }

  private static FileAttribute<?>[] permissions(boolean posix, String permissions) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Where the system knows permissions, the file must be ours, and nobody else may read it. */
  private static void checkOwner(Path file) throws IOException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (UnsupportedOperationException e) {
      return;
    }
    if (!attributes.isRegularFile()) {
      throw new IOException(file + ": no regular file");
    }
    for (PosixFilePermission permission : attributes.permissions()) {
      if (OTHERS.contains(permission)) {
        throw new IOException(file + ": others than its owner have access");
      }
    }
    if (!isOurs(file, attributes)) {
      throw new IOException(file + ": belongs to " + attributes.owner());
    }
  }

  private static boolean isOurs(Path file, PosixFileAttributes attributes) throws IOException {
    Path process = Path.of("/proc/self");
    if (Files.exists(process)) {
      Object own = Files.getAttribute(process, "unix:uid");
      return own.equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }
    return attributes.owner().getName().equals(System.getProperty("user.name"));
  }
}
