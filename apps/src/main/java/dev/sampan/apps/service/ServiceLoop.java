package dev.sampan.apps.service;

import dev.sampan.apps.device.Sensor;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.run.Failures;
import dev.sampan.apps.run.RecordedCall;
import dev.sampan.apps.run.Resident.Identity;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Calls the guest of a run whenever something has come for it or is due, one call after the other:
 * used in the app's own thread alone, so nothing here needs a lock.
 */
final class ServiceLoop {

  /** How long an app that is to end may go on with what has come before. */
  private static final long DRAIN_NANOS = 4_000_000_000L;

  private final ServiceRun run;
  private final Callbacks callbacks;
  private final Identity identity;
  private final Framework framework;

  ServiceLoop(ServiceRun run, Callbacks callbacks, Identity identity, Framework framework) {
    this.run = run;
    this.callbacks = callbacks;
    this.identity = identity;
    this.framework = framework;
  }

  // ---- calls ----

  /**
   * Calls the guest.
   *
   * @throws WasmException if it fails
   */
  void call(GuestExport export) {
    perform(export, () -> callbacks.call(export));
  }

  private void perform(GuestExport export, Runnable call) {
    if (!callbacks.has(export)) {
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
    attempt(GuestExport.ON_DESTROY, () -> callbacks.call(GuestExport.ON_DESTROY));
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

  // ---- what there is to do ----

  /** Calls the guest whenever there is something, until it is to end. */
  void run(BooleanSupplier ending) throws InterruptedException {
    long drained = 0;
    while (true) {
      if (ending.getAsBoolean()) {
        drained = drained == 0 ? framework.now() + DRAIN_NANOS : drained;
        boolean idle = run.inbox().isEmpty() && run.exchanges().isEmpty();
        if (idle || framework.now() >= drained) {
          return;
        }
      }
      Message next = run.inbox().next(untilNext(drained));
      if (next != null) {
        handle(next);
      }
      if (!run.inbox().isPaused()) {
        strike(framework.now());
      }
      run.exchanges().expire();
    }
  }

  private long untilNext(long drained) {
    long due = Math.min(run.timers().nextDue(), run.sensors().nextDue());
    if (drained != 0) {
      due = Math.min(due, drained);
    }
    long untilDue = due == Long.MAX_VALUE ? Inbox.FOREVER : due - framework.now();
    return Math.max(0, Math.min(untilDue, run.exchanges().untilExpiry()));
  }

  private void strike(long now) {
    for (Integer id = run.timers().strike(now); id != null; id = run.timers().strike(now)) {
      int timer = id;
      attempt(GuestExport.ON_TIMER, () -> callbacks.call(GuestExport.ON_TIMER, timer));
    }
    for (Sensors.Due due = run.sensors().take(now); due != null; due = run.sensors().take(now)) {
      read(due.id(), due.name(), due.sensor());
    }
  }

  private void read(int id, String name, Sensor sensor) {
    byte[] reading;
    try {
      reading = sensor.read().encode();
    } catch (RuntimeException e) {
      run.complaints().say("the sensor '" + name + "' cannot be read: " + e);
      return;
    }
    attempt(GuestExport.ON_SENSOR, () -> callbacks.call(GuestExport.ON_SENSOR, reading, id));
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
        run.answerIsTaken();
        deliver(GuestExport.ON_RESPONSE, response.encode());
      }
      case Message.Received received -> handle(received);
    }
  }

  private Optional<String> deliver(GuestExport export, byte[] data, Integer... first) {
    return attempt(export, () -> callbacks.call(export, data, first));
  }

  private void handle(Request request, Exchange exchange) {
    if (exchange.isOver()) {
      return; // who has asked does not wait any more
    }
    Optional<String> failure = deliver(GuestExport.ON_REQUEST, request.encode());
    if (failure.isPresent()) {
      give(exchange, Status.INTERNAL_ERROR, "it failed: " + failure.get());
    } else if (!exchange.isOver() && framework.resources().isForeign(run, request.url())) {
      give(exchange, Status.NOT_FOUND, "it has no resource '" + request.url() + "'");
    }
  }

  private void give(Exchange exchange, int status, String why) {
    run.exchanges().remove(exchange);
    exchange.refuse(status, "'" + run.name() + "': " + why);
  }

  private void handle(Message.Received received) {
    if (!run.connections().isOpen(received.handle())) {
      return;
    }
    run.handling(received);
    try {
      deliver(GuestExport.ON_CONNECTION, received.data(), received.handle());
    } finally {
      run.handling(null);
      if (received.data().length > 0) {
        run.connections().taken(received.handle());
      } else {
        run.connections().close(received.handle()); // guests take it for closed
      }
    }
  }
}
