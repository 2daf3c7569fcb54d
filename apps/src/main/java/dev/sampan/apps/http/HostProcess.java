package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.jmx.AppBeans;
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
   * Runs a host until it is asked to stop, by the management or by the end of the process.
   *
   * @param say takes a line for whoever has started it
   * @throws IOException if its folder or an address cannot be used
   */
  public static void run(
      HostSettings settings,
      InetSocketAddress address,
      Optional<String> token,
      Consumer<String> say)
      throws IOException, InterruptedException {
    Path socket = settings.home().toAbsolutePath().resolve(SOCKET);
    AppHost host = AppHost.openOnly(settings);
    Closing closing;
    HostServer server;
    try {
      server = HostServer.start(host, address, socket, token);
      closing = new Closing(server, AppBeans.of(host), host);
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
    Thread hook = new Thread(closing, "sampan-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    host.bringBack();
    say.accept("functions at http://" + HostServer.hostAndPort(server.address()) + "/fn/NAME");
    say.accept("page at http://" + HostServer.hostAndPort(server.address()) + "/ui (sampan ui lets you in)");
    say.accept("management at " + socket);
    server.awaitStop();
    closing.run();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending already
    }
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
