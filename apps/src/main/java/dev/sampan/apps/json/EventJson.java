package dev.sampan.apps.json;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.Formats;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * An event as JSON, whatever its payload is.
 *
 * @param type the media type of the payload, if its format means one
 * @param text the payload, if that is text in UTF-8
 * @param base64 the payload, if it is not
 */
public record EventJson(
    String topic,
    int format,
    Optional<String> type,
    String publisher,
    Optional<String> text,
    Optional<String> base64) {

  /** An event. */
  public static EventJson of(Event event) {
    Optional<String> text = text(event.payload());
    return new EventJson(
        event.topic(),
        event.format(),
        Formats.mediaType(event.format()),
        event.publisher(),
        text,
        text.isPresent()
            ? Optional.empty()
            : Optional.of(Base64.getEncoder().encodeToString(event.payload())));
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
