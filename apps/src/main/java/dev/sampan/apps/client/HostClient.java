package dev.sampan.apps.client;

import dev.sampan.apps.tls.Trust;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Asks a host, by its Unix domain socket or over the network with TLS. One request on each
 * connection: the JDK's client knows no such sockets, and a whole library would take longer to load
 * than the answer takes.
 */
public final class HostClient {

  /** The header that says what a body is; a module, if that is not given. */
  public static final String CONTENT_TYPE = "Content-Type";

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A verb may wait for guests that end or are checked; a log that is followed says something. */
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private static final int HTTPS = 443;

  private final Opening opening;
  private final String authority;
  private final Optional<String> token;

  /** A connection. */
  private record Connection(InputStream in, OutputStream out, Closeable socket) {}

  private interface Opening {
    Connection open() throws IOException;
  }

  private HostClient(Opening opening, String authority, Optional<String> token) {
    this.opening = opening;
    this.authority = authority;
    this.token = token;
  }

  /**
   * A client of a host on this machine.
   *
   * @param socket the path of the host's socket
   */
  public HostClient(Path socket) {
    this(() -> local(socket), "localhost", Optional.empty());
  }

  /**
   * A client of a host on the network.
   *
   * @param host {@code https://NAME:PORT}
   * @param token who asks
   */
  public static HostClient remote(URI host, Trust trust, String token) {
    int port = host.getPort() < 0 ? HTTPS : host.getPort();
    String name = host.getHost();
    return new HostClient(() -> secure(name, port, trust), name + ":" + port, Optional.of(token));
  }

  private static Connection local(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean open = false;
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      open = true;
      return new Connection(
          Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    } finally {
      if (!open) {
        channel.close();
      }
    }
  }

  private static Connection secure(String host, int port, Trust trust) throws IOException {
    // an address of IPv6 stands in brackets in a URL
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    Socket socket = new Socket();
    boolean open = false;
    try {
      socket.connect(new InetSocketAddress(name, port), (int) CONNECT.toMillis());
      socket.setSoTimeout((int) CONNECT.toMillis());
      SSLSocket secure = trust.over(socket, name, port);
      secure.startHandshake();
      socket.setSoTimeout((int) SILENCE.toMillis());
      open = true;
      return new Connection(secure.getInputStream(), secure.getOutputStream(), secure);
    } finally {
      if (!open) {
        socket.close();
      }
    }
  }

  /** An answer, to be closed when it has been read. */
  public static final class Answer implements AutoCloseable {
    private final Closeable socket;
    private final int status;
    private final InputStream body;

    private Answer(Closeable socket, int status, InputStream body) {
      this.socket = socket;
      this.status = status;
      this.body = body;
    }

    /** The status of HTTP. */
    public int status() {
      return status;
    }

    /** The body; it throws if the connection ends before it is complete. */
    public InputStream body() {
      return body;
    }

    @Override
    public void close() throws IOException {
      socket.close();
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
    Connection connection = opening.open();
    boolean answered = false;
    try {
      connection.out().write(head(method, path, headers, length));
      connection.out().flush();
      InputStream in = new BufferedInputStream(connection.in());
      AnswerHead head = AnswerHead.read(in);
      if (head.status() == AnswerHead.CONTINUE) {
        send(body, connection.out());
        head = AnswerHead.read(in);
      }
      Answer answer = new Answer(connection.socket(), head.status(), head.body(method, in));
      answered = true;
      return answer;
    } finally {
      if (!answered) {
        connection.socket().close();
      }
    }
  }

  private static void send(InputStream body, OutputStream out) {
    try {
      body.transferTo(out);
      out.flush();
    } catch (IOException e) {
      // who refuses a body may answer without having read all of it
    }
  }

  private byte[] head(String method, String path, Map<String, String> given, long length) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", authority);
    headers.put("Connection", "close");
    token.ifPresent(text -> headers.put("Authorization", "Bearer " + text));
    headers.put("Content-Length", String.valueOf(length));
    if (length > 0) {
      headers.put(CONTENT_TYPE, "application/wasm");
      headers.put("Expect", "100-continue"); // who is refused need not send it
    }
    headers.putAll(given);
    StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
