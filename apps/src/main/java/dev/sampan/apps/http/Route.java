package dev.sampan.apps.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that the host can be asked for: how, by whom, and what comes of it. The router goes by
 * routes, and so does the description of them.
 *
 * @param methods of HTTP; empty if it is any
 * @param summary what it does, as a short sentence
 * @param queries parameters behind the question mark
 * @param headers header fields that mean something
 * @param body what is to be sent
 * @param answers what comes back if all is well
 */
record Route(
    List<String> methods,
    PathTemplate path,
    String summary,
    Audience audience,
    List<Parameter> queries,
    List<Parameter> headers,
    Optional<Body> body,
    List<Answer> answers,
    Action action) {

  /**
   * A parameter.
   *
   * @param type what its text stands for
   */
  record Parameter(String name, Class<?> type, String description) {}

  /**
   * A body.
   *
   * @param types what its Content-Type may be; a body without one is taken for the first of them
   * @param schema what it is in JSON, or empty if it is bytes
   */
  record Body(List<String> types, Optional<Class<?>> schema) {

    static final Body MODULE =
        new Body(List.of("application/wasm", "application/octet-stream"), Optional.empty());

    /** Bytes of any type. */
    static final Body ANY = new Body(List.of("*/*"), Optional.empty());

    static Body json(Class<?> schema) {
      return new Body(List.of("application/json"), Optional.of(schema));
    }
  }

  /**
   * An answer.
   *
   * @param type its Content-Type
   * @param schema what it is in JSON, or empty if it is something else
   */
  record Answer(int status, String type, Optional<Class<?>> schema) {}

  /** Answers a request. */
  interface Action {
    void answer(Call call) throws IOException, InterruptedException;

    /**
     * Whether that may take longer than a moment, beside what a guest takes. What does must not be
     * done in the threads that read requests.
     */
    default boolean waits(Call call) {
      return true;
    }
  }

  /**
   * A route for managers of the host.
   *
   * @param methods divided by spaces, or an asterisk for any
   */
  static Route of(String methods, String path, String summary) {
    return new Route(
        methods.equals("*") ? List.of() : List.of(methods.split(" ")),
        new PathTemplate(path),
        summary,
        Audience.MANAGERS,
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        call -> {
          throw new AssertionError("nobody answers " + path + "; please report");
        });
  }

  /** The same for others. */
  Route audience(Audience other) {
    return new Route(methods, path, summary, other, queries, headers, body, answers, action);
  }

  private static <T> List<T> and(List<T> all, T more) {
    List<T> longer = new ArrayList<>(all);
    longer.add(more);
    return List.copyOf(longer);
  }

  /** The same with a parameter behind the question mark. */
  Route query(String name, Class<?> type, String description) {
    List<Parameter> all = and(queries, new Parameter(name, type, description));
    return new Route(methods, path, summary, audience, all, headers, body, answers, action);
  }

  /** The same with a header field. */
  Route header(String name, Class<?> type, String description) {
    List<Parameter> all = and(headers, new Parameter(name, type, description));
    return new Route(methods, path, summary, audience, queries, all, body, answers, action);
  }

  /** The same with a body. */
  Route body(Body wanted) {
    Optional<Body> some = Optional.of(wanted);
    return new Route(methods, path, summary, audience, queries, headers, some, answers, action);
  }

  private Route answer(Answer another) {
    List<Answer> all = and(answers, another);
    return new Route(methods, path, summary, audience, queries, headers, body, all, action);
  }

  /** The same with an answer in JSON. */
  Route answers(int status, Class<?> schema) {
    return answer(new Answer(status, "application/json", Optional.of(schema)));
  }

  /** The same with an answer that is something else. */
  Route answers(int status, String type) {
    return answer(new Answer(status, type, Optional.empty()));
  }

  /** The same, done so. */
  Route by(Action other) {
    return new Route(methods, path, summary, audience, queries, headers, body, answers, other);
  }

  /** Whether it is meant by a method. */
  boolean has(String method) {
    return methods.isEmpty()
        || methods.contains(method)
        || method.equals("HEAD") && audience == Audience.EVERYBODY && methods.contains("GET");
  }
}
