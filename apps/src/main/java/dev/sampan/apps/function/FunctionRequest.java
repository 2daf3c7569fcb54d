package dev.sampan.apps.function;

import java.io.InputStream;
import java.util.List;

/**
 * A request to a function.
 *
 * @param method such as {@code GET}
 * @param base the path up to the function, such as {@code /fn/hello}
 * @param path what comes behind that, decoded; empty or beginning with a slash
 * @param uri the path with the query, as it was sent
 * @param query what stands behind the question mark, as it was sent, or empty
 * @param protocol such as {@code HTTP/1.1}
 * @param serverName the host that the request is for
 * @param serverPort its port
 * @param remoteAddress who sends it
 * @param headers in the order in which they came
 * @param contentLength the length of the body, or -1 if it is not known
 * @param body the body; reading it may wait
 */
public record FunctionRequest(
    String method,
    String base,
    String path,
    String uri,
    String query,
    String protocol,
    String serverName,
    int serverPort,
    String remoteAddress,
    List<Header> headers,
    long contentLength,
    InputStream body) {

  /** A request of the host itself. */
  static FunctionRequest own(String base, String path) {
    return new FunctionRequest(
        "GET",
        base,
        path,
        base + path,
        "",
        "HTTP/1.1",
        "localhost",
        80,
        "127.0.0.1",
        List.of(),
        0,
        InputStream.nullInputStream());
  }
}
