package dev.sampan.apps.wire;

import java.util.Optional;

/** What a request wants, with the number that says so in a message. */
public enum Action {
  GET(1),
  POST(2),
  PUT(3),
  DELETE(4),
  /** It wants nothing, but tells of an event. */
  EVENT(6);

  private final int code;

  Action(int code) {
    this.code = code;
  }

  /** Its number. */
  public int code() {
    return code;
  }

  /** The action of a number. */
  public static Optional<Action> of(int code) {
    for (Action each : values()) {
      if (each.code == code) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The action of a method of HTTP; there are four. */
  public static Optional<Action> ofMethod(String method) {
    return switch (method) {
      case "GET" -> Optional.of(GET);
      case "POST" -> Optional.of(POST);
      case "PUT" -> Optional.of(PUT);
      case "DELETE" -> Optional.of(DELETE);
      default -> Optional.empty();
    };
  }
}
