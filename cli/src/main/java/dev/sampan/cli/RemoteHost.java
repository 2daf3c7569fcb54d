package dev.sampan.cli;

import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.tls.Fingerprint;
import dev.sampan.apps.tls.Trust;
import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A host on another machine, as a command line or the environment names it.
 *
 * @param url {@code https://NAME:PORT}
 */
record RemoteHost(URI url, HostClient client) {

  private static final String HOST = "--host";
  private static final String TOKEN_FILE = "--token-file";
  private static final String TLS_CA = "--tls-ca";
  private static final String TLS_FINGERPRINT = "--tls-fingerprint";
  private static final String HOST_VARIABLE = "SAMPAN_HOST";
  private static final String TOKEN_VARIABLE = "SAMPAN_TOKEN";
  private static final String CA_VARIABLE = "SAMPAN_TLS_CA";
  private static final String FINGERPRINT_VARIABLE = "SAMPAN_TLS_FINGERPRINT";

  /** Adds the options that name one. */
  static Syntax addTo(Syntax syntax) {
    return syntax
        .option(
            Option.value(
                HOST,
                "URL",
                "Ask the host at https://NAME:PORT, on another machine, instead of the one in a"
                    + " folder; or set $"
                    + HOST_VARIABLE
                    + "."))
        .option(
            Option.value(
                TOKEN_FILE,
                "FILE",
                "Show it the token in FILE; or set $" + TOKEN_VARIABLE + " to the token."))
        .option(
            Option.value(
                TLS_CA,
                "FILE",
                "Trust it if its certificate is signed by one in FILE (PEM), or is that one,"
                    + " instead of by the system's; or set $"
                    + CA_VARIABLE
                    + "."))
        .option(
            Option.value(
                TLS_FINGERPRINT,
                "SHA256",
                "Trust it if its certificate has this fingerprint, which 'host status' tells; or"
                    + " set $"
                    + FINGERPRINT_VARIABLE
                    + "."));
  }

  /**
   * The one that is meant.
   *
   * @return empty if none is
   * @throws Failure if it cannot be asked
   */
  static Optional<RemoteHost> of(Line line, Map<String, String> environment) {
    String given =
        line.has(HOST)
            ? line.value(HOST)
            : line.has(HostConnection.HOME) ? "" : environment.getOrDefault(HOST_VARIABLE, "");
    if (line.has(HOST) && line.has(HostConnection.HOME)) {
      throw Failure.usage(HOST + " and " + HostConnection.HOME + " name different hosts");
    }
    if (given.isEmpty() && !line.has(HOST)) {
      for (String option : new String[] {TOKEN_FILE, TLS_CA, TLS_FINGERPRINT}) {
        if (line.has(option)) {
          throw Failure.usage(
              option + " is for a host on another machine, which " + HOST + " names");
        }
      }
      return Optional.empty();
    }
    String where = line.has(HOST) ? HOST : HOST_VARIABLE;
    URI url = url(where, given);
    HostClient client = HostClient.remote(url, trust(line, environment), token(line, environment));
    return Optional.of(new RemoteHost(url, client));
  }

  private static URI url(String where, String given) {
    URI url;
    try {
      url = URI.create(given);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(where + " needs https://NAME:PORT, found '" + given + "'");
    }
    if ("http".equalsIgnoreCase(url.getScheme())) {
      throw Failure.usage(
          where
              + " needs https://NAME:PORT: by http others could read the token; found '"
              + given
              + "'");
    }
    boolean bare =
        (url.getRawPath() == null || url.getRawPath().matches("/?"))
            && url.getRawQuery() == null
            && url.getRawUserInfo() == null;
    if (!"https".equalsIgnoreCase(url.getScheme()) || url.getHost() == null || !bare) {
      throw Failure.usage(where + " needs https://NAME:PORT, found '" + given + "'");
    }
    return url;
  }

  private static String token(Line line, Map<String, String> environment) {
    String token = environment.getOrDefault(TOKEN_VARIABLE, "");
    String where = TOKEN_VARIABLE;
    if (line.has(TOKEN_FILE)) {
      where = line.value(TOKEN_FILE);
      token = read(Line.path(where));
    }
    if (token.isEmpty()) {
      throw Failure.usage(
          "a host on another machine wants a token: " + TOKEN_FILE + " FILE or $" + TOKEN_VARIABLE);
    }
    return requireToken(where, token);
  }

  /** A token from a file. */
  static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  /**
   * A text, if it can be a token.
   *
   * @param where where it is from
   */
  static String requireToken(String where, String text) {
    if (!text.matches("[!-~]{16,512}")) {
      throw new Failure(
          ExitCode.FAILED,
          where + ": expected a token of 16 to 512 characters of ASCII, without spaces",
          null);
    }
    return text;
  }

  private static Trust trust(Line line, Map<String, String> environment) {
    if (line.has(TLS_CA) && line.has(TLS_FINGERPRINT)) {
      throw Failure.usage("expected " + TLS_CA + " or " + TLS_FINGERPRINT + ", found both");
    }
    boolean chosen = line.has(TLS_CA) || line.has(TLS_FINGERPRINT);
    String fingerprint =
        chosen ? line.value(TLS_FINGERPRINT) : environment.getOrDefault(FINGERPRINT_VARIABLE, "");
    String authority = chosen ? line.value(TLS_CA) : environment.getOrDefault(CA_VARIABLE, "");
    if (!fingerprint.isEmpty()) {
      return Trust.inFingerprint(
          Fingerprint.parse(fingerprint)
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "expected a fingerprint of 64 hexadecimal digits, found '"
                              + fingerprint
                              + "'")));
    }
    if (!authority.isEmpty()) {
      try {
        return Trust.inAuthority(Line.path(authority));
      } catch (IOException e) {
        throw Failure.of(Line.path(authority), e);
      }
    }
    return Trust.inSystem();
  }
}
