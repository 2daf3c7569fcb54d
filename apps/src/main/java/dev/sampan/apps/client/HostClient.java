package dev.sampan.apps.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Asks a host by its Unix domain socket. One request at a time, in HTTP/1.0, so that the end of the
 * connection is the end of the answer: the JDK's client knows no such sockets, and a whole library
 * would take longer to load than the answer takes.
 */
public final class HostClient {

  /** The header that says what a body is; a module, if that is not given. */
  public static final String CONTENT_TYPE = "Content-Type";

  private static final int MAX_LINE = 64 << 10;

  private final Path socket;

  /**
   * A client.
   *
   * @param socket the path of the host's socket
   */
  public HostClient(Path socket) {
    this.socket = socket;
  }

  /** An answer, to be closed when it has been read. */
  public static final class Answer implements AutoCloseable {
    private final SocketChannel channel;
    private final int status;
    private final InputStream body;

    private Answer(SocketChannel channel, int status, InputStream body) {
      this.channel = channel;
      this.status = status;
      this.body = body;
    }

    /** The status of HTTP. */
    public int status() {
      return status;
    }

    /** The body. */
    public InputStream body() {
      return body;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Asks without a body. */
  public Answer ask(String method, String path) throws IOException {
    return ask(method, path, Map.of(), InputStream.nullInputStream(), 0);
  }

  /**
   * Asks.
   *
   * @param path with the query
   * @param headers further headers; values in ASCII, without control characters
   * @param body as many bytes as the length says
   * @throws IOException if there is no host, or it does not answer
   */
  public Answer ask(
      String method, String path, Map<String, String> headers, InputStream body, long length)
      throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean answered = false;
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      StringBuilder head =
          new StringBuilder(method).append(' ').append(path).append(" HTTP/1.0\r\n");
      head.append("Host: localhost\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      if (length > 0 && !headers.containsKey(CONTENT_TYPE)) {
        head.append(CONTENT_TYPE).append(": application/wasm\r\n");
      }
      head.append("Content-Length: ").append(length).append("\r\n\r\n");
      OutputStream out = Channels.newOutputStream(channel);
      out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      try {
        body.transferTo(out);
      } catch (IOException e) {
        // who refuses a body may answer without having read all of it
      }
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      Answer answer = new Answer(channel, status(in), in);
      answered = true;
      return answer;
    } finally {
      if (!answered) {
        channel.close();
      }
    }
  }

  private static int status(InputStream in) throws IOException {
    String[] words = line(in).split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[0-9]{3}")) {
      throw new IOException("expected an answer of HTTP, found '" + String.join(" ", words) + "'");
    }
    while (!line(in).isEmpty()) {
      // nothing in the header is needed: the body ends with the connection
    }
    return Integer.parseInt(words[1]);
  }

  private static String line(InputStream in) throws IOException {
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
}
