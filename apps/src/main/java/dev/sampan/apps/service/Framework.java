package dev.sampan.apps.service;

import dev.sampan.apps.connect.Poller;
import dev.sampan.apps.device.Devices;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import dev.sampan.apps.wire.Format;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is between the services of a host: the ways of requests and events, and the devices. */
public final class Framework implements AutoCloseable {

  /** The party that stands for the host, and all who are outside. */
  public static final int HOST = -3;

  /** What the publisher of an app's event begins with. */
  static final String PUBLISHER = "app:";

  private static final String APP = "/app/";
  private static final List<String> MANAGEMENT = List.of("/applet", "/event/");

  /** By this topic guests hear of a change of the apps; nobody else does. */
  private static final TopicFilter APPS = TopicFilter.of("/applets");

  private final EventBus bus;
  private final Devices devices;
  private final Directory directory;
  private final Poller poller = new Poller();
  private final Resources resources = new Resources();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final AtomicInteger parties = new AtomicInteger();
  private final AtomicInteger ids = new AtomicInteger();
  private final long origin = System.nanoTime();

  /**
   * Why a request has no answer.
   *
   * @param status what a response would have, see {@link Status}
   */
  public record Refusal(int status, String why) {}

  /** Knows the apps of the host. */
  public interface Directory {

    /** Why an app takes no requests. */
    Refusal absent(String name);

    /** Whether an app may ask another one if that is granted: not that of another tenant. */
    boolean mayMeet(String from, String to);

    /** The apps that an app may know of, by name: all, or those of its tenant. */
    List<String> known(String from);
  }

  /** What becomes of a request from outside. */
  public sealed interface Outcome {

    /** The app has answered. */
    record Answered(Response response) implements Outcome {}

    /** It has not. */
    record Refused(Refusal refusal) implements Outcome {}
  }

  /** A framework without apps. */
  public Framework(EventBus bus, Devices devices, Directory directory) {
    this.bus = bus;
    this.devices = devices;
    this.directory = directory;
  }

  EventBus bus() {
    return bus;
  }

  Devices devices() {
    return devices;
  }

  Poller poller() {
    return poller;
  }

  Resources resources() {
    return resources;
  }

  /** Registers a resource; gives why it cannot be registered, or empty. */
  Optional<String> register(ServiceRun run, String url) {
    return resources.register(run, url, name -> areNeighbours(run.name(), name));
  }

  /** Whether apps may ask each other, so that no tenant takes a resource from another one. */
  private boolean areNeighbours(String one, String other) {
    return directory.mayMeet(one, other) && directory.mayMeet(other, one);
  }

  /** Nanoseconds since the host was opened. */
  long now() {
    return System.nanoTime() - origin;
  }

  /** Milliseconds since the host was opened; begins anew after 49 days. */
  int tick() {
    return (int) TimeUnit.NANOSECONDS.toMillis(now());
  }

  int nextParty() {
    return parties.incrementAndGet() & Integer.MAX_VALUE;
  }

  int nextId() {
    return ids.incrementAndGet();
  }

  /** Where an app is reached. */
  Endpoint endpoint(String name) {
    return endpoints.computeIfAbsent(name, key -> new Endpoint(key, bus));
  }

  /** Who has published an event, as messages name him. */
  int party(String publisher) {
    ServiceRun run =
        publisher.startsWith(PUBLISHER) ? live(publisher.substring(PUBLISHER.length())) : null;
    return run == null ? HOST : run.party();
  }

  private @Nullable ServiceRun live(String name) {
    Endpoint endpoint = endpoints.get(name);
    return endpoint == null ? null : endpoint.live();
  }

  // ---- requests ----

  /** Brings a request of an app to the app that it is for. */
  void ask(ServiceRun from, Request request) {
    Asker asker = from.asker(request);
    if (asker == null) {
      return;
    }
    String url = request.url();
    if (url.startsWith(APP)) {
      int slash = url.indexOf('/', APP.length());
      String name = url.substring(APP.length(), slash < 0 ? url.length() : slash);
      ask(from, name, request.at(slash < 0 ? "" : url.substring(slash + 1)), asker);
    } else if (MANAGEMENT.stream().anyMatch(url::startsWith)) {
      from.complaints().say("refused: a request to " + url + ", for apps do not manage the host");
      asker.refused(Status.FORBIDDEN, "apps do not manage the host");
    } else {
      Optional<ServiceRun> owner = resources.owner(url, name -> areNeighbours(from.name(), name));
      if (owner.isPresent()) {
        ask(from, owner.get().name(), request, asker);
      } else {
        asker.refused(Status.NOT_FOUND, "nobody has registered '" + url + "'");
      }
    }
  }

