package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.jmx.AppBeans;
import dev.sampan.apps.tls.SelfSigned;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A host as a process: runs until somebody stops it. */
public final class HostProcess {

  /** The name of the Unix domain socket in the host's folder. */
  public static final String SOCKET = "host.sock";

  private HostProcess() {}

  /**
   * Where a host is to be found.
   *
   * @param http for functions
   * @param https for the management, or empty for not at all
   * @param pem files with the certificates and the key for that; without them the host makes a
   *     certificate for itself, which it keeps
   * @param operatorToken who has it manages the host by {@code https}
   */
  public record Addresses(
      InetSocketAddress http,
      Optional<InetSocketAddress> https,
      Optional<Pem> pem,
      Optional<String> operatorToken) {}

  /** The files of an identity. */
  public record Pem(Path certificates, Path key) {}

  /**
   * Runs a host until it is asked to stop, by the management or by the end of the process.
   *
   * @param say takes a line for whoever has started it
   * @throws IOException if its folder or an address cannot be used
   */
  public static void run(HostSettings settings, Addresses addresses, Consumer<String> say)
      throws IOException, InterruptedException {
    Path home = settings.home().toAbsolutePath();
    AppHost host = AppHost.openOnly(settings);
    Closing closing;
    HostServer server;
    boolean started = false;
    try {
      server = HostServer.start(host, settings(home, addresses));
      closing = new Closing(server, AppBeans.of(host), host);
      started = true;
    } finally {
      if (!started) {
        host.close();
      }
    }
    Thread hook = new Thread(closing, "sampan-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    say.accept("functions at http://" + HostServer.hostAndPort(server.address()) + "/fn/NAME");
    say.accept(
        "page at http://%s/ui (sampan ui lets you in)"
            .formatted(HostServer.hostAndPort(server.address())));
    say.accept("management at " + home.resolve(SOCKET));
    server
        .secureAddress()
        .ifPresent(
            address ->
                say.accept(
                    "management at https://%s with the certificate %s"
                        .formatted(
                            HostServer.hostAndPort(address), server.fingerprint().orElseThrow())));
    host.bringBack(); // whoever waits until the host is ready finds all of that said
    server.awaitStop();
    closing.run();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending already
    }
  }

  private static ServerSettings settings(Path home, Addresses addresses)
      throws IOException, InterruptedException {
    ServerSettings settings = ServerSettings.of(addresses.http(), home.resolve(SOCKET));
    if (addresses.operatorToken().isPresent()) {
      settings = settings.operatorToken(addresses.operatorToken().get());
    }
    if (addresses.https().isPresent()) {
      InetSocketAddress https = addresses.https().get();
      Pem pem =
          addresses.pem().isPresent()
              ? addresses.pem().get()
              : ownPem(home.resolve("tls"), https.getHostString());
      settings = settings.https(new ServerSettings.Https(https, pem.certificates(), pem.key()));
    }
    return settings;
  }

  private static Pem ownPem(Path folder, String address) throws IOException, InterruptedException {
    SelfSigned.make(folder, address);
    return new Pem(SelfSigned.certificate(folder), SelfSigned.key(folder));
  }

  /** Ends the servers, then the apps; once, whoever comes first. */
  private static final class Closing implements Runnable {
    private final HostServer server;
    private final AppBeans beans;
    private final AppHost host;
    private boolean done;

    Closing(HostServer server, AppBeans beans, AppHost host) {
      this.server = server;
      this.beans = beans;
      this.host = host;
    }

    @Override
    public synchronized void run() {
      if (done) {
        return;
      }
      done = true;
      try (host;
          beans) {
        server.close();
      } catch (IOException e) {
        Logger.getLogger(HostProcess.class.getName()).log(Level.WARNING, "while stopping", e);
      }
    }
  }
}
