package dev.sampan.apps.service;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.run.Resident.Identity;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import dev.sampan.wasm.ImportSource;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run of a service, from its first call to its last: what it has, and what waits for it. Its
 * guest is called by a {@link ServiceLoop}.
 */
final class ServiceRun implements AutoCloseable {

  /** How long the payloads together may be that wait for it, if one alone is not longer. */
  private static final long MIN_WAITING_BYTES = 16L << 20;

  /** How many of its own requests may be without an answer that it has taken. */
  private static final int MAX_ASKED = 1_000;

  private final Identity identity;
  private final Trigger.Service settings;
  private final Permissions permissions;
  private final CallStats stats;
  private final Framework framework;
  private final Endpoint endpoint;
  private final int party;
  private final Complaints complaints;
  private final Inbox inbox;
  private final Exchanges exchanges;
  private final Timers timers;
  private final Sensors sensors = new Sensors();
  private final Connections connections;
  private final AtomicInteger asked = new AtomicInteger();
  private @Nullable Thread owner;
  private volatile boolean answers;

  /** The data of a connection that the guest is just told of. */
  private Message.@Nullable Received handled;

  /** A run that has not begun. */
  ServiceRun(
      Identity identity,
      Trigger.Service settings,
      Permissions permissions,
      CallStats stats,
      Framework framework) {
    this.identity = identity;
    this.settings = settings;
    this.permissions = permissions;
    this.stats = stats;
    this.framework = framework;
    this.endpoint = framework.endpoint(identity.name());
    this.party = framework.nextParty();
    this.complaints = new Complaints(identity);
    this.inbox =
        new Inbox(settings.queue(), Math.max(MIN_WAITING_BYTES, settings.maxMessageBytes()));
    this.exchanges = new Exchanges(settings.timeLimit());
    this.timers = new Timers(settings.maxTimers());
    this.connections = new Connections(this, framework, endpoint, settings.maxConnections());
  }

  // ---- what it has ----

  /** The app's name. */
  String name() {
    return identity.name();
  }

  /** The number by which messages name it as their sender. */
  int party() {
    return party;
  }

  Permissions permissions() {
    return permissions;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Complaints complaints() {
    return complaints;
  }

  Inbox inbox() {
    return inbox;
  }

  Exchanges exchanges() {
    return exchanges;
  }

  Timers timers() {
    return timers;
  }

  Sensors sensors() {
    return sensors;
  }

  Connections connections() {
    return connections;
  }

  /** What the guest may import from the framework. */
  ImportSource imports() {
    return new GuestImports(new GuestCalls(this, framework, settings.maxMessageBytes()));
  }

  /** Who has sent the datagram that is just being handled, as a destination is set. */
  Optional<byte[]> source(int handle) {
    Message.Received data = handled;
    if (data == null || data.source() == null || data.handle() != handle) {
      return Optional.empty();
    }
    InetSocketAddress address = data.source();
    String text = address.getAddress().getHostAddress();
    return Optional.of(
        AttributeContainer.tagged("")
            .with("address", new Attribute.Text(text))
            .with("port", new Attribute.Whole(AttributeType.UINT16, address.getPort()))
            .encode());
  }

  // ---- what comes, from any thread ----

  /** Takes a request, if it can. */
  Inbox.Outcome accept(Request request, Asker asker) {
    Exchange exchange = new Exchange(request, asker, stats);
    if (!exchanges.add(exchange)) {
      stats.refuse();
      return Inbox.Outcome.FULL;
    }
    Inbox.Outcome outcome = inbox.offer(new Message.Asked(request, exchange));
    if (outcome != Inbox.Outcome.TAKEN) {
      exchanges.remove(exchange);
      stats.refuse();
    }
    return outcome;
  }

  /** Whether it has a function for requests. */
  boolean answers() {
    return answers;
  }

  /** How long the payload of a message to it may be. */
  int maxMessageBytes() {
    return settings.maxMessageBytes();
  }

  /** Tells it of an event, if there is room. */
  void tell(Event event) {
    if (event.payload().length > settings.maxMessageBytes()) {
      complaints.say("an event about '" + event.topic() + "' was too long for it");
    } else if (inbox.offer(new Message.Told(event)) == Inbox.Outcome.FULL) {
      stats.refuse();
      complaints.say("the queue is full: events are lost");
    }
  }

  /**
   * Takes the answer to one of its own requests.
   *
   * @return null if too many of its requests have no answer yet
   */
  @Nullable Asker asker(Request request) {
    if (asked.incrementAndGet() > MAX_ASKED) {
      asked.decrementAndGet();
      complaints.say(
          "more than " + MAX_ASKED + " requests are not answered; further ones are lost");
      return null;
    }
    return new OwnRequest(request.sender(), request.id());
  }

  private final class OwnRequest implements Asker {
    private final int sender;
    private final int id;

    OwnRequest(int sender, int id) {
      this.sender = sender;
      this.id = id;
    }

    @Override
    public void answered(Response response) {
      if (response.payload().length > settings.maxMessageBytes()
          || !inbox.put(new Message.Answered(response))) {
        refused(Status.TOO_LARGE, "the answer is too long");
      }
    }

    @Override
    public void refused(int status, String why) {
      inbox.put(new Message.Answered(Response.refusal(status, why, id, sender)));
    }

    @Override
    public void givenUp() {
      answerIsTaken();
    }
  }

  /** One of its own requests is no longer without an answer. */
  void answerIsTaken() {
    asked.decrementAndGet();
  }

  /** Lets the loop look at the clock again, if another thread of the guest has set it. */
  void wakeFromElsewhere() {
    if (Thread.currentThread() != owner) {
      inbox.wake();
    }
  }

  // ---- in the app's own thread ----

  /** Lets its guest be called in this thread. */
  ServiceLoop attach(Callbacks functions) {
    owner = Thread.currentThread();
    answers = functions.has(GuestExport.ON_REQUEST);
    return new ServiceLoop(this, functions, identity, framework);
  }

  /** Says which data of a connection the guest is told of from now on, or null. */
  void handling(Message.@Nullable Received data) {
    handled = data;
  }

  // ---- the end ----

  @Override
  public void close() {
    inbox.close();
    endpoint.leave(this);
    framework.resources().forget(this);
    connections.close();
    exchanges.close("'" + name() + "' has ended");
  }
}
