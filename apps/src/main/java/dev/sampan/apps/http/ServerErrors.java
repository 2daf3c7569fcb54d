package dev.sampan.apps.http;

import dev.sampan.apps.json.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What the server answers itself, because a request is so wrong that it never comes to a route:
 * failures have one form, whoever finds them.
 */
final class ServerErrors extends ErrorHandler {

  private final int maxHeadBytes;

  /**
   * Answers of a server.
   *
   * @param maxHeadBytes how long a request's line and header may be
   */
  ServerErrors(int maxHeadBytes) {
    this.maxHeadBytes = maxHeadBytes;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    byte[] body = Json.pretty(new ErrorView(new ErrorView.What(code, explain(code, message))));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private String explain(int code, @Nullable String message) {
    String said = message == null || message.isEmpty() ? HttpStatus.getMessage(code) : message;
    return switch (code) {
      case 400 -> "the request is not as HTTP has it: " + said;
      case 414, 431 ->
          "expected the request's line and header to be at most %d bytes, found more"
              .formatted(maxHeadBytes);
      case 503 -> "the host is being stopped";
      default -> said;
    };
  }
}
