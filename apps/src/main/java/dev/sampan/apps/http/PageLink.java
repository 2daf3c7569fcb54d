package dev.sampan.apps.http;

/**
 * A link that opens the web page.
 *
 * @param path what of it does not depend on how the host is reached
 * @param seconds how long it is good, for one use
 */
record PageLink(String url, String path, long seconds) {}
