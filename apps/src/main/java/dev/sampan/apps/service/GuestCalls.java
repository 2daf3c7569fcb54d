package dev.sampan.apps.service;

import dev.sampan.apps.device.Sensor;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.WireException;
import java.util.Optional;

/** What a guest asks the framework for. */
final class GuestCalls {

  private static final int MAX_RESOURCE = 256;
  private static final int MAX_NAME = 256;

  /** Room for head and URL around a payload. */
  private static final int AROUND_PAYLOAD = 66_000;

  private static final int FAILED = -1;
  private static final int FALSE = 0;
  private static final int TRUE = 1;

  private final ServiceRun run;
  private final Framework framework;
  private final Complaints complaints;
  private final int maxMessage;

  GuestCalls(ServiceRun run, Framework framework, int maxMessage) {
    this.run = run;
    this.framework = framework;
    this.complaints = run.complaints();
    this.maxMessage = maxMessage;
  }

  /**
   * Does what a function of the framework does. What is malformed is said in the log, and fails as
   * the function fails.
   *
   * @return the result, if the function has one
   */
  int perform(GuestFunction function, Arguments in) {
    try {
      int result =
          switch (function) {
            case REGISTER_RESOURCE -> register(in.text(0, MAX_RESOURCE));
            case POST_REQUEST -> post(Request.decode(message(in)));
            case SEND_RESPONSE -> respond(Response.decode(message(in)));
            case SUBSCRIBE -> subscribe(in.text(0, Event.MAX_TOPIC));

            case CREATE_TIMER -> createTimer(in);
            case CANCEL_TIMER -> {
              run.timers().cancel(in.i32(0));
              yield TRUE;
            }
            case DESTROY_TIMER -> {
              run.timers().destroy(in.i32(0));
              yield TRUE;
            }
            case RESTART_TIMER -> {
              run.timers().restart(in.i32(0), in.unsigned(1), framework.now());
              yield TRUE;
            }
            case TICK -> run.permissions().clocks() ? framework.tick() : 0;

            case OPEN_SENSOR -> openSensor(in.text(0, MAX_NAME), in.i32(1));
            case CONFIGURE_SENSOR -> {
              long millis = in.unsigned(1);
              yield flag(
                  run.sensors()
                      .configure(in.i32(0), millis, in.i32(2), in.i32(3), framework.now()));
            }
            case ADVISE_SENSOR -> {
              AttributeContainer wishes = container(in, 1);
              Sensor sensor = run.sensors().sensor(in.i32(0));
              yield flag(sensor != null && sensor.configure(wishes));
            }
            case CLOSE_SENSOR -> flag(run.sensors().close(in.i32(0)));

            case OPEN_CONNECTION -> {
              String kind = in.text(0, MAX_NAME);
              yield run.connections().open(kind, container(in, 1));
            }
            case CLOSE_CONNECTION -> {
              run.connections().close(in.i32(0));
              yield TRUE;
            }
            case SEND -> run.connections().send(in.i32(0), in.bytes(1, maxMessage));
            case CONFIGURE_CONNECTION ->
                flag(run.connections().configure(in.i32(0), container(in, 1)));
            case SOURCE -> source(in);
          };
      if (changesDueTimes(function)) {
        run.wakeFromElsewhere();
      }
      return result;
    } catch (WireException | IllegalArgumentException e) {
      complaints.say(function.word() + ": " + e.getMessage());
      return givesNumber(function) ? FAILED : FALSE;
    }
  }

  /** Whether the result is a number, or -1; of others it is true or false. */
  private static boolean givesNumber(GuestFunction function) {
    return function == GuestFunction.OPEN_SENSOR
        || function == GuestFunction.OPEN_CONNECTION
        || function == GuestFunction.SEND
        || function == GuestFunction.SOURCE;
  }

  private static int flag(boolean value) {
    return value ? TRUE : FALSE;
  }

  private static boolean changesDueTimes(GuestFunction function) {
    return function == GuestFunction.CREATE_TIMER
        || function == GuestFunction.RESTART_TIMER
        || function == GuestFunction.OPEN_SENSOR
        || function == GuestFunction.CONFIGURE_SENSOR;
  }

  private byte[] message(Arguments in) throws WireException {
    return in.bytes(0, maxMessage + AROUND_PAYLOAD);
  }

  private AttributeContainer container(Arguments in, int index) throws WireException {
    return AttributeContainer.decode(in.bytes(index, maxMessage));
  }

  // ---- requests and events ----

  private int register(String url) {
    Optional<String> why = framework.register(run, url);
    why.ifPresent(complaints::say);
    return flag(why.isEmpty());
  }

  private int post(Request request) throws WireException {
    if (request.payload().length > maxMessage) {
      throw new WireException(
          "expected a payload of at most %d bytes, found %d"
              .formatted(maxMessage, request.payload().length));
    }
    if (request.action() == Action.EVENT) {
      publish(request);
    } else {
      framework.ask(run, request.from(run.party()));
    }
    return TRUE;
  }

  private void publish(Request request) {
    String topic = request.url();
    Event event =
        new Event(topic, request.format(), request.payload(), Framework.PUBLISHER + run.name());
    if (run.permissions().mayPublish(topic)) {
      framework.bus().publish(event);
    } else {
      complaints.refused("an event about '" + topic + "'", "publish", topic);
    }
  }

  private int respond(Response response) throws WireException {
    if (response.payload().length > maxMessage) {
      throw new WireException(
          "expected a payload of at most %d bytes, found %d"
              .formatted(maxMessage, response.payload().length));
    }
    run.exchanges()
        .take(response.receiver(), response.id())
        .ifPresent(exchange -> exchange.answer(response));
    return TRUE;
  }

  private int subscribe(String url) {
    TopicFilter filter = TopicFilter.of(url);
    if (!run.permissions().maySubscribe(filter)) {
      complaints.refused("events about '" + url + "'", "subscribe", url);
      return FALSE;
    }
    boolean heard = run.endpoint().subscribe(run, filter);
    if (!heard) {
      complaints.say("there are as many subscriptions as there may be");
    }
    return flag(heard);
  }

  // ---- timers and sensors ----

  private int createTimer(Arguments in) {
    int id = run.timers().create(in.unsigned(0), in.i32(1) != 0, in.i32(2) != 0, framework.now());
    if (id == FAILED) {
      complaints.say("there are as many timers as there may be");
    }
    return id;
  }

  private int openSensor(String name, int instance) {
    if (!run.permissions().mayUse(name)) {
      complaints.refused("the sensor '" + name + "'", "devices", name);
      return FAILED;
    }
    if (run.sensors().refuses(name, instance)) {
      return FAILED;
    }
    Optional<Sensor> sensor = framework.devices().sensor(name, instance);
    if (sensor.isEmpty()) {
      complaints.say("there is no sensor '%s' number %d".formatted(name, instance));
      return FAILED;
    }
    return run.sensors().open(name, instance, sensor.get(), framework.now());
  }

  // ---- connections ----

  /** Whom the datagram came from, in the form in which a destination is set. */
  private int source(Arguments in) {
    Optional<byte[]> source = run.source(in.i32(0));
    return source.isPresent() && in.write(1, source.get()) ? source.get().length : FAILED;
  }
}
