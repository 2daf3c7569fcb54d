package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Header;
import dev.sampan.apps.function.Responder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** {@code /fn/NAME/…}: hands requests to functions. */
final class Functions {

  private final AppHost host;

  Functions(AppHost host) {
    this.host = host;
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
    try {
      host.handle(name, request, responder(exchange.response()));
      exchange.done();
    } catch (FunctionException e) {
      if (e.isBegun()) {
        exchange.breakOff(e);
      } else {
        throw new HttpFailure(e.status(), String.valueOf(e.getMessage()));
      }
    }
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

  private static Responder responder(Response response) {
    return (status, headers) -> {
      response.setStatus(status);
      for (Header header : headers) {
        if (!PageGuard.KEPT_BACK.contains(header.name().toLowerCase(Locale.ROOT))) {
          response.getHeaders().add(header.name(), header.value());
        }
      }
      return Content.Sink.asOutputStream(response);
    };
  }
}
