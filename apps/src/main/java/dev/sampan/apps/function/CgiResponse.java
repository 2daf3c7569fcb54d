package dev.sampan.apps.function;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A guest's standard output as a response: lines {@code Name: value}, an empty line, and the body.
 * {@code Status: 404} sets the status, which is 200 otherwise, or 302 with a {@code Location}.
 */
final class CgiResponse extends OutputStream {

  private static final int MAX_HEAD = 64 << 10;
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern STATUS = Pattern.compile("([2-5][0-9][0-9])( .*)?");

  /** These are between the server and the client. */
  private static final Set<String> CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final Responder responder;
  private final long maxBody;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private @Nullable OutputStream body;
  private boolean bodiless;
  private long bodyBytes;

  CgiResponse(Responder responder, long maxBody) {
    this.responder = responder;
    this.maxBody = maxBody;
  }

  boolean isBegun() {
    return body != null;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (body == null && at < end) {
      byte next = bytes[at++];
      head.write(next);
      if (next == '\n' && endsWithEmptyLine()) {
        begin();
      } else if (head.size() > MAX_HEAD) {
        throw wrong("its header is longer than " + MAX_HEAD + " bytes");
      }
    }
    OutputStream out = body;
    if (out != null && at < end) {
      bodyBytes += end - at;
      if (bodyBytes > maxBody) {
        throw new ExhaustedException(Resource.OUTPUT, maxBody, bodyBytes);
      }
      if (!bodiless) {
        out.write(bytes, at, end - at);
      }
    }
  }

  private boolean endsWithEmptyLine() {
    String text = head.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\n\n") || text.endsWith("\n\r\n") || text.equals("\n");
  }

  private static WrongResponseException wrong(String what) {
    return new WrongResponseException("the response is wrong: " + what);
  }

  private void begin() throws IOException {
    List<Header> headers = new ArrayList<>();
    int status = 0;
    boolean elsewhere = false;
    for (String raw : head.toString(StandardCharsets.UTF_8).split("\n")) {
      // a carriage return elsewhere is a control character: nobody must get a line more by it
      String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
      if (line.isEmpty()) {
        continue;
      }
      Header header = header(line);
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("status")) {
        status = status(header.value());
      } else if (CONNECTION.contains(name)) {
        throw wrong("it sets the header '" + header.name() + "', which is the server's");
      } else if (name.equals("content-length") && !header.value().matches("[0-9]{1,18}")) {
        throw wrong("its Content-Length is no number: '" + header.value() + "'");
      } else {
        elsewhere |= name.equals("location");
        headers.add(header);
      }
    }
    if (status == 0) {
      status = elsewhere ? 302 : 200;
    }
    bodiless = status == 204 || status == 304;
    body = responder.begin(status, headers);
  }

  private static Header header(String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    if (colon < 0 || !NAME.matcher(name).matches()) {
      String shown = line.length() > 60 ? line.substring(0, 60) + "…" : line;
      throw wrong(
          "it did not begin with a header: expected lines 'Name: value' and an empty line, found '"
              + shown
              + "'");
    }
    String value = line.substring(colon + 1).strip();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f) {
        throw wrong("the value of its header '" + name + "' holds a control character");
      }
    }
    return new Header(name, value);
  }

  private static int status(String text) {
    var matcher = STATUS.matcher(text);
    if (!matcher.matches()) {
      throw wrong("expected a status from 200 to 599, found '" + text + "'");
    }
    return Integer.parseInt(matcher.group(1));
  }

  @Override
  public void flush() throws IOException {
    OutputStream out = body;
    if (out != null) {
      out.flush();
    }
  }

  /** Ends the response; without an empty line there is none. */
  void finish() throws IOException, FunctionException {
    OutputStream out = body;
    if (out == null) {
      String shown = head.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("nothing");
      String found = shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
      throw FunctionException.refused(
          502,
          "the function gave no response: expected lines 'Name: value', an empty line and the body"
              + " on its standard output, found '"
              + found
              + "'");
    }
    out.close();
  }
}
