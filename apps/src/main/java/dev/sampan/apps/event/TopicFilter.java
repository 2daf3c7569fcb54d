package dev.sampan.apps.event;

/**
 * Which topics are meant: levels divided by {@code /}, where {@code +} stands for any one level and
 * {@code #} at the end for any number of levels, also none. Wildcards at the beginning do not reach
 * topics that begin with {@code $}, as MQTT has it.
 */
public final class TopicFilter {

  private final String text;
  private final String[] levels;

  private TopicFilter(String text) {
    this.text = text;
    this.levels = text.split("/", -1);
  }

  /**
   * The filter that a text says.
   *
   * @throws IllegalArgumentException if a wildcard is not a level of its own, {@code #} is not the
   *     last level, or the text is empty, too long or has NUL in it
   */
  public static TopicFilter of(String text) {
    requireText(text, "topic filter");
    TopicFilter filter = new TopicFilter(text);
    for (int i = 0; i < filter.levels.length; i++) {
      String level = filter.levels[i];
      boolean wild = level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
      if (wild && level.length() > 1 || level.equals("#") && i < filter.levels.length - 1) {
        throw new IllegalArgumentException(
            "expected a topic filter with '+' as a whole level or '#' as the last one, found '"
                + text
                + "'");
      }
    }
    return filter;
  }

  /**
   * Checks that a text is a topic.
   *
   * @throws IllegalArgumentException if it is empty, too long, or has a wildcard or NUL in it
   */
  public static void requireTopic(String topic) {
    requireText(topic, "topic");
    if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "expected a topic without '+' and '#', found '" + topic + "'");
    }
  }

  private static void requireText(String text, String what) {
    if (text.isEmpty() || text.length() > Event.MAX_TOPIC || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "expected a %s of 1 to %d characters without NUL, found %s"
              .formatted(
                  what, Event.MAX_TOPIC, text.isEmpty() ? "none" : text.length() + " characters"));
    }
  }

  private boolean startsWild() {
    return levels[0].equals("+") || levels[0].equals("#");
  }

  /** Whether a topic is meant. */
  public boolean matches(String topic) {
    String[] parts = topic.split("/", -1);
    if (topic.startsWith("$") && startsWild()) {
      return false;
    }
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].equals("#")) {
        return true;
      }
      if (i >= parts.length || !levels[i].equals("+") && !levels[i].equals(parts[i])) {
        return false;
      }
    }
    return levels.length == parts.length;
  }

  /**
   * Whether every topic that the other filter means is meant by this one too: what a grant for this
   * filter allows.
   */
  public boolean covers(TopicFilter other) {
    if (other.text.startsWith("$") && startsWild()) {
      return false;
    }
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].equals("#")) {
        return true;
      }
      if (i >= other.levels.length || other.levels[i].equals("#")) {
        return false;
      }
      if (!levels[i].equals("+") && !levels[i].equals(other.levels[i])) {
        return false;
      }
    }
    return levels.length == other.levels.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicFilter filter && text.equals(filter.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
