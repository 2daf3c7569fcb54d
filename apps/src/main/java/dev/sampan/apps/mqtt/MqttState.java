package dev.sampan.apps.mqtt;

import java.time.Instant;
import java.util.Optional;

/**
 * The bridge at one moment.
 *
 * @param connected whether the broker can be reached
 * @param since since when that is so
 * @param error why it cannot, if it cannot
 * @param received how many events came from the broker
 * @param sent how many events the broker has taken
 * @param dropped how many events were lost on either way
 * @param connections how often it was connected
 * @param waiting how many events wait for the broker
 */
public record MqttState(
    String broker,
    boolean connected,
    Instant since,
    Optional<String> error,
    long received,
    long sent,
    long dropped,
    long connections,
    int waiting) {}
