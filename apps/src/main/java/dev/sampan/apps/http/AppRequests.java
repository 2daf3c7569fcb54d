package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.Formats;
import dev.sampan.apps.json.AttributeJson;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Format;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import dev.sampan.apps.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code /app/NAME/…}: hands requests to services. A body of JSON becomes an attribute container,
 * any other goes as it is; a response's status becomes the one of HTTP that RFC 8075 gives for it.
 */
final class AppRequests {

  /** A header with the number of the payload's format, see {@link Format}. */
  private static final String FORMAT = "Sampan-Format";

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String OCTETS = "application/octet-stream";
  private static final int MAX_FORMAT = 0xffff;

  private final AppHost host;

  AppRequests(AppHost host) {
    this.host = host;
  }

  List<Route> routes() {
    return List.of(
        route("/app/{name}", "Asks a service.", call -> handle(call, "")),
        route(
            "/app/{name}/{path...}",
            "Asks a service for something.",
            call -> handle(call, call.variable("path"))));
  }

  private static Route route(String path, String summary, Route.Action action) {
    return Route.of("GET POST PUT DELETE", path, summary)
        .audience(Audience.EVERYBODY)
        .header(FORMAT, Integer.class, "What the payload is; by default as its type says.")
        .answers(200, "*/*")
        .answers(201, "*/*")
        .answers(204, "*/*")
        .by(action);
  }

  /**
   * Handles a request.
   *
   * @param path what stands behind the name
   */
  private void handle(Call call, String path) throws IOException, InterruptedException {
    Exchange exchange = call.exchange();
    String name = call.variable("name");
    Action action =
        Action.ofMethod(exchange.method())
            .orElseThrow(
                () ->
                    new HttpFailure(
                        405, "expected GET, POST, PUT or DELETE, found " + exchange.method()));
    byte[] body = body(exchange, name);
    int format = format(exchange, body);
    byte[] payload = format == Format.ATTRIBUTES ? Payloads.attributes(exchange, body) : body;
    String query = exchange.request().getHttpURI().getQuery();
    String url = path + (query == null ? "" : "?" + query);
    switch (host.ask(name, new Request(action, format, 0, 0, url, payload))) {
      case Framework.Outcome.Answered(Response response) -> answer(exchange, response);
      case Framework.Outcome.Refused(Framework.Refusal refusal) ->
          throw new HttpFailure(http(refusal.status(), true), refusal.why());
    }
  }

  // ---- in ----

  private byte[] body(Exchange exchange, String name) throws IOException {
    int max =
        host.find(name)
            .map(app -> app.revision().manifest().trigger())
            .map(trigger -> trigger instanceof Trigger.Service s ? s.maxMessageBytes() : 0)
            .orElse(0);
    long length = exchange.request().getLength();
    // what an app does not take is not waited for
    if (max > 0 && length > max) {
      throw tooLong(max, String.valueOf(length));
    }
    byte[] body = Upload.steady(exchange.body()).readNBytes(max + 1);
    if (max > 0 && body.length > max) {
      throw tooLong(max, "more");
    }
    return body;
  }

  private static HttpFailure tooLong(int max, String found) {
    return new HttpFailure(413, "expected a body of at most " + max + " bytes, found " + found);
  }

  private static int format(Exchange exchange, byte[] body) {
    if (exchange.header(FORMAT).isPresent()) {
      String text = exchange.header(FORMAT).get();
      if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_FORMAT) {
        throw new HttpFailure(
            400, "expected a number from 0 to 65535 in " + FORMAT + ", found '" + text + "'");
      }
      return Integer.parseInt(text);
    }
    if (body.length == 0) {
      return Event.OPAQUE;
    }
    return Payloads.isJson(exchange)
        ? Format.ATTRIBUTES
        : exchange.header("Content-Type").map(Formats::of).orElse(Event.OPAQUE);
  }

  // ---- out ----

  /**
   * The status of HTTP for one of CoAP, by RFC 8075, 7.
   *
   * @param empty whether there is no payload
   */
  static int http(int status, boolean empty) {
    return switch (status) {
      case Status.CREATED -> 201;
      case Status.DELETED, Status.CHANGED -> empty ? 204 : 200;
      case 129, Status.FORBIDDEN -> 403;
      case Status.NOT_FOUND -> 404;
      case 134 -> 406;
      case 140 -> 412;
      case Status.TOO_LARGE -> 413;
      case 143 -> 415;
      case 161 -> 501;
      case 162, 165 -> 502;
      case Status.UNAVAILABLE -> 503;
      case Status.TIMEOUT -> 504;
      default ->
          switch (status >> 5) {
            case 2 -> 200;
            case 4 -> 400;
            case 5 -> 500;
            default -> 502;
          };
    };
  }

  private static void answer(Exchange exchange, Response response) {
    byte[] payload = response.payload();
    String type = type(response);
    if (response.format() == Format.ATTRIBUTES && payload.length > 0) {
      try {
        payload = AttributeJson.write(AttributeContainer.decode(payload));
        type = JSON;
      } catch (WireException e) {
        throw new HttpFailure(502, "the app's answer is wrong: " + e.getMessage());
      }
    }
    exchange.response().getHeaders().put(FORMAT, response.format());
    exchange.response().getHeaders().put("X-Content-Type-Options", "nosniff");
    exchange.bytes(http(response.status(), payload.length == 0), type, payload);
  }

  private static String type(Response response) {
    boolean text = response.format() == Event.OPAQUE && isText(response.payload());
    return Formats.mediaType(response.format()).orElse(text ? TEXT : OCTETS);
  }

  private static boolean isText(byte[] payload) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
