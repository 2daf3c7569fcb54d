package dev.sampan.apps.log;

import java.time.Instant;

/**
 * A line of an app's log.
 *
 * @param time when it was written
 * @param revision which revision wrote it
 * @param stream {@code stdout}, {@code stderr}, or {@code host} for what the host says of the app
 * @param text without the end of the line
 */
public record LogLine(Instant time, int revision, String stream, String text) {}
