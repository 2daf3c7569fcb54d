package dev.sampan.cli;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.http.HostProcess;
import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code sampan host start}: runs the container host. */
final class HostStartCommand implements Verb {

  private static final String HTTP = "--http";
  private static final String DETACH = "--detach";
  private static final String HTTPS = "--https";
  private static final String TLS_CERT = "--tls-cert";
  private static final String TLS_KEY = "--tls-key";
  private static final String TOKEN_FILE = "--token-file";
  private static final String CONFIG = "--config";
  private static final String DEFAULT_ADDRESS = "127.0.0.1:8080";
  private static final long START_SECONDS = 60;

  @Override
  public Syntax syntax() {
    return HostConnection.localVerb(
            "start",
            "Runs the container host until it is stopped.",
            "The host answers requests to functions at http://ADDR:PORT/fn/NAME, and there are"
                + " /healthz, /readyz and /metrics. It is managed by a Unix domain socket in its"
                + " folder, and brings back what ran when it ended, however it ended.")
        .option(
            Option.value(
                HTTP,
                "ADDR:PORT",
                "Where functions answer, " + DEFAULT_ADDRESS + " if nothing else is said."))
        .option(
            Option.value(
                HTTPS,
                "ADDR:PORT",
                "Where the host can be managed from other machines, too, by who has a token."))
        .option(
            Option.value(
                TLS_CERT,
                "FILE",
                "The certificate for that and those that have signed it (PEM). Without it the host"
                    + " makes one for itself when it first needs one; clients know it by its"
                    + " fingerprint."))
        .option(Option.value(TLS_KEY, "FILE", "The key of the certificate (PEM)."))
        .option(
            Option.flag(DETACH, "Return when the host is ready; it writes to host.log.")
                .abbreviated("-d"))
        .option(
            Option.value(
                TOKEN_FILE,
                "FILE",
                "Let who has the token in FILE be the operator at the address of "
                    + HTTPS
                    + ". Tenants have tokens of their own."))
        .option(
            Option.value(
                CONFIG,
                "FILE",
                "Take settings from FILE, in TOML, instead of host.toml in the host's folder;"
                    + " options replace them."));
  }

  @Override
  public int run(Line line, Console console) {
    Path home = HostConnection.home(line);
    HostFile.Content config = config(line, home);
    HostProcess.Addresses addresses = addresses(line, config);
    if (line.has(DETACH)) {
      return detach(line, home, console);
    }
    try {
      HostProcess.run(
          config.settings(),
          addresses,
          text -> {
            console.println(text);
            console.flush();
          });
      return ExitCode.SUCCESS;
    } catch (IOException e) {
      String other =
          e.getCause() instanceof BindException
              ? "; another address is chosen by %s ADDR:PORT".formatted(HTTP)
              : "";
      throw new Failure(
          ExitCode.FAILED, "the host cannot be started: " + Failure.text(e) + other, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private static HostProcess.Addresses addresses(Line line, HostFile.Content config) {
    Optional<InetSocketAddress> https = address(line, HTTPS, config.https());
    Optional<Path> certificate = path(line, TLS_CERT, config.tlsCert());
    Optional<Path> key = path(line, TLS_KEY, config.tlsKey());
    Optional<Path> token = path(line, TOKEN_FILE, config.tokenFile());
    if (https.isEmpty()) {
      for (String option : List.of(TLS_CERT, TLS_KEY, TOKEN_FILE)) {
        if (line.has(option)) {
          throw Failure.usage(option + " is of use only with " + HTTPS);
        }
      }
    }
    if (certificate.isPresent() != key.isPresent()) {
      throw Failure.usage("expected " + TLS_CERT + " and " + TLS_KEY + " together, found one");
    }
    return new HostProcess.Addresses(
        address(line, HTTP, config.http()).orElseGet(() -> address(DEFAULT_ADDRESS)),
        https,
        certificate.map(file -> new HostProcess.Pem(file, key.orElseThrow())),
        token.map(HostStartCommand::token));
  }

  private static HostFile.Content config(Line line, Path home) {
    HostSettings standard = HostSettings.at(home);
    if (line.has(CONFIG)) {
      return HostFile.read(Line.path(line.value(CONFIG)), standard);
    }
    Path own = home.resolve(HostFile.NAME);
    return Files.exists(own) ? HostFile.read(own, standard) : HostFile.nothing(standard);
  }

  private static Optional<Path> path(Line line, String option, Optional<Path> otherwise) {
    return line.has(option) ? Optional.of(Line.path(line.value(option))) : otherwise;
  }

  private static Optional<InetSocketAddress> address(
      Line line, String option, Optional<InetSocketAddress> otherwise) {
    if (!line.has(option)) {
      return otherwise;
    }
    try {
      return Optional.of(address(line.value(option)));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(option + ": " + e.getMessage());
    }
  }

  /**
   * An address of the network.
   *
   * @throws IllegalArgumentException if it is none, with what was expected and found
   */
  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException(
          "expected ADDR:PORT such as 127.0.0.1:8080 or [::1]:8080, found '" + text + "'");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    InetSocketAddress address =
        new InetSocketAddress(
            bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "expected an address of this machine, or a name of one, found '" + host + "'");
    }
    return address;
  }

  private static String token(Path file) {
    return RemoteHost.requireToken(file.toString(), RemoteHost.read(file));
  }

  // ---- in a process of its own ----

  private static int detach(Line line, Path home, Console console) {
    HostConnection connection = HostConnection.at(home);
    if (connection.isReady()) {
      throw new Failure(ExitCode.FAILED, "a host runs at " + home + " already", null);
    }
    Path log = home.resolve("host.log");
    try {
      Files.createDirectories(home);
      Process process =
          new ProcessBuilder(command(line, home))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (!connection.isReady()) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new Failure(
              ExitCode.FAILED, Files.readString(log).strip().replace("sampan: ", ""), null);
        }
        if (System.nanoTime() > end) {
          process.destroy();
          throw new Failure(
              ExitCode.FAILED, "the host is not ready after " + START_SECONDS + " s", null);
        }
      }
      console.print(new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
      return ExitCode.SUCCESS;
    } catch (IOException e) {
      throw Failure.of(log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  /** This Java virtual machine once more, with the same options but the one that detaches. */
  private static List<String> command(Line line, Path home) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.addAll(List.of(Sampan.class.getName(), "host", "start", "--home", home.toString()));
    for (String option : List.of(HTTP, HTTPS, TLS_CERT, TLS_KEY, TOKEN_FILE, CONFIG)) {
      if (line.has(option)) {
        command.addAll(List.of(option, line.value(option)));
      }
    }
    return command;
  }

  private static String absolute(String classPath) {
    String separator = System.getProperty("path.separator");
    List<String> paths = new ArrayList<>();
    for (String each : classPath.split(separator)) {
      paths.add(Path.of(each).toAbsolutePath().toString());
    }
    return String.join(separator, paths);
  }
}
