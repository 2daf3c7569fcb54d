package dev.sampan.apps.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is answered with an error. */
final class HttpFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  HttpFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Adds a header field to the answer. */
  HttpFailure header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }
}
