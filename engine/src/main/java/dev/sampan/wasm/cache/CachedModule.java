package dev.sampan.wasm.cache;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a cache folder keeps for one module: a folder of segments. Each run adds at most a few, and
 * none if it needed nothing new; so a large module's cache grows with what is used of it, and no
 * run writes what another has written.
 */
final class CachedModule implements ClassStore {

  /** With more files than this they are joined to one. */
  private static final int MAX_SEGMENTS = 8;

  /** A module counts as used again when this much time has passed. */
  private static final long USE_MILLIS = 3_600_000;

  private final CacheFolder owner;
  private final Path folder;
  private final Sealer sealer;

  // all guarded by this
  private @Nullable List<Segment> segments;
  private final Map<String, Segment> places = new HashMap<>();
  private Map<String, byte[]> pending = new LinkedHashMap<>();

  CachedModule(CacheFolder owner, Path folder, Sealer sealer) {
    this.owner = owner;
    this.folder = folder;
    this.sealer = sealer;
  }

  @Override
  public synchronized byte @Nullable [] load(String name) {
    open();
    Segment segment = places.get(name);
    if (segment == null) {
      return pending.get(name);
    }
    try {
      return segment.read(name);
    } catch (IOException e) {
      drop(segment);
      return null;
    }
  }

  @Override
  public void store(String name, byte[] content) {
    synchronized (this) {
      pending.put(name, content);
    }
    owner.added(this, content.length);
  }

  private List<Segment> open() {
    List<Segment> opened = segments;
    if (opened == null) {
      opened = new ArrayList<>();
      segments = opened;
      openNew(opened);
      if (!opened.isEmpty()) {
        use();
      }
    }
    return opened;
  }

  /** Opens the segments that are not open yet. */
  private void openNew(List<Segment> opened) {
    Set<Path> known = new HashSet<>();
    opened.forEach(segment -> known.add(segment.file));
    for (Path file : files()) {
      if (!known.contains(file)) {
        try {
          Segment segment = Segment.open(file, sealer);
          opened.add(segment);
          segment.names().forEach(name -> places.putIfAbsent(name, segment));
        } catch (IOException e) {
          delete(file);
        }
      }
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path file : found) {
        if (file.toString().endsWith(CacheFolder.SEGMENT)) {
          files.add(file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return files;
    }
    return files;
  }

  /** Notes that the module is in use, for the choice of what goes first. */
  private void use() {
    try {
      long now = System.currentTimeMillis();
      if (now - Files.getLastModifiedTime(folder).toMillis() > USE_MILLIS) {
        Files.setLastModifiedTime(folder, FileTime.fromMillis(now));
      }
    } catch (IOException e) {
      // then it goes a little earlier
      return;
    }
  }

  /** Drops a file that is damaged; what is right in it is written again, with what is added. */
  private void drop(Segment segment) {
    join(segment, pending);
    remove(segment);
  }

  private void remove(Segment segment) {
    places.values().removeIf(place -> place == segment);
    if (segments != null) {
      segments.remove(segment);
    }
    close(segment);
    delete(segment.file);
  }

  private static void close(Segment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      // it was only read
      return;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it is dropped again the next time
      return;
    }
  }

  /** Writes what has been added; gives its length. */
  synchronized long flush() {
    if (pending.isEmpty()) {
      return 0;
    }
    Map<String, byte[]> entries = pending;
    pending = new LinkedHashMap<>();
    List<Segment> opened = open();
    // another process may have written the same meanwhile
    openNew(opened);
    places.keySet().forEach(entries::remove);
    if (entries.isEmpty()) {
      return 0;
    }
    List<Segment> old = opened.size() < MAX_SEGMENTS ? List.of() : List.copyOf(opened);
    for (Segment segment : old) {
      join(segment, entries);
    }
    try {
      Files.createDirectories(folder);
      String name = UUID.randomUUID() + CacheFolder.SEGMENT;
      Segment.write(folder.resolve(name), sealer, entries);
      old.forEach(this::remove);
      openNew(opened);
    } catch (IOException e) {
      // then it is compiled again the next time
      return 0;
    }
    return entries.values().stream().mapToLong(content -> content.length).sum();
  }

  private static void join(Segment segment, Map<String, byte[]> into) {
    for (String name : segment.names()) {
      try {
        into.putIfAbsent(name, segment.read(name));
      } catch (IOException e) {
        // this is the damaged one
        continue;
      }
    }
  }
}
