package dev.sampan.apps.service;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.device.Sensor;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.run.Failures;
import dev.sampan.apps.run.RecordedCall;
import dev.sampan.apps.run.Resident.Identity;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a service, from its first call to its last: what it has, what waits for it, and the
 * loop that calls it.
 */
final class ServiceRun implements AutoCloseable {

  /** How long an app that is to end may go on with what has come before. */
  private static final long DRAIN_NANOS = 4_000_000_000L;

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
  private @Nullable Callbacks callbacks;
  private @Nullable Thread owner;
  private volatile boolean answers;

  /** What is just being handled has come by this connection from this address. */
  private int sourceHandle;

  private @Nullable InetSocketAddress source;

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
    InetSocketAddress address = source;
    if (address == null || handle != sourceHandle) {
      return Optional.empty();
    }
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
      asked.decrementAndGet();
    }
  }

  /** Lets the loop look at the clock again, if another thread of the guest has set it. */
  void wakeFromElsewhere() {
    if (Thread.currentThread() != owner) {
      inbox.wake();
    }
  }

  // ---- calls, in the app's own thread ----

  /** Lets it be called in this thread. */
  void attach(Callbacks functions) {
    callbacks = functions;
    owner = Thread.currentThread();
    answers = functions.has(GuestExport.ON_REQUEST);
  }

  private Callbacks callbacks() {
    return Objects.requireNonNull(callbacks);
  }

  /**
   * Calls the guest.
   *
   * @throws WasmException if it fails
   */
  void call(GuestExport export) {
    perform(export, () -> callbacks().call(export));
  }

  private void perform(GuestExport export, Runnable call) {
    if (!callbacks().has(export)) {
      return;
    }
    try (RecordedCall recorded =
        RecordedCall.begin(identity.name(), identity.revision(), export.word())) {
      call.run();
      recorded.succeeded();
    } catch (ExhaustedException e) {
      if (e.resource() != Resource.TIME) {
        throw e;
      }
      String limit = Resource.TIME.exhausted(e.limit(), e.used());
      throw new ExhaustedException(
          Resource.TIME, e.limit(), e.used(), "watchdog: " + export.word() + ": " + limit, e);
    }
  }

  /** Tells the guest that it ends. */
  void sayGoodbye() {
    attempt(GuestExport.ON_DESTROY, () -> callbacks().call(GuestExport.ON_DESTROY));
  }

  /**
   * Calls the guest. If it fails so that it can go on, that is written into the log.
   *
   * @return why it has failed, or empty
   */
  private Optional<String> attempt(GuestExport export, Runnable call) {
    try {
      perform(export, call);
      return Optional.empty();
    } catch (WasmException e) {
      if (ends(e)) {
        throw e;
      }
      identity.say(export.word() + " failed, the app goes on: " + Failures.report(e));
      return Optional.of(Failures.cause(e));
    }
  }

  /** Whether nothing more can be expected of a guest that has failed like this. */
  private static boolean ends(WasmException failure) {
    return switch (failure) {
      case Trap trap -> trap.kind() == Trap.Kind.INTERRUPTED;
      case ExhaustedException exhausted ->
          exhausted.resource() != Resource.CALL_STACK && exhausted.resource() != Resource.MEMORY;
      case GuestException _, LinkException _ -> false;
      case ExitException _, InvalidException _, MalformedException _ -> true;
    };
  }

  /** Calls the guest whenever there is something, until it is to end. */
  void loop(BooleanSupplier ending) throws InterruptedException {
    long drained = 0;
    while (true) {
      if (ending.getAsBoolean()) {
        drained = drained == 0 ? framework.now() + DRAIN_NANOS : drained;
        boolean idle = inbox.isEmpty() && exchanges.isEmpty();
        if (idle || framework.now() >= drained) {
          return;
        }
      }
      Message next = inbox.next(untilNext(drained));
      if (next != null) {
        handle(next);
      }
      if (!inbox.isPaused()) {
        strike(framework.now());
      }
      exchanges.expire();
    }
  }

  private long untilNext(long drained) {
    long due = Math.min(timers.nextDue(), sensors.nextDue());
    if (drained != 0) {
      due = Math.min(due, drained);
    }
    long untilDue = due == Long.MAX_VALUE ? Inbox.FOREVER : due - framework.now();
    return Math.max(0, Math.min(untilDue, exchanges.untilExpiry()));
  }

  private void strike(long now) {
    for (Integer id = timers.strike(now); id != null; id = timers.strike(now)) {
      int timer = id;
      attempt(GuestExport.ON_TIMER, () -> callbacks().call(GuestExport.ON_TIMER, timer));
    }
    for (Sensors.Due due = sensors.take(now); due != null; due = sensors.take(now)) {
      read(due.id(), due.name(), due.sensor());
    }
  }

  private void read(int id, String name, Sensor sensor) {
    byte[] reading;
    try {
      reading = sensor.read().encode();
    } catch (RuntimeException e) {
      complaints.say("the sensor '" + name + "' cannot be read: " + e);
      return;
    }
    attempt(GuestExport.ON_SENSOR, () -> callbacks().call(GuestExport.ON_SENSOR, reading, id));
  }

  private void handle(Message message) {
    switch (message) {
      case Message.Asked(Request request, Exchange exchange) -> handle(request, exchange);
      case Message.Told(Event event) -> {
        Request request =
            new Request(
                Action.EVENT,
                event.format(),
                framework.nextId(),
                framework.party(event.publisher()),
                event.topic(),
                event.payload());
        deliver(GuestExport.ON_REQUEST, request.encode());
      }
      case Message.Answered(Response response) -> {
        asked.decrementAndGet();
        deliver(GuestExport.ON_RESPONSE, response.encode());
      }
      case Message.Received received -> handle(received);
    }
  }

  private Optional<String> deliver(GuestExport export, byte[] data, Integer... first) {
    return attempt(export, () -> callbacks().call(export, data, first));
  }

  private void handle(Request request, Exchange exchange) {
    if (exchange.isOver()) {
      return; // who has asked does not wait any more
    }
    Optional<String> failure = deliver(GuestExport.ON_REQUEST, request.encode());
    if (failure.isPresent()) {
      give(exchange, Status.INTERNAL_ERROR, "it failed: " + failure.get());
    } else if (!exchange.isOver() && framework.resources().isForeign(this, request.url())) {
      give(exchange, Status.NOT_FOUND, "it has no resource '" + request.url() + "'");
    }
  }

  private void give(Exchange exchange, int status, String why) {
    exchanges.remove(exchange);
    exchange.refuse(status, "'" + name() + "': " + why);
  }

  private void handle(Message.Received received) {
    if (!connections.isOpen(received.handle())) {
      return;
    }
    sourceHandle = received.handle();
    source = received.source();
    try {
      deliver(GuestExport.ON_CONNECTION, received.data(), received.handle());
    } finally {
      source = null;
      if (received.data().length > 0) {
        connections.taken(received.handle());
      } else {
        connections.close(received.handle()); // guests take it for closed
      }
    }
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
