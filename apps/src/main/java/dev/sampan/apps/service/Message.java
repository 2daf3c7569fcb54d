package dev.sampan.apps.service;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Something that waits for an app. */
sealed interface Message {

  /** How much room it takes, in bytes, as long as it waits. */
  default int size() {
    return switch (this) {
      case Asked(Request request, _) -> request.payload().length;
      case Told(Event event) -> event.payload().length;
      case Answered(Response response) -> response.payload().length;
      case Received received -> received.data().length;
    };
  }

  /** Somebody asks. */
  record Asked(Request request, Exchange exchange) implements Message {}

  /** Something has happened. */
  record Told(Event event) implements Message {}

  /** What the app has asked for is there. */
  record Answered(Response response) implements Message {}

  /**
   * Data of a connection has come.
   *
   * @param data empty if nothing more will come
   * @param source who has sent it, if that is not the same for the whole connection
   */
  record Received(int handle, byte[] data, @Nullable InetSocketAddress source) implements Message {}
}
