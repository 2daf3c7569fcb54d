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
  private static final String TOKEN_FILE = "--token-file";
  private static final String CONFIG = "--config";
  private static final String DEFAULT_ADDRESS = "127.0.0.1:8080";
  private static final long START_SECONDS = 60;

  @Override
  public Syntax syntax() {
    return HostConnection.verb(
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
            Option.flag(DETACH, "Return when the host is ready; it writes to host.log.")
                .abbreviated("-d"))
        .option(
            Option.value(
                TOKEN_FILE,
                "FILE",
                "Let who has the token in FILE manage the host at ADDR:PORT, too."))
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
    InetSocketAddress address =
        line.has(HTTP)
            ? given(line.value(HTTP))
            : config.http().orElseGet(() -> address(DEFAULT_ADDRESS));
    Optional<String> token =
        line.has(TOKEN_FILE)
            ? Optional.of(token(Line.path(line.value(TOKEN_FILE))))
            : config.tokenFile().map(HostStartCommand::token);
    if (line.has(DETACH)) {
      return detach(line, home, console);
    }
    try {
      HostProcess.run(
          config.settings(),
          address,
          token,
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

  private static HostFile.Content config(Line line, Path home) {
    HostSettings standard = HostSettings.at(home);
    if (line.has(CONFIG)) {
      return HostFile.read(Line.path(line.value(CONFIG)), standard);
    }
    Path own = home.resolve(HostFile.NAME);
    return Files.exists(own) ? HostFile.read(own, standard) : HostFile.nothing(standard);
  }

  private static InetSocketAddress given(String text) {
    try {
      return address(text);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(HTTP + ": " + e.getMessage());
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
      throw new IllegalArgumentException("expected ADDR:PORT, found '" + text + "'");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new InetSocketAddress(
        bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
  }

  private static String token(Path file) {
    try {
      String token = Files.readString(file).strip();
      if (token.length() < 16) {
        throw new Failure(
            ExitCode.FAILED, file + ": a token of at least 16 characters is expected", null);
      }
      return token;
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
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
    for (String option : List.of(HTTP, TOKEN_FILE, CONFIG)) {
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
