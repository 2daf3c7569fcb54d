package dev.sampan.apps;

import java.time.Instant;

/**
 * One edition of an app. It never changes.
 *
 * @param number 1 for the first one that was installed
 * @param digest the module's, as {@code sha256:} and 64 hexadecimal digits
 * @param manifest how it is run
 * @param installed when it came
 */
public record Revision(int number, String digest, Manifest manifest, Instant installed) {}
