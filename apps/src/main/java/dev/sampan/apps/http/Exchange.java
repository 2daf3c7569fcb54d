package dev.sampan.apps.http;

import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** A request and the place for its response, as the parts of the host see them. */
record Exchange(Request request, Response response, Callback callback) {

  /** Bytes that follow each other; all of a character are escaped, or none. */
  private static final Pattern ESCAPES = Pattern.compile("(%[0-9a-fA-F]{2})+");

  String method() {
    return request.getMethod();
  }

  /** The path, decoded; without {@code ..} and the like. */
  String path() {
    String path = request.getHttpURI().getDecodedPath();
    if (path == null || path.indexOf('\0') >= 0) {
      throw new HttpFailure(400, "expected a path");
    }
    return path;
  }

  /** The path as it was sent. */
  String rawPath() {
    return String.valueOf(request.getHttpURI().getPath());
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(parameters().getValue(name));
  }

  /** All values of a parameter. */
  List<String> queries(String name) {
    return parameters().getValuesOrEmpty(name);
  }

  private Fields parameters() {
    Matcher escapes = ESCAPES.matcher(String.valueOf(request.getHttpURI().getQuery()));
    while (escapes.find()) {
      byte[] bytes = HexFormat.ofDelimiter("%").parseHex(escapes.group().substring(1));
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      } catch (CharacterCodingException e) {
        throw new HttpFailure(
            400, "expected what is escaped in the query to be UTF-8, found " + escapes.group());
      }
    }
    return Request.extractQueryParameters(request);
  }

  /**
   * A parameter that is a whole number.
   *
   * @throws HttpFailure if it is none, or too small
   */
  Optional<Integer> number(String name, int min) {
    return query(name)
        .map(
            text -> {
              if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < min) {
                throw new HttpFailure(
                    400, "expected " + name + " to be " + min + " or more, found '" + text + "'");
              }
              return Integer.parseInt(text);
            });
  }

  boolean flag(String name) {
    return query(name).map(text -> text.isEmpty() || text.equals("true")).orElse(false);
  }

  InputStream body() {
    return Content.Source.asInputStream(request);
  }

  /** Begins a response of unknown length. */
  OutputStream stream(int status, String type) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    return Content.Sink.asOutputStream(response);
  }

  /** Ends a response that was begun by {@link #stream}. */
  void done() {
    callback.succeeded();
  }

  void json(int status, Object value) {
    byte[] text = Json.pretty(value);
    byte[] line = new byte[text.length + 1];
    System.arraycopy(text, 0, line, 0, text.length);
    line[text.length] = '\n';
    bytes(status, "application/json", line);
  }

  void text(int status, String type, String text) {
    bytes(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int status, String type, byte[] body) {
    response.setStatus(status);
    if (status != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Sends a browser elsewhere, where it asks with GET. */
  void redirect(String location) {
    response.getHeaders().put(HttpHeader.LOCATION, location);
    text(303, "text/plain", "");
  }

  void error(int status, String message) {
    json(status, new ErrorView(new ErrorView.What(status, message)));
  }

  /** Says why there is no response, or breaks off what was sent of one. */
  void fail(int status, Exception why, Map<String, String> headers) {
    if (response.isCommitted()) {
      breakOff(why);
    } else {
      response.reset();
      if (status == 429 || status == 503) {
        response.getHeaders().put("Retry-After", "1");
      }
      headers.forEach((name, value) -> response.getHeaders().put(name, value));
      error(status, String.valueOf(why.getMessage()));
    }
  }

  /** Breaks a response off that had begun, so that nobody takes it for complete. */
  void breakOff(Throwable why) {
    callback.failed(new IOException("the response was broken off", why));
  }
}
