package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.WireException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A service in the hands of a test: {@code puppet.wat}. */
final class Puppet {

  /** The functions that it calls, by their numbers. */
  enum Do {
    REGISTER,
    POST,
    RESPOND,
    SUBSCRIBE,
    CREATE_TIMER,
    CANCEL_TIMER,
    DESTROY_TIMER,
    RESTART_TIMER,
    TICK,
    OPEN_SENSOR,
    CONFIGURE_SENSOR,
    ADVISE_SENSOR,
    CLOSE_SENSOR,
    OPEN,
    CLOSE,
    SEND,
    CONFIGURE,
    TRAP,
    SPIN,
    EXIT,
    KEEP,
    ANSWER_KEPT
  }

  /** What it has heard. */
  record Note(char kind, int number, byte[] data) {

    AttributeContainer container() {
      try {
        return AttributeContainer.decode(data);
      } catch (WireException e) {
        throw new AssertionError(e);
      }
    }

    Request request() {
      try {
        return Request.decode(data);
      } catch (WireException e) {
        throw new AssertionError(e);
      }
    }

    Response response() {
      try {
        return Response.decode(data);
      } catch (WireException e) {
        throw new AssertionError(e);
      }
    }

    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  private final AppHost host;
  private final String name;
  private final List<Note> heard = new ArrayList<>();

  private Puppet(AppHost host, String name) {
    this.host = host;
    this.name = name;
  }

  /** The module, in the text format. */
  static String module() {
    try {
      return Files.readString(Path.of("src", "test", "wat", "puppet.wat"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A puppet that runs. */
  static Puppet start(AppHost host, String name, Permissions permissions) {
    return start(host, name, permissions, UnaryOperator.identity());
  }

  static Puppet start(
      AppHost host, String name, Permissions permissions, UnaryOperator<Trigger.Service> settings) {
    return start(host, name, permissions, settings, module());
  }

  static Puppet start(
      AppHost host,
      String name,
      Permissions permissions,
      UnaryOperator<Trigger.Service> settings,
      String module) {
    Manifest manifest =
        Manifest.SERVICE.trigger(settings.apply(Trigger.Service.DEFAULT)).permissions(permissions);
    host.install(name, manifest, TestGuests.module(module));
    host.start(name);
    return new Puppet(host, name);
  }

  String name() {
    return name;
  }

  /** Asks it anything. */
  Framework.Outcome ask(Action action, String url, byte[] payload) {
    try {
      return host.ask(name, new Request(action, 0, 0, 0, url, payload));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] answer(String url, byte[] payload) {
    Framework.Outcome outcome = ask(Action.POST, url, payload);
    assertThat(outcome).isInstanceOf(Framework.Outcome.Answered.class);
    return ((Framework.Outcome.Answered) outcome).response().payload();
  }

  static byte[] order(Do what, byte[] data, int... arguments) {
    ByteBuffer payload =
        ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN).putInt(what.ordinal());
    for (int i = 0; i < 3; i++) {
      payload.putInt(i < arguments.length ? arguments[i] : 0);
    }
    return payload.put(data).array();
  }

  /** Lets it call a function; gives the result. */
  int call(Do what, byte[] data, int... arguments) {
    byte[] result = answer("do", order(what, data, arguments));
    return ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  int call(Do what, int... arguments) {
    return call(what, new byte[0], arguments);
  }

  int call(Do what, String string, int... arguments) {
    return call(what, text(string), arguments);
  }

  /** A string as guests have it. */
  static byte[] text(String string) {
    return (string + '\0').getBytes(StandardCharsets.UTF_8);
  }

  /** Lets it open a connection. */
  int open(String kind, AttributeContainer wishes) {
    byte[] container = wishes.encode();
    byte[] string = text(kind);
    byte[] data =
        ByteBuffer.allocate(string.length + container.length).put(string).put(container).array();
    return call(Do.OPEN, data, string.length);
  }

  /** Lets it send a request. */
  void post(Action action, int id, String url, byte[] payload) {
    call(Do.POST, new Request(action, 0, id, 0, url, payload).encode());
  }

  /** All that it has heard so far. */
  List<Note> heard() {
    ByteBuffer journal =
        ByteBuffer.wrap(answer("journal", new byte[0])).order(ByteOrder.LITTLE_ENDIAN);
    while (journal.hasRemaining()) {
      char kind = (char) journal.get();
      int number = journal.getInt();
      byte[] data = new byte[journal.getInt()];
      journal.get(data);
      heard.add(new Note(kind, number, data));
    }
    return heard;
  }

  /** What it has heard of a kind. */
  List<Note> heard(char kind) {
    return heard().stream().filter(each -> each.kind() == kind).toList();
  }

  /** Waits until it has heard something. */
  Note await(char kind, Predicate<Note> which) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < end) {
      for (Note each : heard(kind)) {
        if (which.test(each)) {
          return each;
        }
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("expected to hear a " + kind + ", found " + heard);
  }

  Note await(char kind) {
    return await(kind, _ -> true);
  }

  /** Its log. */
  String log() {
    return String.join("\n", host.log(name).tail(1_000));
  }
}
