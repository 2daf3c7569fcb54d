package dev.sampan.apps.http;

import dev.sampan.apps.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code /v1/openapi.json}: the routes, described for programs by OpenAPI 3.1. */
final class OpenApi {

  private static final String PATH = "/v1/openapi.json";
  private static final String TYPE = "application/json";

  /** As which methods one is described that is answered whatever the method. */
  private static final List<String> ANY =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final JsonSchemas schemas = new JsonSchemas();

  private OpenApi() {}

  /** Routes, and the one that describes all of them. */
  static Routes andDescription(List<Route> routes) {
    List<Route> all = new ArrayList<>(routes);
    byte[][] text = new byte[1][];
    all.add(
        Route.of("GET", PATH, "This description.")
            .answers(200, Map.class)
            .by(call -> call.exchange().bytes(200, TYPE, text[0])));
    text[0] = Json.pretty(new OpenApi().document(all));
    return new Routes(all);
  }

  private Map<String, Object> document(List<Route> routes) {
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      for (String method : route.methods().isEmpty() ? ANY : route.methods()) {
        paths
            .computeIfAbsent(route.path().toString(), path -> new LinkedHashMap<>())
            .put(method.toLowerCase(Locale.ROOT), operation(route));
      }
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        Map.of(
            "title",
            "Sampan container host",
            "version",
            "1",
            "description",
            "Asked at the host's Unix domain socket by the operator, and with a token by TLS."));
    document.put("servers", List.of(Map.of("url", "/")));
    document.put("paths", paths);
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("securitySchemes", Map.of("token", Map.of("type", "http", "scheme", "bearer")));
    components.put("schemas", schemas.named());
    document.put("components", components);
    return document;
  }

  private Map<String, Object> operation(Route route) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("summary", route.summary());
    List<Object> parameters = new ArrayList<>();
    for (String name : route.path().variables()) {
      parameters.add(parameter(new Route.Parameter(name, String.class, ""), "path"));
    }
    route.queries().forEach(each -> parameters.add(parameter(each, "query")));
    route.headers().forEach(each -> parameters.add(parameter(each, "header")));
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    route.body().ifPresent(body -> operation.put("requestBody", body(body)));
    operation.put("responses", responses(route));
    operation.put(
        "security",
        route.audience() == Audience.EVERYBODY ? List.of() : List.of(Map.of("token", List.of())));
    return operation;
  }

  private Map<String, Object> parameter(Route.Parameter parameter, String in) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", parameter.name());
    described.put("in", in);
    described.put("required", in.equals("path"));
    if (!parameter.description().isEmpty()) {
      described.put("description", parameter.description());
    }
    Map<String, Object> schema = schemas.of(parameter.type());
    if (parameter.type().isRecord()) {
      described.put("content", Map.of(TYPE, Map.of("schema", schema)));
    } else {
      described.put("schema", schema);
    }
    return described;
  }

  private Map<String, Object> body(Route.Body body) {
    Map<String, Object> content = new LinkedHashMap<>();
    for (String type : body.types()) {
      content.put(
          type,
          body.schema()
              .<Map<String, Object>>map(schema -> Map.of("schema", schemas.of(schema)))
              .orElse(Map.of()));
    }
    return Map.of("required", body.schema().isEmpty(), "content", content);
  }

  private Map<String, Object> responses(Route route) {
    Map<Integer, Map<String, Object>> content = new TreeMap<>();
    for (Route.Answer answer : route.answers()) {
      content
          .computeIfAbsent(answer.status(), status -> new LinkedHashMap<>())
          .put(
              answer.type(),
              answer
                  .schema()
                  .filter(schema -> schema != Map.class)
                  .<Map<String, Object>>map(schema -> Map.of("schema", schemas.of(schema)))
                  .orElse(Map.of()));
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    content.forEach(
        (status, types) ->
            responses.put(
                String.valueOf(status),
                Map.of("description", status < 300 ? "Done." : "Not now.", "content", types)));
    responses.put(
        "default",
        Map.of(
            "description",
            "It is not done, and the message says why.",
            "content",
            Map.of(TYPE, Map.of("schema", schemas.of(ErrorView.class)))));
    return responses;
  }
}
