package dev.sampan.apps.mqtt;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the broker, used until it breaks. The library can connect again by itself; here
 * each connection begins with a new client, so that nothing is left of the one before.
 */
final class MqttConnection implements AutoCloseable {

  /** How long the broker may take for an answer, in milliseconds. */
  private static final long PATIENCE = 10_000;

  /**
   * How many messages may be under way whose receipt the broker has not confirmed, if it does not
   * want fewer.
   */
  private static final int UNDER_WAY = 64;

  /** How many threads the client has: they read, write, call back and keep alive. */
  private static final int THREADS = 6;

  /** From here on a reason code of MQTT is a refusal. */
  private static final int REFUSED = 0x80;

  /** Takes what comes from the broker; called in the client's thread. */
  interface Receiver {
    void received(String topic, int format, byte[] payload);
  }

  /** Kept, because the JDK forgets loggers that nobody holds. */
  private static final Logger CLIENT_LOG = Logger.getLogger("org.eclipse.paho");

  static {
    if (CLIENT_LOG.getLevel() == null) {
      CLIENT_LOG.setLevel(Level.OFF); // what is wrong is thrown, too, and told once
    }
  }

  private record Sent(Outbox.Message message, IMqttToken token) {}

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("sampan-mqtt-", 0).factory());
  private final MqttAsyncClient client;
  private final Deque<Sent> underWay = new ArrayDeque<>();
  private int mayBeUnderWay = 1;

  /** A message that is being sent and not yet under way. */
  private Outbox.@Nullable Message leaving;

  private MqttConnection(MqttSettings settings) throws MqttException {
    String scheme = settings.isTls() ? "ssl://" : "tcp://";
    String id = settings.clientId().isEmpty() ? "sampan-" + UUID.randomUUID() : settings.clientId();
    String uri = scheme + settings.broker().getHost() + ":" + settings.port();
    this.client = new MqttAsyncClient(uri, id, new MemoryPersistence(), null, threads);
  }

  /**
   * Connects.
   *
   * @throws IOException if the broker cannot be reached, or refuses
   */
  static MqttConnection open(MqttSettings settings, Receiver receiver) throws IOException {
    MqttConnection connection;
    try {
      connection = new MqttConnection(settings);
    } catch (MqttException | IllegalArgumentException e) {
      throw new IOException(reason(e), e);
    }
    boolean opened = false;
    try {
      connection.client.setCallback(new Callback(receiver));
      IMqttToken token = connection.client.connect(options(settings));
      token.waitForCompletion(PATIENCE);
      Integer wanted = token.getResponseProperties().getReceiveMaximum();
      connection.mayBeUnderWay = wanted == null ? UNDER_WAY : Math.min(wanted, UNDER_WAY);
      connection.subscribe(settings.in());
      opened = true;
      return connection;
    } catch (MqttException e) {
      throw new IOException(reason(e), e);
    } finally {
      if (!opened) {
        connection.close();
      }
    }
  }

  private static MqttConnectionOptions options(MqttSettings settings) throws IOException {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
    options.setConnectionTimeout((int) (PATIENCE / 1_000));
    options.setCleanStart(settings.session().isEmpty());
    settings.session().ifPresent(time -> options.setSessionExpiryInterval(time.toSeconds()));
    settings.user().ifPresent(options::setUserName);
    if (settings.passwordFile().isPresent()) {
      options.setPassword(password(settings.passwordFile().get()));
    }
    if (settings.trust().isPresent()) {
      options.setSocketFactory(Trust.in(settings.trust().get()));
    }
    return options;
  }

  private static byte[] password(Path file) throws IOException {
    try {
      return Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException("the password cannot be read: " + e, e);
    }
  }

  private void subscribe(List<MqttMapping> mappings) throws MqttException, IOException {
    if (mappings.isEmpty()) {
      return;
    }
    MqttSubscription[] wanted = new MqttSubscription[mappings.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = new MqttSubscription(mappings.get(i).remote().toString(), mappings.get(i).qos());
      wanted[i].setNoLocal(true); // what goes out does not come back
    }
    IMqttToken token = client.subscribe(wanted);
    token.waitForCompletion(PATIENCE);
    int[] codes = token.getReasonCodes();
    for (int i = 0; i < wanted.length && codes != null && i < codes.length; i++) {
      if (codes[i] >= REFUSED) {
        throw new IOException(
            "the broker refuses a subscription of '%s' (reason 0x%02x)"
                .formatted(wanted[i].getTopic(), codes[i]));
      }
    }
  }

  /** Whether it has not broken yet. */
  boolean isOpen() {
    return client.isConnected();
  }

  /**
   * Sends a message. It may be under way still when this returns.
   *
   * @return how many messages the broker has taken meanwhile
   * @throws IOException if the connection is broken
   */
  int send(Outbox.Message message) throws IOException, InterruptedException {
    MqttMessage out = new MqttMessage(message.payload());
    out.setQos(message.qos());
    Formats.mediaType(message.format())
        .ifPresent(
            type -> {
              MqttProperties properties = new MqttProperties();
              properties.setContentType(type);
              out.setProperties(properties);
            });
    try {
      leaving = message;
      int taken = confirm(mayBeUnderWay - 1);
      underWay.addLast(new Sent(message, publish(message.topic(), out)));
      leaving = null;
      return taken;
    } catch (MqttException e) {
      throw new IOException(reason(e), e);
    }
  }

  /** The client counts a message as under way for a moment after its receipt is confirmed. */
  private IMqttToken publish(String topic, MqttMessage message)
      throws MqttException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE);
    while (true) {
      try {
        return client.publish(topic, message);
      } catch (MqttException e) {
        boolean tooMany = e.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT;
        if (!tooMany || System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(1);
      }
    }
  }

  /**
   * Waits until no more than so many messages are under way.
   *
   * @return how many the broker has taken meanwhile
   */
  int confirm(int left) throws IOException {
    int taken = 0;
    try {
      while (!underWay.isEmpty()
          && (underWay.size() > left || underWay.getFirst().token().isComplete())) {
        underWay.getFirst().token().waitForCompletion(PATIENCE);
        underWay.removeFirst();
        taken++;
      }
      return taken;
    } catch (MqttException e) {
      throw new IOException(reason(e), e);
    }
  }

  /** What the broker has perhaps not taken, in its order. */
  List<Outbox.Message> unconfirmed() {
    List<Outbox.Message> messages = new ArrayList<>();
    for (Sent each : underWay) {
      if (!each.token().isComplete() || each.token().getException() != null) {
        messages.add(each.message());
      }
    }
    if (leaving != null) {
      messages.add(leaving);
    }
    return messages;
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause();
    if (cause != null && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return e instanceof MqttException mqtt
        ? mqtt.getMessage() + " (reason " + mqtt.getReasonCode() + ")"
        : String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    try {
      if (client.isConnected()) {
        client.disconnect(0).waitForCompletion(PATIENCE / 10);
      }
    } catch (MqttException e) {
      // it is given up anyhow
    }
    try {
      client.disconnectForcibly(0, 1, false);
    } catch (MqttException | RuntimeException e) {
      // nothing is left to be disconnected
    }
    try {
      client.close(true);
    } catch (MqttException e) {
      // its threads end all the same
    }
    threads.shutdownNow();
  }

  private record Callback(Receiver receiver) implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      MqttProperties properties = message.getProperties();
      String type = properties == null ? null : properties.getContentType();
      int format = type == null ? Event.OPAQUE : Formats.of(type);
      receiver.received(topic, format, message.getPayload());
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      // whoever sends asks each second whether it is open
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      // comes with a connection that breaks
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // tokens are asked
    }

    @Override
    public void connectComplete(boolean reconnect, String uri) {
      // whoever connects waits for it
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // not asked for
    }
  }
}
