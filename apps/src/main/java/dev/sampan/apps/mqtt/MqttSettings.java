package dev.sampan.apps.mqtt;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which broker the bridge goes to, and what crosses it.
 *
 * @param broker {@code mqtt://HOST[:PORT]}, or {@code mqtts://HOST[:PORT]} with TLS
 * @param clientId how the broker knows this host; empty for a random name
 * @param user with what name to log in
 * @param passwordFile where the password is; read each time
 * @param trust certificates in PEM, one of which must have signed the broker's, instead of those
 *     that Java trusts
 * @param keepAlive how long nothing may be heard of the broker
 * @param session how long the broker keeps messages while the bridge is away; for this it must have
 *     a client id
 * @param queue how many events may wait for the broker; if more come, the oldest are dropped
 * @param in what comes from the broker
 * @param out what goes to the broker
 */
public record MqttSettings(
    URI broker,
    String clientId,
    Optional<String> user,
    Optional<Path> passwordFile,
    Optional<Path> trust,
    Duration keepAlive,
    Optional<Duration> session,
    int queue,
    List<MqttMapping> in,
    List<MqttMapping> out) {

  static final String PLAIN = "mqtt";
  static final String TLS = "mqtts";
  private static final int PLAIN_PORT = 1883;
  private static final int TLS_PORT = 8883;
  private static final long MAX_SECONDS = 65_535;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if something makes no sense
   */
  public MqttSettings {
    in = List.copyOf(in);
    out = List.copyOf(out);
    String scheme = broker.getScheme();
    boolean known = PLAIN.equals(scheme) || TLS.equals(scheme);
    boolean bare =
        broker.getHost() != null
            && broker.getUserInfo() == null
            && broker.getQuery() == null
            && broker.getFragment() == null
            && (broker.getPath() == null
                || broker.getPath().isEmpty()
                || broker.getPath().equals("/"));
    if (!known || !bare) {
      throw new IllegalArgumentException(
          "expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT], found '" + broker + "'");
    }
    if (keepAlive.toSeconds() < 1 || keepAlive.toSeconds() > MAX_SECONDS) {
      throw new IllegalArgumentException(
          "expected a keep-alive from 1s to " + MAX_SECONDS + "s, found " + keepAlive);
    }
    if (session.isPresent() && clientId.isEmpty()) {
      throw new IllegalArgumentException("expected a client-id, as there is a session");
    }
    if (passwordFile.isPresent() && user.isEmpty()) {
      throw new IllegalArgumentException("expected a user, as there is a password");
    }
    if (trust.isPresent() && !TLS.equals(scheme)) {
      throw new IllegalArgumentException(
          "expected mqtts:, as there are certificates to trust, found '" + broker + "'");
    }
    if (queue < 1) {
      throw new IllegalArgumentException("expected a queue of 1 or more, found " + queue);
    }
    in.forEach(MqttMapping::requireIncoming);
    out.forEach(MqttMapping::requireOutgoing);
  }

  /** A broker to which nothing goes, and from which nothing comes. */
  public static MqttSettings to(URI broker) {
    return new MqttSettings(
        broker,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(30),
        Optional.empty(),
        1_000,
        List.of(),
        List.of());
  }

  /** The same with other topics that cross the bridge. */
  public MqttSettings topics(List<MqttMapping> newIn, List<MqttMapping> newOut) {
    return new MqttSettings(
        broker, clientId, user, passwordFile, trust, keepAlive, session, queue, newIn, newOut);
  }

  boolean isTls() {
    return TLS.equals(broker.getScheme());
  }

  int port() {
    return broker.getPort() >= 0 ? broker.getPort() : isTls() ? TLS_PORT : PLAIN_PORT;
  }
}
