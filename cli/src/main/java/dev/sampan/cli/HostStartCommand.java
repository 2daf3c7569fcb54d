package dev.sampan.cli;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.http.HostProcess;
import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
                    + ". Tenants have tokens of their own."));
  }

  @Override
  public int run(Line line, Console console) {
    Path home = HostConnection.home(line);
    HostProcess.Addresses addresses = addresses(line);
    if (line.has(DETACH)) {
      return detach(line, home, console);
    }
    try {
      HostProcess.run(
          HostSettings.at(home),
          addresses,
          text -> {
            console.println(text);
            console.flush();
          });
      return ExitCode.SUCCESS;
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "the host cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private static HostProcess.Addresses addresses(Line line) {
    if (!line.has(HTTPS)) {
      for (String option : List.of(TLS_CERT, TLS_KEY, TOKEN_FILE)) {
        if (line.has(option)) {
          throw Failure.usage(option + " is of use only with " + HTTPS);
        }
      }
    }
    if (line.has(TLS_CERT) != line.has(TLS_KEY)) {
      throw Failure.usage("expected " + TLS_CERT + " and " + TLS_KEY + " together, found one");
    }
    String http = line.has(HTTP) ? line.value(HTTP) : DEFAULT_ADDRESS;
    return new HostProcess.Addresses(
        address(HTTP, http),
        line.has(HTTPS) ? Optional.of(address(HTTPS, line.value(HTTPS))) : Optional.empty(),
        line.has(TLS_CERT)
            ? Optional.of(
                new HostProcess.Pem(
                    Line.path(line.value(TLS_CERT)), Line.path(line.value(TLS_KEY))))
            : Optional.empty(),
        token(line));
  }

  private static InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw Failure.usage(option + " needs ADDR:PORT, found '" + text + "'");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new InetSocketAddress(
        bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
  }

  private static Optional<String> token(Line line) {
    if (!line.has(TOKEN_FILE)) {
      return Optional.empty();
    }
    String file = line.value(TOKEN_FILE);
    return Optional.of(RemoteHost.requireToken(file, RemoteHost.read(Line.path(file))));
  }

  // ---- in a process of its own ----

  private static int detach(Line line, Path home, Console console) {
    HostConnection connection = HostConnection.at(home);
    if (connection.answers()) {
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
      while (!connection.answers()) {
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
    for (String option : List.of(HTTP, HTTPS, TLS_CERT, TLS_KEY, TOKEN_FILE)) {
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
