package dev.sampan.apps;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a run has ended that was begun by a time or an event.
 *
 * @param reason the time it was for, or the event's topic
 * @param began when it began
 * @param took how long it took
 * @param status the status with which it has ended, unless it was stopped
 * @param failure why it is not well, if it is not
 */
public record JobResult(
    String reason, Instant began, Duration took, OptionalInt status, Optional<String> failure) {}
