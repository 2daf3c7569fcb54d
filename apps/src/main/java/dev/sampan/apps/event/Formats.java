package dev.sampan.apps.event;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Media types that mean the same as a payload's format. The numbers are those of the Constrained
 * Application Protocol, which the guests' interface took them from.
 */
public final class Formats {

  private static final Map<Integer, String> TYPES =
      Map.of(41, "application/xml", Event.JSON, "application/json", 60, "application/cbor");

  private Formats() {}

  /** The format that a media type means, whatever its parameters; opaque if there is none. */
  public static int of(String mediaType) {
    int semicolon = mediaType.indexOf(';');
    String bare = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
    String wanted = bare.strip().toLowerCase(Locale.ROOT);
    return TYPES.entrySet().stream()
        .filter(each -> each.getValue().equals(wanted))
        .findFirst()
        .map(Map.Entry::getKey)
        .orElse(Event.OPAQUE);
  }

  /** All media types that mean a format. */
  public static List<String> mediaTypes() {
    return TYPES.values().stream().sorted().toList();
  }

  /** The media type of a format, if there is one. */
  public static Optional<String> mediaType(int format) {
    return Optional.ofNullable(TYPES.get(format));
  }
}
