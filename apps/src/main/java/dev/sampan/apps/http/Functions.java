package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Header;
import dev.sampan.apps.run.Reminders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/** {@code /fn/NAME/…}: hands requests to functions. */
final class Functions {

  private final AppHost host;
  private final Reminders held;

  Functions(AppHost host, Reminders held) {
    this.host = host;
    this.held = held;
  }

  List<Route> routes() {
    return List.of(
        Route.of("*", "/fn/{name}", "Calls a function.")
            .audience(Audience.EVERYBODY)
            .answers(200, "*/*")
            .by(new Handing()),
        Route.of("*", "/fn/{name}/{path...}", "Calls a function with a path.")
            .audience(Audience.EVERYBODY)
            .answers(200, "*/*")
            .by(new Handing()));
  }

  /** Hands a request to a function; at once, unless it has to wait there. */
  private final class Handing implements Route.Action {
    @Override
    public void answer(Call call) throws IOException {
      String path = call.variables().containsKey("path") ? "/" + call.variable("path") : "";
      handle(call.exchange(), call.variable("name"), path);
    }

    @Override
    public boolean waits(Call call) {
      return host.isBusy(call.variable("name"));
    }
  }

  /**
   * Handles a request.
   *
   * @param path what stands behind the name
   */
  private void handle(Exchange exchange, String name, String path) throws IOException {
    FunctionRequest request = request(exchange, name, path);
    FunctionResponse response = new FunctionResponse(exchange, held);
    try {
      host.handle(name, request, response);
      response.end();
    } catch (FunctionException e) {
      response.giveUp(e);
    } catch (RuntimeException | Error e) {
      response.drop();
      throw e;
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
}