  private void ask(ServiceRun from, String name, Request request, Asker asker) {
    boolean granted = name.equals(from.name()) || from.permissions().mayRequest(name);
    if (granted && directory.mayMeet(from.name(), name)) {
      bring(name, request, asker);
      return;
    }
    String what = "a request to the app '" + name + "'";
    if (granted) {
      from.complaints()
          .say("refused: " + what + "; needed: the terms of the tenant grant requests to it");
    } else {
      from.complaints().refused(what, "requests", name);
    }
    asker.refused(Status.FORBIDDEN, "requests to '" + name + "' are not granted");
  }

  private void bring(String name, Request request, Asker asker) {
    while (true) {
      ServiceRun target = live(name);
      if (target == null) {
        Refusal refusal = directory.absent(name);
        asker.refused(refusal.status(), refusal.why());
        return;
      }
      Optional<Refusal> refusal = offer(target, request, asker);
      if (refusal.isEmpty()) {
        return;
      }
      if (target == live(name)) {
        asker.refused(refusal.get().status(), "'" + name + "' " + refusal.get().why());
        return;
      }
      // another run has taken over in this moment
    }
  }

  private static Optional<Refusal> offer(ServiceRun target, Request request, Asker asker) {
    if (!target.answers()) {
      return Optional.of(new Refusal(Status.NOT_FOUND, "answers no requests"));
    }
    int max = target.maxMessageBytes();
    if (request.payload().length > max) {
      return Optional.of(
          new Refusal(Status.TOO_LARGE, "takes payloads of at most " + max + " bytes"));
    }
    return switch (target.accept(request, asker)) {
      case TAKEN -> Optional.empty();
      case FULL -> Optional.of(new Refusal(Status.UNAVAILABLE, "has too many requests waiting"));
      case PAUSED -> Optional.of(new Refusal(Status.UNAVAILABLE, "is paused"));
      case CLOSED -> Optional.of(new Refusal(Status.UNAVAILABLE, "is being stopped"));
    };
  }

  /**
   * Asks an app from outside, and waits for what becomes of it.
   *
   * @param request without id and sender
   * @param millis how long to wait at most
   */
  public Outcome ask(String name, Request request, long millis) throws InterruptedException {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Asker asker =
        new Asker() {
          @Override
          public void answered(Response response) {
            outcome.complete(new Outcome.Answered(response));
          }

          @Override
          public void refused(int status, String why) {
            outcome.complete(new Outcome.Refused(new Refusal(status, why)));
          }
        };
    Request numbered =
        new Request(
            request.action(), request.format(), nextId(), HOST, request.url(), request.payload());
    bring(name, numbered, asker);
    try {
      return outcome.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String why = "'%s' has not answered in %d ms".formatted(name, millis);
      return new Outcome.Refused(new Refusal(Status.TIMEOUT, why));
    } catch (ExecutionException e) {
      throw new AssertionError("nobody completes it so; please report", e);
    }
  }

  // ---- apps ----

  /** Tells services that have subscribed to just that which apps there are, for it has changed. */
  public void appsHaveChanged() {
    for (Endpoint endpoint : endpoints.values()) {
      endpoint.tellIfAsked(APPS, () -> apps(directory.known(endpoint.name())));
    }
  }

  private static Event apps(List<String> names) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("num", new Attribute.Whole(AttributeType.INT32, names.size()));
    int number = 1;
    for (String name : names) {
      attributes.put("applet" + number++, new Attribute.Text(name));
    }
    byte[] payload = AttributeContainer.of("Applets Info", attributes).encode();
    return new Event(APPS.toString(), Format.ATTRIBUTES, payload, Event.HOST);
  }

  /** Forgets an app that has been removed. */
  public void forget(String name) {
    endpoints.remove(name);
  }

  @Override
  public void close() throws IOException {
    poller.close();
  }
}
