package dev.sampan.apps.http;

import dev.sampan.apps.json.AttributeJson;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.WireException;
import java.util.Locale;

/** Bodies that become payloads of messages. */
final class Payloads {

  private static final String JSON = "application/json";

  private Payloads() {}

  /** Whether a body is JSON, as its sender says. */
  static boolean isJson(Exchange exchange) {
    String type = exchange.header("Content-Type").orElse("");
    int semicolon = type.indexOf(';');
    String bare = semicolon < 0 ? type : type.substring(0, semicolon);
    return bare.strip().toLowerCase(Locale.ROOT).equals(JSON);
  }

  /**
   * Attributes that came as JSON, or packed already.
   *
   * @throws HttpFailure if they are none
   */
  static byte[] attributes(Exchange exchange, byte[] body) {
    try {
      if (body.length == 0) {
        return body;
      }
      return isJson(exchange)
          ? AttributeJson.read(body).encode()
          : AttributeContainer.decode(body).encode();
    } catch (IllegalArgumentException | WireException e) {
      throw new HttpFailure(400, String.valueOf(e.getMessage()));
    }
  }
}
