package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The servers of a host: one at an address of the network, for functions, health and metrics, and
 * one at a Unix domain socket, for the management, too. Each request has a virtual thread.
 */
public final class HostServer implements AutoCloseable {

  /** Kept, because the JDK forgets loggers that nobody holds. */
  private static final Logger SERVER_LOG = Logger.getLogger("org.eclipse.jetty");

  private static final int MAX_HEADER_BYTES = 64 << 10;

  /** Longer paths of sockets are cut off by some systems. */
  private static final int MAX_SOCKET_PATH = 103;

  private final Server server;
  private final ServerConnector network;
  private final Router router;
  private final Path socket;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final Instant since = Instant.now();

  private HostServer(AppHost host, InetSocketAddress address, Path socket, Access access) {
    this.socket = socket;
    if (SERVER_LOG.getLevel() == null) {
      SERVER_LOG.setLevel(Level.WARNING); // who wants to know more may say so
    }
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("sampan-http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("sampan-call-", 0).factory()));
    this.server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setResponseHeaderSize(MAX_HEADER_BYTES);
    this.network = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    network.setHost(address.getHostString());
    network.setPort(address.getPort());
    UnixDomainServerConnector local =
        new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    local.setUnixDomainPath(socket);
    access.local(local);
    server.addConnector(network);
    server.addConnector(local);
    this.router =
        new Router(
            new Functions(host),
            new AppRequests(host),
            new Management(host, () -> about(host), stopRequested::countDown),
            new Events(host),
            new Metrics(host),
            access);
    GracefulHandler graceful = new GracefulHandler();
    graceful.setHandler(router);
    server.setHandler(graceful);
    server.setStopTimeout(Duration.ofSeconds(5).toMillis());
  }

  /**
   * Begins to serve.
   *
   * @param address of the network; port 0 lets the system choose one
   * @param socket the path of the Unix domain socket; nobody but the own user may reach its folder
   * @param token who has it may manage the host from the network; nobody may if it is empty
   * @throws IOException if an address cannot be used
   */
  public static HostServer start(
      AppHost host, InetSocketAddress address, Path socket, Optional<String> token)
      throws IOException {
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH) {
      throw new IOException(
          "the path of the socket is too long: expected at most %d bytes, found %d: %s"
              .formatted(MAX_SOCKET_PATH, length, socket));
    }
    // what is left of a host that was killed; the store is ours, so nobody else uses it
    Files.deleteIfExists(socket);
    HostServer made = new HostServer(host, address, socket, new Access(token));
    boolean started = false;
    try {
      made.server.start();
      started = true;
      return made;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the server cannot be started: " + e, e);
    } finally {
      if (!started) {
        made.close();
      }
    }
  }

  /** Where it serves the network. */
  public InetSocketAddress address() {
    return new InetSocketAddress(network.getHost(), network.getLocalPort());
  }

  private Map<String, Object> about(AppHost host) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("state", "running");
    about.put("pid", ProcessHandle.current().pid());
    about.put("http", "http://" + hostAndPort(address()));
    about.put("socket", socket.toString());
    about.put("home", String.valueOf(socket.getParent()));
    about.put("since", since);
    about.put("java", Runtime.version().toString());
    host.bridge().ifPresent(state -> about.put("mqtt", state));
    return about;
  }

  /** An address as it stands in a URL. */
  static String hostAndPort(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /** Waits until somebody asks the host to stop. */
  public void awaitStop() throws InterruptedException {
    stopRequested.await();
  }

  /** Refuses new requests, waits some seconds for those that are there, and ends. */
  @Override
  public void close() throws IOException {
    router.drain();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the server does not stop as it should", e);
    } finally {
      Files.deleteIfExists(socket);
    }
  }
}
