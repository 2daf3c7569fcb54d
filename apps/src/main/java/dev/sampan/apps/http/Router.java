package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import java.io.IOException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Knows which part of the host answers which path. */
final class Router extends Handler.Abstract {

  private static final String EVENTS = "/v1/events/";
  private static final System.Logger LOG = System.getLogger(Router.class.getName());

  private final Functions functions;
  private final AppRequests requests;
  private final Management management;
  private final Events events;
  private final Metrics metrics;
  private final Access access;
  private volatile boolean ready = true;

  Router(
      Functions functions,
      AppRequests requests,
      Management management,
      Events events,
      Metrics metrics,
      Access access) {
    this.functions = functions;
    this.requests = requests;
    this.management = management;
    this.events = events;
    this.metrics = metrics;
    this.access = access;
  }

  /** Says to who asks that no further requests should come. */
  void drain() {
    ready = false;
    events.end();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback);
    try {
      route(exchange);
    } catch (HttpFailure e) {
      fail(exchange, e.status(), e);
    } catch (AppException e) {
      fail(exchange, status(e.reason()), e);
    } catch (HttpException.RuntimeException e) {
      fail(exchange, e.getCode(), e);
    } catch (IOException e) {
      exchange.breakOff(e); // the client has gone
    } catch (Exception | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed, please report", e);
      fail(exchange, 500, new IllegalStateException("internal error, please report: " + e));
    }
    return true;
  }

  private static void fail(Exchange exchange, int status, Exception e) {
    if (exchange.response().isCommitted()) {
      exchange.breakOff(e);
    } else {
      exchange.response().reset();
      exchange.error(status, String.valueOf(e.getMessage()));
    }
  }

  private static int status(AppException.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> 404;
      case EXISTS, WRONG_STATE -> 409;
      case INVALID, START_FAILED, UPGRADE_FAILED -> 422;
      case TOO_LARGE -> 413;
      case HOST -> 500;
    };
  }

  private void route(Exchange exchange) throws Exception {
    String path = exchange.path();
    if (path.startsWith("/fn/")) {
      functions.handle(exchange, path.substring("/fn/".length()));
    } else if (path.startsWith("/app/")) {
      requests.handle(exchange, path.substring("/app/".length()));
    } else if (path.equals("/v1/events") || path.startsWith(EVENTS)) {
      access.require(exchange);
      events.handle(
          exchange, path.length() < EVENTS.length() ? "" : path.substring(EVENTS.length()));
    } else if (path.startsWith("/v1/")) {
      access.require(exchange);
      management.handle(exchange, path.substring("/v1/".length()));
    } else {
      look(exchange, path);
    }
  }

  private void look(Exchange exchange, String path) {
    boolean known = path.equals("/healthz") || path.equals("/readyz") || path.equals("/metrics");
    if (!known) {
      throw new HttpFailure(404, "there is nothing at " + path);
    }
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw new HttpFailure(405, "expected GET, found " + exchange.method());
    }
    switch (path) {
      case "/metrics" -> exchange.text(200, Metrics.TYPE, metrics.text());
      case "/readyz" ->
          exchange.text(ready ? 200 : 503, "text/plain", ready ? "ready\n" : "stopping\n");
      default -> exchange.text(200, "text/plain", "ok\n");
    }
  }
}
