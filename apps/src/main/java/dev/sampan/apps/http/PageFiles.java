package dev.sampan.apps.http;

import dev.sampan.apps.page.Overview;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files that belong to the page. There is no secret in them. */
final class PageFiles {

  private static final Map<String, String> TYPES =
      Map.of(
          "/page.js",
          "text/javascript; charset=utf-8",
          "/style.css",
          "text/css; charset=utf-8",
          "/icon.svg",
          "image/svg+xml");

  private final Map<String, byte[]> read = new ConcurrentHashMap<>();

  /** Answers if a file is asked for. */
  boolean answer(Exchange exchange, String path) {
    String type = TYPES.get(path);
    if (type == null) {
      return false;
    }
    if (!exchange.method().equals("GET")) {
      throw new HttpFailure(405, "expected GET, found " + exchange.method());
    }
    exchange.bytes(200, type, read.computeIfAbsent(path, PageFiles::read));
    return true;
  }

  private static byte[] read(String path) {
    try (InputStream in = Overview.class.getResourceAsStream(path.substring(1))) {
      if (in == null) {
        throw new AssertionError(path + " is not in the jar; please report");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(path + " cannot be read; please report", e);
    }
  }
}
