package dev.sampan.apps.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What stands before the body of an answer.
 *
 * @param headers by their names in small letters
 */
record AnswerHead(int status, Map<String, String> headers) {

  /** The host wants to have the request's body. */
  static final int CONTINUE = 100;

  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_HEADERS = 200;

  static AnswerHead read(InputStream in) throws IOException {
    String[] words = line(in).split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
      throw new IOException("expected an answer of HTTP, found '" + String.join(" ", words) + "'");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MAX_HEADERS) {
        throw new IOException("the host's answer has a header that is not understood: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new AnswerHead(Integer.parseInt(words[1]), headers);
  }

  /** A line without its end. */
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the host has closed the connection without an answer");
      }
      if (line.size() == MAX_LINE) {
        throw new IOException("the host's answer has a line of more than " + MAX_LINE + " bytes");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /**
   * The body that follows.
   *
   * @param method what was asked
   */
  InputStream body(String method, InputStream in) throws IOException {
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return AnswerBody.chunked(in);
    }
    String length = headers.getOrDefault("content-length", "");
    if (length.isEmpty()) {
      return in; // the end of the connection is the end of the body
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw new IOException("expected the length of the host's answer, found '" + length + "'");
    }
    return AnswerBody.ofLength(in, Long.parseLong(length));
  }
}
