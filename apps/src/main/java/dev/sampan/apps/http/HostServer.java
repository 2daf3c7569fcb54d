package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.page.Sessions;
import dev.sampan.apps.run.Reminders;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a host: one at an address of the network, for functions, health and metrics; one
 * at a Unix domain socket, for the operator's management, too; and if it is wanted one with TLS,
 * for everybody's management. What comes from the network is read by threads in which guests can
 * run, so that most requests to functions need no other; what waits gets a virtual thread.
 */
public final class HostServer implements AutoCloseable {

  /** Kept, because the JDK forgets loggers that nobody holds. */
  private static final Logger SERVER_LOG = Logger.getLogger("org.eclipse.jetty");

  private static final int MAX_HEADER_BYTES = 64 << 10;

  /** Longer paths of sockets are cut off by some systems. */
  private static final int MAX_SOCKET_PATH = 103;

  /** How often the server looks for responses of which something is held back. */
  private static final Duration HELD = Duration.ofMillis(10);

  private static final int SWEEPS_A_MINUTE = 60;

  private final Server server;
  private final Executor guestThreads;
  private final ServerConnector network;
  private final @Nullable ServerConnector secure;
  private final @Nullable Certificate certificate;
  private final SlowRequests slow;
  private final Routes routes;
  private final Readiness readiness;
  private final PageRequests page;
  private final Path socket;
  private final Thread sweeper = Thread.ofVirtual().name("sampan-sweeper").unstarted(this::sweep);
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final Instant since = Instant.now();
  private final Sessions sessions = new Sessions();
  private final Reminders held = new Reminders("sampan-held", HELD);

