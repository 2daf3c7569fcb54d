package dev.sampan.apps.json;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.Formats;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Format;
import dev.sampan.apps.wire.WireException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An event as JSON, whatever its payload is.
 *
 * @param type the media type of the payload, if its format means one
 * @param attributes the payload, if it is an attribute container
 * @param text the payload, if that is else text in UTF-8
 * @param base64 the payload, if it is not
 */
public record EventJson(
    String topic,
    int format,
    Optional<String> type,
    String publisher,
    Optional<JsonNode> attributes,
    Optional<String> text,
    Optional<String> base64) {

  /** An event. */
  public static EventJson of(Event event) {
    Optional<JsonNode> attributes = attributes(event);
    Optional<String> text = attributes.isPresent() ? Optional.empty() : text(event.payload());
    boolean binary = attributes.isEmpty() && text.isEmpty();
    return new EventJson(
        event.topic(),
        event.format(),
        Formats.mediaType(event.format()),
        event.publisher(),
        attributes,
        text,
        binary
            ? Optional.of(Base64.getEncoder().encodeToString(event.payload()))
            : Optional.empty());
  }

  private static Optional<JsonNode> attributes(Event event) {
    if (event.format() != Format.ATTRIBUTES) {
      return Optional.empty();
    }
    try {
      AttributeContainer container = AttributeContainer.decode(event.payload());
      return Optional.of(Json.parse(AttributeJson.write(container)));
    } catch (WireException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(byte[] payload) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
