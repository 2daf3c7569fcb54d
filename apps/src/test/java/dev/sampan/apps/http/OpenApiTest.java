package dev.sampan.apps.http;

import static dev.sampan.apps.http.TestServer.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.http.TestServer.Reply;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.tenant.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is described is there, and what is there is described. */
@Timeout(120)
class OpenApiTest {

  /** What stands for the names in paths. */
  private static final Map<String, String> VALUES =
      Map.of("name", "app", "tenant", "acme", "id", "0123", "topic", "a/topic", "path", "x/y");

  @TempDir Path home;
  private TestServer test;
  private JsonNode document;

  @BeforeEach
  void open() throws Exception {
    test = TestServer.open(home);
    Reply reply = ask(test.local, "GET", "/v1/openapi.json");
    assertThat(reply.status()).isEqualTo(200);
    document = reply.json();
  }

  @AfterEach
  void close() throws IOException {
    test.close();
  }

  @Test
  void everyRouteIsDescribed() {
    Set<String> expected = new TreeSet<>();
    for (Route route : test.server.routes().all()) {
      List<String> methods =
          route.methods().isEmpty()
              ? List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
              : route.methods();
      methods.forEach(method -> expected.add(method + " " + route.path()));
      assertThat(route.summary()).endsWith(".");
      assertThat(route.answers()).as(route.summary()).isNotEmpty();
    }
    Set<String> found = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        found.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    assertThat(found).isEqualTo(expected).hasSizeGreaterThan(40);
  }

  private static String path(String template) {
    String path = template;
    for (Map.Entry<String, String> each : VALUES.entrySet()) {
      path = path.replace("{" + each.getKey() + "}", each.getValue());
    }
    assertThat(path).doesNotContain("{");
    return path;
  }

  /** Answers that say that nobody knows the path or the method. */
  private static boolean isUnknown(Reply reply) {
    return reply.status() == 405 || reply.text().contains("there is nothing at");
  }

  @Test
  void whatIsDescribedAnswers() throws Exception {
    for (Map.Entry<String, JsonNode> each : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : each.getValue().properties()) {
        String path = path(each.getKey());
        String verb = method.getKey().toUpperCase(Locale.ROOT);
        // each finds a host as it should be
        test.host.list().forEach(app -> test.host.remove(app.name(), true));
        test.host.tenants().list().forEach(known -> test.host.removeTenant(known.name(), true));
        boolean makes = verb.equals("PUT");
        if (!makes) {
          test.host.deploy("app", Optional.empty(), TestGuests.module(TestGuests.text("x")));
          test.host.tenants().add("acme", Terms.DEFAULT);
        }
        boolean stream = path.equals("/v1/apps/events") || path.equals("/v1/events");
        if (stream || path.equals("/v1/host/stop")) {
          continue; // others look at these
        }
        JsonNode body = method.getValue().path("requestBody").path("content");
        String type =
            body.properties().isEmpty() ? "" : body.properties().iterator().next().getKey();
        byte[] content =
            switch (type) {
              case "application/wasm" -> TestGuests.text("y").getBytes(StandardCharsets.UTF_8);
              case "application/json" -> "{}".getBytes(StandardCharsets.UTF_8);
              case "*/*" -> new byte[] {1};
              default -> new byte[0];
            };
        Map<String, String> headers =
            content.length == 0 ? Map.of() : Map.of("Content-Type", type.replace("*", "x"));
        Reply reply = ask(test.local, verb, path, headers, content);
        String what = verb + " " + path + ": " + reply.text();
        assertThat(isUnknown(reply)).as(what).isFalse();
        if (verb.equals("HEAD")) {
          continue; // there is no body to look at
        }
        JsonNode responses = method.getValue().path("responses");
        JsonNode answer = responses.path(String.valueOf(reply.status()));
        if (reply.status() < 400 || !answer.isMissingNode()) {
          assertThat(answer.isMissingNode()).as(what).isFalse();
          JsonNode schema = answer.path("content").path("application/json").path("schema");
          if (!schema.isMissingNode()) {
            fits(what, schema, reply.json());
          }
        } else {
          fits(
              what,
              responses.path("default").at("/content/application~1json/schema"),
              reply.json());
        }
      }
    }
  }

  /** Looks whether an answer has the shape that is described. */
  private void fits(String what, JsonNode given, JsonNode value) {
    JsonNode schema = given;
    while (schema.has("$ref")) {
      String ref = schema.path("$ref").asString();
      assertThat(ref).startsWith("#/");
      schema = document.at(ref.substring(1));
      assertThat(schema.isMissingNode()).as(ref).isFalse();
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      if (schema.has(choice)) {
        List<Throwable> failures = new ArrayList<>();
        for (JsonNode each : schema.path(choice)) {
          try {
            fits(what, each, value);
            return;
          } catch (AssertionError e) {
            failures.add(e);
          }
        }
        throw new AssertionError(what + ": none fits: " + failures);
      }
    }
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      type.forEach(each -> types.add(each.asString()));
    } else if (!type.isMissingNode()) {
      types.add(type.asString());
    }
    String found =
        switch (value.getNodeType()) {
          case OBJECT -> "object";
          case ARRAY -> "array";
          case STRING -> "string";
          case BOOLEAN -> "boolean";
          case NULL -> "null";
          case NUMBER ->
              value.isIntegralNumber() && !types.contains("number") ? "integer" : "number";
          case BINARY, MISSING, POJO -> "nothing";
        };
    assertThat(types.isEmpty() || types.contains(found)).as(what + ": " + schema + value).isTrue();
    if (schema.has("const")) {
      assertThat(value).as(what).isEqualTo(schema.path("const"));
    }
    if (found.equals("array")) {
      for (JsonNode each : value) {
        fits(what, schema.path("items"), each);
      }
    }
    if (found.equals("object") && schema.has("properties")) {
      Set<String> names = new TreeSet<>();
      schema.path("properties").properties().forEach(each -> names.add(each.getKey()));
      for (Map.Entry<String, JsonNode> each : value.properties()) {
        assertThat(names).as(what).contains(each.getKey());
        fits(
            what + " › " + each.getKey(),
            schema.path("properties").path(each.getKey()),
            each.getValue());
      }
    }
  }

  @Test
  void descriptionIsOneOfOpenApi() {
    assertThat(document.path("openapi").asString()).startsWith("3.1.");
    assertThat(document.at("/components/securitySchemes/token/scheme").asString())
        .isEqualTo("bearer");
    assertThat(document.at("/paths/~1fn~1{name}/get/security").isEmpty()).isTrue();
    assertThat(document.at("/paths/~1v1~1apps/get/security/0/token").isArray()).isTrue();
    assertThat(document.at("/components/schemas/Manifest/properties/trigger/$ref").asString())
        .isEqualTo("#/components/schemas/Trigger");
    Set<String> triggers = new TreeSet<>();
    for (JsonNode each : document.at("/components/schemas/Trigger/oneOf")) {
      triggers.add(each.at("/properties/type/const").asString());
    }
    assertThat(triggers).isEqualTo(Json.sorts(Trigger.class).keySet());
    // every reference leads somewhere
    for (JsonNode ref : document.findValues("$ref")) {
      assertThat(document.at(ref.asString().substring(1)).isMissingNode())
          .as(ref.asString())
          .isFalse();
    }
  }
}