  private HostServer(AppHost host, ServerSettings settings) throws IOException {
    this.socket = settings.socket();
    this.slow = new SlowRequests(settings.headerTime());
    this.readiness = new Readiness(host);
    this.page = new PageRequests(host, sessions, socket.resolveSibling("uploads"));
    if (SERVER_LOG.getLevel() == null) {
      SERVER_LOG.setLevel(Level.WARNING); // who wants to know more may say so
    }
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("sampan-http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(Router.CALLS));
    this.server = new Server(threads);
    this.guestThreads = host.guestThreads();
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setResponseHeaderSize(MAX_HEADER_BYTES);
    this.network = connector(settings, settings.http(), new HttpConnectionFactory(http));
    UnixDomainServerConnector local =
        new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    local.setUnixDomainPath(socket);
    server.addConnector(local);
    Access access = new Access(host.tenants(), settings.operatorToken());
    access.local(local);
    if (settings.https().isPresent()) {
      ServerSettings.Https https = settings.https().get();
      this.certificate = new Certificate(https.certificates(), https.key());
      this.secure = secure(settings, https.address(), certificate, http);
      access.secure(secure);
    } else {
      this.certificate = null;
      this.secure = null;
    }
    this.routes = routes(host);
    server.setHandler(handler(host, access));
    server.setErrorHandler(new ServerErrors(MAX_HEADER_BYTES));
    server.setStopTimeout(Duration.ofSeconds(5).toMillis());
    access.tellOthers(this::elsewhere);
  }

  private ServerConnector secure(
      ServerSettings settings,
      InetSocketAddress address,
      Certificate with,
      HttpConfiguration http) {
    HttpConfiguration https = new HttpConfiguration(http);
    // a host has one certificate, and is found by addresses as well as by names
    https.addCustomizer(new SecureRequestCustomizer(false));
    HttpConnectionFactory inner = new HttpConnectionFactory(https);
    return connector(
        settings, address, new SslConnectionFactory(with.tls(), inner.getProtocol()), inner);
  }

  private ServerConnector connector(
      ServerSettings settings, InetSocketAddress address, ConnectionFactory... protocols) {
    ServerConnector connector =
        new ServerConnector(server, guestThreads, null, null, 1, 1, protocols);
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.addBean(slow);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
    return connector;
  }

  private Routes routes(AppHost host) {
    List<Route> all = new ArrayList<>();
    Streams streams = new Streams(host, readiness::isDraining);
    all.addAll(new Functions(host, held).routes());
    all.addAll(new AppRequests(host).routes());
    all.addAll(new Health(readiness).routes());
    all.addAll(new Metrics(host).routes());
    // before the one for an app of that name
    all.add(new States(host, streams).route());
    all.addAll(
        new Management(host, () -> about(host), this::pageLink, stopRequested::countDown).routes());
    all.addAll(new Logs(host, streams).routes());
    all.addAll(new Events(host, streams).routes());
    all.addAll(new TenantManagement(host).routes());
    all.addAll(page.routes());
    return OpenApi.andDescription(all);
  }

  private GracefulHandler handler(AppHost host, Access access) {
    GracefulHandler graceful = new GracefulHandler();
    graceful.setHandler(new Router(routes, access, host.tenants(), slow));
    return graceful;
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if an address or the certificate cannot be used
   */
  public static HostServer start(AppHost host, ServerSettings settings) throws IOException {
    Path socket = settings.socket();
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH) {
      throw new IOException(
          "the path of the socket is too long: expected at most %d bytes, found %d: %s"
              .formatted(MAX_SOCKET_PATH, length, socket));
    }
    // what is left of a host that was killed; the store is ours, so nobody else uses it
    Files.deleteIfExists(socket);
    HostServer made = new HostServer(host, settings);
    boolean started = false;
    try {
      made.server.start();
      made.sweeper.start();
      started = true;
      return made;
    } catch (IOException e) {
      if (e.getCause() instanceof BindException taken) {
        // the server's own words do not say more than that it has failed
        String said = String.valueOf(e.getMessage()).replace("Failed to bind to /", "");
        throw new IOException(said + " cannot be served: " + taken.getMessage(), taken);
      }
      throw e;
    } catch (Exception e) {
      throw new IOException("the server cannot be started: " + e, e);
    } finally {
      if (!started) {
        made.close();
      }
    }
  }

  private void sweep() {
    try {
      for (int i = 1; ; i++) {
        Thread.sleep(TimeUnit.MINUTES.toMillis(1) / SWEEPS_A_MINUTE);
        slow.sweep();
        if (certificate != null && i % SWEEPS_A_MINUTE == 0) {
          certificate.refresh();
        }
      }
    } catch (InterruptedException e) {
      // the host is being stopped
    }
  }

  /** What it can be asked for. */
  Routes routes() {
    return routes;
  }

  /** Where it serves the network. */
  public InetSocketAddress address() {
    return new InetSocketAddress(network.getHost(), network.getLocalPort());
  }

  /** Where it serves the network with TLS, if it does. */
  public Optional<InetSocketAddress> secureAddress() {
    return Optional.ofNullable(secure)
        .map(some -> new InetSocketAddress(some.getHost(), some.getLocalPort()));
  }

  /** What clients know its certificate by, if it has one. */
  public Optional<String> fingerprint() {
    return Optional.ofNullable(certificate).map(Certificate::fingerprint);
  }

  private Optional<String> https() {
    return secureAddress().map(address -> "https://" + hostAndPort(address));
  }

  private String elsewhere() {
    return https()
        .map(url -> "ask at " + url + ", with a token")
        .orElse("start it with --https ADDR:PORT, or ask at its Unix domain socket");
  }

  private HostView about(AppHost host) {
    return new HostView(
        "running",
        "http://" + hostAndPort(address()),
        https(),
        fingerprint(),
        since,
        Metrics.version(),
        Optional.empty(),
        host.bridge(),
        Optional.of(ProcessHandle.current().pid()),
        Optional.of(socket.toString()),
        Optional.of(String.valueOf(socket.getParent())),
        Optional.of(Runtime.version().toString()));
  }

  /** A link that opens the page, once. */
  private PageLink pageLink(Call call) {
    String path = "/ui/login?code=" + sessions.code();
    return new PageLink(base(call.exchange()) + path, path, Sessions.CODE_LIFE.toSeconds());
  }

  /** By which address who asks reaches the page: where he asks, unless that is no browser's way. */
  private String base(Exchange exchange) {
    if (exchange.request().isSecure()) {
      return "https://" + exchange.header("Host").orElse("");
    }
    InetSocketAddress address = address();
    boolean any = address.getAddress() != null && address.getAddress().isAnyLocalAddress();
    return "http://" + (any ? "localhost:" + address.getPort() : hostAndPort(address));
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
    readiness.drain();
    page.close();
    sweeper.interrupt();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the server does not stop as it should", e);
    } finally {
      held.close();
      Files.deleteIfExists(socket);
    }
  }
}
