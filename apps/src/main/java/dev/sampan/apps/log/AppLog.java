package dev.sampan.apps.log;

import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The log of one app: lines of JSON ({@link LogLine}) in two files, of which the older one is
 * thrown away when the younger one is full. What cannot be written, because the disk is full, is
 * lost, and the app goes on.
 */
public final class AppLog implements AutoCloseable {

  /** Lines that wait for a follower; one who is slower than that misses some. */
  private static final int WAITING = 1_000;

  private static final int MAX_TAIL_BYTES = 8 << 20;

  private final Path younger;
  private final Path older;
  private final Set<Follower> followers = new CopyOnWriteArraySet<>();
  private volatile long maxBytes;

  private @Nullable OutputStream out;
  private long size;
  private boolean closed;

  /**
   * A log.
   *
   * @param folder where its files are; made when something is written
   * @param maxBytes how long both files may be together
   */
  public AppLog(Path folder, long maxBytes) {
    this.younger = folder.resolve("log.jsonl");
    this.older = folder.resolve("log.1.jsonl");
    this.maxBytes = maxBytes;
  }

  /** Changes how long the files may be. */
  public void maxBytes(long bytes) {
    maxBytes = bytes;
  }

  /** Adds a line. */
  public void write(int revision, String stream, String text) {
    String line = new String(json(revision, stream, text), StandardCharsets.UTF_8);
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      if (!closed) {
        try {
          append(bytes);
        } catch (IOException e) {
          // the app must not suffer from a full disk
          closeFile();
        }
      }
    }
    for (Follower follower : followers) {
      follower.offer(line);
    }
  }

  private static byte[] json(int revision, String stream, String text) {
    return Json.bytes(new LogLine(Instant.now(), revision, stream, text));
  }

  private void append(byte[] line) throws IOException {
    OutputStream file = out;
    if (file == null) {
      Files.createDirectories(younger.toAbsolutePath().getParent());
      boolean cutOff = lastLineIsCutOff();
      file = Files.newOutputStream(younger, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      out = file;
      if (cutOff) {
        file.write('\n');
      }
      size = Files.size(younger);
    }
    if (size > 0 && size + line.length > maxBytes / 2) {
      file.close();
      out = null;
      Files.move(younger, older, StandardCopyOption.REPLACE_EXISTING);
      file = Files.newOutputStream(younger, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      out = file;
      size = 0;
    }
    file.write(line);
    size += line.length;
  }

  /** Whether there is a line without an end, as a crash or a full disk leaves it. */
  private boolean lastLineIsCutOff() throws IOException {
    if (Files.notExists(younger) || Files.size(younger) == 0) {
      return false;
    }
    try (SeekableByteChannel file = Files.newByteChannel(younger)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      file.position(file.size() - 1).read(last);
      return last.get(0) != '\n';
    }
  }

  /** A stream of a guest whose lines become lines of the log. */
  public LineStream stream(int revision, String name) {
    return new LineStream(line -> write(revision, name, line));
  }

  /**
   * The last lines, as JSON; lines that were cut off by a crash are left out. There are fewer if
   * they would be longer than 8 MiB for each file: what is asked for must not fill the heap.
   */
  public synchronized List<String> tail(int count) {
    List<String> younger = lines(this.younger, count);
    List<String> last = new ArrayList<>(lines(older, count - younger.size()));
    last.addAll(younger);
    last.removeIf(line -> !line.startsWith("{") || !line.endsWith("}"));
    return last;
  }

  private static List<String> lines(Path file, int count) {
    try {
      return LastLines.of(file, count, MAX_TAIL_BYTES);
    } catch (IOException e) {
      return List.of(); // mostly because there is none
    }
  }

  // ---- following ----

  /** Somebody who is told of each line from now on. */
  public final class Follower implements AutoCloseable {
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(WAITING);

    private void offer(String line) {
      if (!waiting.offer(line)) {
        waiting.poll();
        waiting.offer(line);
      }
    }

    /** The next line, as JSON, or null if there is none in this time. */
    public @Nullable String next(long millis) throws InterruptedException {
      return waiting.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Whether there will be no more lines. */
    public boolean isOver() {
      synchronized (AppLog.this) {
        return closed && waiting.isEmpty();
      }
    }

    @Override
    public void close() {
      followers.remove(this);
    }
  }

  /** Follows the log. */
  public Follower follow() {
    Follower follower = new Follower();
    followers.add(follower);
    return follower;
  }

  private void closeFile() {
    try (OutputStream file = out) {
      out = null;
    } catch (IOException e) {
      // nothing more can be done for these lines
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeFile();
  }

  /** Deletes the files. */
  public synchronized void delete() throws IOException {
    close();
    Files.deleteIfExists(older);
    Files.deleteIfExists(younger);
    Files.deleteIfExists(younger.toAbsolutePath().getParent());
  }
}
