package dev.sampan.apps.mqtt;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;

/**
 * Which topics go one way across the bridge, and what they are called at its ends.
 *
 * @param topic a filter of what follows the prefixes
 * @param localPrefix what the topics begin with in the host
 * @param remotePrefix what they begin with at the broker
 * @param qos 0 for at most once, 1 for at least once, 2 for exactly once, between host and broker
 */
public record MqttMapping(String topic, String localPrefix, String remotePrefix, int qos) {

  private static final int MAX_QOS = 2;

  /**
   * Checks that both ends have filters.
   *
   * @throws IllegalArgumentException if not
   */
  public MqttMapping {
    requireNoWildcard("local-prefix", localPrefix);
    requireNoWildcard("remote-prefix", remotePrefix);
    TopicFilter.of(localPrefix + topic);
    TopicFilter.of(remotePrefix + topic);
    if (qos < 0 || qos > MAX_QOS) {
      throw new IllegalArgumentException("expected a qos of 0, 1 or 2, found " + qos);
    }
  }

  private static void requireNoWildcard(String what, String prefix) {
    if (prefix.indexOf('+') >= 0 || prefix.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "expected a " + what + " without '+' and '#', found '" + prefix + "'");
    }
  }

  /** The filter in the host. */
  TopicFilter local() {
    return TopicFilter.of(localPrefix + topic);
  }

  /** The filter at the broker. */
  TopicFilter remote() {
    return TopicFilter.of(remotePrefix + topic);
  }

  /** What a topic of the host is called at the broker. */
  String toRemote(String local) {
    return remotePrefix + local.substring(localPrefix.length());
  }

  /** What a topic of the broker is called in the host. */
  String toLocal(String remote) {
    return localPrefix + remote.substring(remotePrefix.length());
  }

  /** Checks that nothing comes in that would speak in the host's name. */
  void requireIncoming() {
    requireNotReserved("local-prefix", localPrefix + topic);
  }

  /** Checks that nothing goes out that brokers keep for themselves. */
  void requireOutgoing() {
    requireNotReserved("remote-prefix", remotePrefix + topic);
  }

  private static void requireNotReserved(String what, String filter) {
    if (filter.startsWith(Event.RESERVED)) {
      throw new IllegalArgumentException(
          "expected a %s and topic that do not begin with '%s' together, found '%s'"
              .formatted(what, Event.RESERVED, filter));
    }
  }
}
