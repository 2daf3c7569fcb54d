package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.tenant.Terms;
import dev.sampan.apps.tls.Identity;
import dev.sampan.apps.tls.SelfSigned;
import dev.sampan.apps.tls.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** A host with a server that can be managed from the network. */
final class TestServer implements AutoCloseable {

  static final String OPERATOR = "the-operators-own-token";
  private static Path folder;

  final AppHost host;
  final HostServer server;
  final HostClient local;

  /** One certificate for all tests: making it starts a process. */
  static synchronized Path tls() throws IOException, InterruptedException {
    if (folder == null) {
      folder = Files.createTempDirectory("sampan-test-tls");
      SelfSigned.make(folder, "127.0.0.1");
      folder.toFile().deleteOnExit();
      SelfSigned.key(folder).toFile().deleteOnExit();
      SelfSigned.certificate(folder).toFile().deleteOnExit();
    }
    return folder;
  }

  static Identity identity() throws IOException, InterruptedException {
    return Identity.read(SelfSigned.certificate(tls()), SelfSigned.key(tls()));
  }

  private TestServer(AppHost host, HostServer server, Path socket) {
    this.host = host;
    this.server = server;
    this.local = new HostClient(socket);
  }

  static TestServer open(Path home) throws IOException, InterruptedException {
    return open(HostSettings.at(home), settings -> settings);
  }

  static TestServer open(HostSettings settings, UnaryOperator<ServerSettings> change)
      throws IOException, InterruptedException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path socket = settings.home().resolve(HostProcess.SOCKET);
    Path tls = tls();
    ServerSettings all =
        change.apply(
            ServerSettings.of(any, socket)
                .https(
                    new ServerSettings.Https(any, SelfSigned.certificate(tls), SelfSigned.key(tls)))
                .operatorToken(OPERATOR));
    AppHost host = AppHost.open(settings);
    try {
      return new TestServer(host, HostServer.start(host, all), socket);
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  URI url() {
    return URI.create("https://127.0.0.1:" + server.secureAddress().orElseThrow().getPort());
  }

  HostClient as(String token) throws IOException, InterruptedException {
    return HostClient.remote(url(), Trust.inFingerprint(identity().fingerprint()), token);
  }

  /** Adds a tenant, and gives a client of it. */
  HostClient tenant(String name, Terms terms) throws IOException, InterruptedException {
    return as(host.tenants().add(name, terms).text());
  }

  record Reply(int status, String text) {
    JsonNode json() {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    String message() {
      return json().path("error").path("message").asString();
    }
  }

  static Reply ask(HostClient client, String method, String path) throws IOException {
    return ask(client, method, path, Map.of(), new byte[0]);
  }

  static Reply ask(HostClient client, String method, String path, String body) throws IOException {
    return ask(client, method, path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply ask(
      HostClient client, String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    try (HostClient.Answer answer =
        client.ask(method, path, headers, new ByteArrayInputStream(body), body.length)) {
      return new Reply(
          answer.status(), new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** A connection to the address without TLS. */
  Socket plain() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A connection with TLS. */
  Socket secure() throws IOException, InterruptedException {
    int port = url().getPort();
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return Trust.inFingerprint(identity().fingerprint()).over(socket, "127.0.0.1", port);
  }

  /** Sends text as it is, and gives all that comes back. */
  static String raw(Socket connection, String request) throws IOException {
    try (Socket socket = connection) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    host.close();
  }
}
