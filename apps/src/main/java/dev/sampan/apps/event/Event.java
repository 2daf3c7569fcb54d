package dev.sampan.apps.event;

/**
 * Something that has happened.
 *
 * @param topic what it is about: levels divided by {@code /}, without wildcards
 * @param format what the payload is, a number that publishers and subscribers agree on: 99 for an
 *     attribute container, 0 for bytes of which nothing is said
 * @param payload the bytes; nobody may change them
 * @param publisher who says so: {@code app:NAME}, or a word for a part of the host
 */
public record Event(String topic, int format, byte[] payload, String publisher) {

  /** How long a topic may be, in characters. */
  public static final int MAX_TOPIC = 1024;

  /** How long a payload from outside may be, in bytes; whoever takes one in looks at that. */
  public static final int MAX_PAYLOAD = 1 << 20;

  /** What the topics begin with on which the host alone publishes. */
  public static final String RESERVED = "$";

  /** Bytes of which nothing is said. */
  public static final int OPAQUE = 0;

  /** JSON. */
  public static final int JSON = 50;

  /** The publisher of what the host itself tells; its topics begin with {@code $}. */
  public static final String HOST = "host";

  /**
   * Checks the topic.
   *
   * @throws IllegalArgumentException if it is empty, too long, or has a wildcard or NUL in it
   */
  public Event {
    TopicFilter.requireTopic(topic);
  }
}
