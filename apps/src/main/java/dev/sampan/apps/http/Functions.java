package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/** {@code /fn/NAME/…}: hands requests to functions. */
final class Functions {

  private final AppHost host;
  private final HeldResponses held;

  Functions(AppHost host, HeldResponses held) {
    this.host = host;
    this.held = held;
  }

  List<Route> routes() {
    return List.of(
        Route.of("*", "/fn/{name}", "Calls a function.")
            .audience(Audience.EVERYBODY)
            .answers(200, "*/*")
            .by(call -> handle(call.exchange(), call.variable("name"), "")),
        Route.of("*", "/fn/{name}/{path...}", "Calls a function with a path.")
            .audience(Audience.EVERYBODY)
            .answers(200, "*/*")
            .by(
                call ->
                    handle(call.exchange(), call.variable("name"), "/" + call.variable("path"))));
  }

  /**
   * Handles a request.
   *
   * @param path what stands behind the name
   */
  private void handle(Exchange exchange, String name, String path) throws IOException {
    FunctionRequest request = request(exchange, name, path);
    FunctionResponse response = new FunctionResponse(exchange, held);
    boolean answered = false;
    try {
      host.handle(name, request, response);
      answered = true;
    } catch (FunctionException e) {
      if (response.abandon()) {
        throw new HttpFailure(e.status(), String.valueOf(e.getMessage()));
      }
      exchange.breakOff(e);
      return;
    } finally {
      if (!answered) {
        response.abandon();
      }
    }
    response.end();
  }

  private static FunctionRequest request(Exchange exchange, String name, String path) {
    Request request = exchange.request();
    List<Header> headers = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      headers.add(new Header(field.getName(), value == null ? "" : value));
    }
    String query = request.getHttpURI().getQuery();
    return new FunctionRequest(
        request.getMethod(),
        "/fn/" + name,
        path,
        request.getHttpURI().getPathQuery(),
        query == null ? "" : query,
        request.getConnectionMetaData().getHttpVersion().asString(),
        String.valueOf(Request.getServerName(request)),
        Request.getServerPort(request),
        String.valueOf(Request.getRemoteAddr(request)),
        headers,
        request.getLength(),
        exchange.body());
  }
}
