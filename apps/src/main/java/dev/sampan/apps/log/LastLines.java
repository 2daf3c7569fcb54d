package dev.sampan.apps.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a file, without reading what comes before them. */
final class LastLines {

  private static final int BLOCK = 1 << 16;

  private LastLines() {}

  /**
   * Reads the last lines, the latest one last.
   *
   * @param count how many at most
   * @param maxBytes how long they may be together; then there are fewer
   * @throws IOException if the file cannot be read, above all because there is none
   */
  static List<String> of(Path file, int count, int maxBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long end = channel.size();
      long begin = begin(channel, end, count, maxBytes);
      byte[] content = read(channel, begin, (int) (end - begin));
      return new String(content, StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Where the first of the lines begins. */
  private static long begin(FileChannel channel, long end, int count, int maxBytes)
      throws IOException {
    long known = end; // a line begins here
    int lines = 0;
    // the end of the last line is no beginning of another one
    long at = end - 1;
    while (at > 0 && lines < count) {
      int length = (int) Math.min(BLOCK, at);
      byte[] block = read(channel, at - length, length);
      for (int i = length - 1; i >= 0 && lines < count; i--) {
        at--;
        if (end - at > maxBytes) {
          return known;
        }
        if (block[i] == '\n') {
          known = at + 1;
          lines++;
        }
      }
    }
    return lines < count ? 0 : known;
  }

  private static byte[] read(FileChannel channel, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
      // there is more
    }
    return bytes.array();
  }
}
