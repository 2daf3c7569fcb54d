package dev.sampan.apps.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Modules in files that are named by the digests of their content. One that is in use by nobody is
 * deleted; while it is being installed it is held, so that nobody deletes it before its app is
 * known.
 */
public final class Modules {

  /** What a digest begins with. */
  public static final String ALGORITHM = "sha256:";

  private static final String UNFINISHED = "unfinished-";
  private static final int CHUNK = 1 << 16;

  private final Path folder;
  private final Map<String, Integer> held = new HashMap<>();

  /** A module that is not deleted as long as this is not closed. */
  public final class Held implements AutoCloseable {
    private final String digest;
    private boolean released;

    private Held(String digest) {
      this.digest = digest;
    }

    /** Its digest. */
    public String digest() {
      return digest;
    }

    @Override
    public void close() {
      synchronized (held) {
        if (!released) {
          released = true;
          held.merge(digest, -1, (a, b) -> a + b == 0 ? null : a + b);
        }
      }
    }
  }

  Modules(Path folder) throws IOException {
    this.folder = folder;
    Disk.makePrivateFolder(folder);
  }

  private Path file(String digest) {
    return folder.resolve(digest.substring(ALGORITHM.length()) + ".wasm");
  }

  /**
   * Keeps a module.
   *
   * @param maxBytes how long it may be
   * @throws TooLargeException if it is longer
   */
  public Held add(InputStream content, long maxBytes) throws IOException {
    Path unfinished = Files.createTempFile(folder, UNFINISHED, "");
    try {
      MessageDigest sha = sha256();
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        byte[] chunk = new byte[CHUNK];
        long total = 0;
        for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
          total += n;
          if (total > maxBytes) {
            throw new TooLargeException(maxBytes);
          }
          sha.update(chunk, 0, n);
          Disk.write(channel, ByteBuffer.wrap(chunk, 0, n));
        }
        channel.force(true);
      }
      String digest = ALGORITHM + HexFormat.of().formatHex(sha.digest());
      synchronized (held) {
        // the same content is written again, in case that what is there has been damaged
        Disk.moveIntoPlace(unfinished, file(digest));
        held.merge(digest, 1, Integer::sum);
      }
      return new Held(digest);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** A module that is longer than it may be. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(long maxBytes) {
      super("a module of more than " + maxBytes + " bytes is not accepted");
    }
  }

  /** How long a module is, in bytes; 0 if it is missing. */
  public long size(String digest) {
    try {
      return Files.size(file(digest));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * The content of a module.
   *
   * @throws StoreException if it is missing, or is not what it was
   */
  public byte[] read(String digest) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file(digest));
    } catch (NoSuchFileException e) {
      throw new StoreException("module " + digest + " is missing in " + folder);
    }
    String found = ALGORITHM + HexFormat.of().formatHex(sha256().digest(content));
    if (!found.equals(digest)) {
      throw new StoreException(
          "module " + digest + " is damaged: the content of its file has the digest " + found);
    }
    return content;
  }

  /** Deletes what is neither used nor held. */
  void deleteAllBut(Set<String> used) throws IOException {
    synchronized (held) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = String.valueOf(file.getFileName());
          boolean module = name.endsWith(".wasm");
          String digest =
              module ? ALGORITHM + name.substring(0, name.length() - ".wasm".length()) : "";
          if (module && !used.contains(digest) && !held.containsKey(digest)) {
            Files.deleteIfExists(file);
          }
        }
      }
    }
  }

  /** Deletes what was not finished when the process before this one ended. */
  void deleteUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (String.valueOf(file.getFileName()).startsWith(UNFINISHED)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
