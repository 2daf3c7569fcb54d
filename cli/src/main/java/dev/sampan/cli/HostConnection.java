package dev.sampan.cli;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppName;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.http.HostProcess;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The way from a command line to the host that it is about. */
final class HostConnection {

  static final String HOME = "--home";
  private static final String VARIABLE = "SAMPAN_HOME";

  /** Where the host is, for people. */
  private final String place;

  private final boolean remote;
  private final HostClient client;

  private HostConnection(String place, boolean remote, HostClient client) {
    this.place = place;
    this.remote = remote;
    this.client = client;
  }

  /** The syntax of a verb about a host, on this machine or another one. */
  static Syntax verb(String name, String header, String... description) {
    return RemoteHost.addTo(localVerb(name, header, description));
  }

  /** The syntax of a verb about a host on this machine. */
  static Syntax localVerb(String name, String header, String... description) {
    Syntax syntax = Options.verb(name, header, description);
    syntax.option(
        Option.value(
            HOME,
            "DIR",
            "The folder of the host. Without it that is $"
                + VARIABLE
                + ", or a folder 'sampan' where the system has the user's data."));
    return Options.exitCodes(syntax, "It is done.", "It cannot be done, or no host runs.");
  }

  /** The name that a verb is about. */
  static Operand name() {
    return new Operand("NAME", 1, false, "The app's name.");
  }

  /**
   * The name that was given, of an app or a tenant.
   *
   * @throws Failure if it can be none
   */
  static String name(Line line) {
    try {
      return AppName.require(line.operand(0));
    } catch (AppException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
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

  /** The host that a command line is about. */
  static HostConnection of(Line line) {
    return RemoteHost.of(line, System.getenv())
        .map(host -> new HostConnection(host.url().toString(), true, host.client()))
        .orElseGet(() -> at(home(line)));
  }

  /** The host in a folder. */
  static HostConnection at(Path home) {
    Path socket = home.resolve(HostProcess.SOCKET);
    return new HostConnection(socket.toString(), false, new HostClient(socket));
  }

  /** Whether it is on another machine, as far as is known. */
  boolean isRemote() {
    return remote;
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
        body == null ? InputStream.nullInputStream() : Files.newInputStream(body)) {
      return ask(method, path, headers, in, body == null ? 0 : Files.size(body));
    } catch (IOException e) {
      throw Failure.of(Objects.requireNonNull(body), e);
    }
  }

  /** Asks with JSON as body. */
  JsonNode ask(String method, String path, JsonNode body) {
    return ask(method, path, "application/json", Json.bytes(body));
  }

  /**
   * Asks with a body.
   *
   * @throws Failure if no host runs, or it refuses
   */
  JsonNode ask(String method, String path, String type, byte[] body) {
    Map<String, String> headers = Map.of(HostClient.CONTENT_TYPE, type);
    return ask(method, path, headers, new ByteArrayInputStream(body), body.length);
  }

  private JsonNode ask(
      String method, String path, Map<String, String> headers, InputStream body, long length) {
    try (HostClient.Answer answer = open(method, path, headers, body, length)) {
      return json(answer.body().readAllBytes());
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** Asks for an answer that comes bit by bit. */
  HostClient.Answer open(String method, String path) {
    return open(method, path, Map.of(), InputStream.nullInputStream(), 0);
  }

  /** The failure of a host that did not answer to the end. */
  Failure gone(IOException e) {
    return new Failure(ExitCode.FAILED, place + ": " + e.getMessage(), e);
  }

  private HostClient.Answer open(
      String method, String path, Map<String, String> headers, InputStream body, long length) {
    HostClient.Answer answer;
    try {
      answer = client.ask(method, path, headers, body, length);
      if (answer.status() >= 400) {
        try (answer) {
          throw refused(answer);
        }
      }
      return answer;
    } catch (SSLException e) {
      throw new Failure(
          ExitCode.FAILED,
          place
              + ": it is not certain that this is the host: "
              + doubt(e)
              + "; if it has a certificate of its own, --tls-fingerprint names that",
          e);
    } catch (SocketException | UnknownHostException | SocketTimeoutException e) {
      throw unreachable(e);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** Why nobody can know who answers there. */
  private static String doubt(SSLException e) {
    String said = String.valueOf(e.getMessage()).replace("(certificate_unknown) ", "");
    if (said.contains("unable to find valid certification path")) {
      return "nobody who is trusted here has signed its certificate";
    }
    return said.startsWith("Unsupported or unrecognized SSL message")
        ? "what answers there does not speak TLS"
        : said;
  }

  private Failure unreachable(IOException e) {
    String message =
        remote
            ? "no host answers at "
                + place
                + ": "
                + (e instanceof UnknownHostException
                    ? "there is no machine of that name"
                    : e.getMessage())
            // nobody listens at the socket, or there is not even one
            : "no host runs at " + place + "; start one: sampan host start";
    return new Failure(ExitCode.FAILED, message, e);
  }

  private static Failure refused(HostClient.Answer answer) throws IOException {
    JsonNode error = json(answer.body().readAllBytes());
    String message = error.path("error").path("message").asString("");
    return new Failure(
        ExitCode.FAILED, message.isEmpty() ? "status " + answer.status() : message, null);
  }

  private static JsonNode json(byte[] text) throws IOException {
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      throw new IOException("the host's answer is not understood: " + e.getOriginalMessage(), e);
    }
  }

  /** Whether a host wants requests. */
  boolean isReady() {
    return status("/readyz") == 200;
  }

  /** Whether there is a host at all. */
  boolean isThere() {
    return status("/healthz") != 0;
  }

  private int status(String path) {
    try (HostClient.Answer answer = client.ask("GET", path)) {
      return answer.status();
    } catch (IOException e) {
      return 0;
    }
  }
}
