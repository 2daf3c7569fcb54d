package dev.sampan.cli;

import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.http.HostProcess;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The way from a command line to the host that it is about. */
final class HostConnection {

  private static final String HOME = "--home";
  private static final String VARIABLE = "SAMPAN_HOME";

  private final Path socket;
  private final HostClient client;

  private HostConnection(Path home) {
    this.socket = home.resolve(HostProcess.SOCKET);
    this.client = new HostClient(socket);
  }

  /** The syntax of a verb about a host. */
  static Syntax verb(String name, String header, String... description) {
    Syntax syntax = Options.verb(name, header, description);
    syntax.option(
        Option.value(
            HOME,
            "DIR",
            "The folder of the host. Without it that is $" + VARIABLE + ", or a folder 'sampan'",
            "where the system has the user's data."));
    return Options.exitCodes(syntax, "It is done.", "It cannot be done, or no host runs.");
  }

  /** The name that a verb is about. */
  static Operand name() {
    return new Operand("NAME", 1, false, "The app's name.");
  }

  /** The folder of the host that a command line is about. */
  static Path home(Line line) {
    String given = line.value(HOME);
    if (!given.isEmpty()) {
      return Line.path(given).toAbsolutePath();
    }
    Path home =
        home(System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home"));
    if (home == null) {
      throw Failure.usage("the user's folder is not known; " + HOME + " is needed");
    }
    return home;
  }

  /** The folder of the host if none is given. */
  static @Nullable Path home(
      Map<String, String> environment, String system, @Nullable String userHome) {
    String chosen = environment.getOrDefault(VARIABLE, "");
    if (!chosen.isEmpty()) {
      try {
        return Path.of(chosen).toAbsolutePath();
      } catch (InvalidPathException e) {
        throw Failure.usage(VARIABLE + ": " + e.getMessage());
      }
    }
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      Path local = UserCache.below(environment.get("LOCALAPPDATA"));
      return local == null ? null : local.resolve("host");
    }
    Path data = UserCache.below(environment.get("XDG_DATA_HOME"));
    if (data != null) {
      return data;
    }
    return UserCache.below(
        userHome, name.startsWith("mac") ? "Library/Application Support" : ".local/share");
  }

  static HostConnection of(Line line) {
    return new HostConnection(home(line));
  }

  static HostConnection at(Path home) {
    return new HostConnection(home);
  }

  /** A text as part of a path or query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Asks, and gives the answer as JSON. */
  JsonNode ask(String method, String path) {
    return ask(method, path, Map.of(), null);
  }

  /**
   * Asks with a file as body.
   *
   * @throws Failure if no host runs, or it refuses
   */
  JsonNode ask(String method, String path, Map<String, String> headers, @Nullable Path body) {
    try (InputStream in =
            body == null ? InputStream.nullInputStream() : Files.newInputStream(body);
        HostClient.Answer answer =
            open(method, path, headers, in, body == null ? 0 : Files.size(body))) {
      return json(answer.body().readAllBytes());
    } catch (IOException e) {
      throw Failure.of(body == null ? socket : body, e);
    }
  }

  /**
   * Asks with a body.
   *
   * @throws Failure if no host runs, or it refuses
   */
  JsonNode ask(String method, String path, String type, byte[] body) {
    Map<String, String> headers = Map.of(HostClient.CONTENT_TYPE, type);
    try (HostClient.Answer answer =
        open(method, path, headers, new ByteArrayInputStream(body), body.length)) {
      return json(answer.body().readAllBytes());
    } catch (IOException e) {
      throw Failure.of(socket, e);
    }
  }

  /** Asks for an answer that comes bit by bit. */
  HostClient.Answer open(String method, String path) {
    try {
      return open(method, path, Map.of(), InputStream.nullInputStream(), 0);
    } catch (IOException e) {
      throw Failure.of(socket, e);
    }
  }

  private HostClient.Answer open(
      String method, String path, Map<String, String> headers, InputStream in, long length)
      throws IOException {
    HostClient.Answer answer;
    try {
      answer = client.ask(method, path, headers, in, length);
    } catch (SocketException e) {
      // nobody listens at the socket, or there is not even one
      throw new Failure(
          ExitCode.FAILED, "no host runs at " + socket + "; start one: sampan host start", e);
    }
    if (answer.status() >= 400) {
      try (answer) {
        JsonNode error = json(answer.body().readAllBytes());
        String message = error.path("error").path("message").asString("");
        throw new Failure(
            ExitCode.FAILED, message.isEmpty() ? "status " + answer.status() : message, null);
      }
    }
    return answer;
  }

  private static JsonNode json(byte[] text) throws IOException {
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      throw new IOException("the host's answer is not understood: " + e.getOriginalMessage(), e);
    }
  }

  /** Whether a host answers. */
  boolean answers() {
    try (HostClient.Answer answer = client.ask("GET", "/readyz")) {
      return answer.status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
