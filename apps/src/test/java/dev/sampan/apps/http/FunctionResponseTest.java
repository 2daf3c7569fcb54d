package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of responses of functions, byte by byte. */
@Timeout(120)
class FunctionResponseTest {

  private static final Trigger.Http HTTP = Trigger.Http.DEFAULT;

  @TempDir Path home;
  private AppHost host;
  private HostServer server;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HostServer.start(host, ServerSettings.of(any, home.resolve(HostProcess.SOCKET)));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
  }

  private void deploy(Trigger.Http http, String module) {
    host.deploy("f", Optional.of(Manifest.FUNCTION.trigger(http)), TestGuests.module(module));
  }

  private Socket send(String request) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.address().getPort());
    socket.setSoTimeout(20_000);
    more(socket, request);
    return socket;
  }

  private static void more(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String exchange(String request) throws IOException {
    try (Socket socket = send(request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String request(String method, String path) {
    return method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  }

  private String get(String path) throws IOException {
    return exchange(request("GET", path) + "\r\n");
  }

  private static String readUpTo(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (!text.toString().endsWith(end)) {
      int next = in.read();
      assertThat(next).as(text.toString()).isNotNegative();
      text.append((char) next);
    }
    return text.toString();
  }

  /** What comes back when the machine is not so busy that a short response takes long. */
  private String quick(String request) throws IOException {
    String answer = exchange(request);
    for (int i = 0; i < 100 && !answer.contains("Content-Length"); i++) {
      answer = exchange(request);
    }
    return answer;
  }

  @Test
  void shortResponseHasItsLength() throws Exception {
    deploy(HTTP, TestGuests.text("hello"));
    assertThat(quick(request("GET", "/fn/f") + "\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: 5\r\n")
        .doesNotContain("Transfer-Encoding")
        .endsWith("\r\n\r\nhello");
    assertThat(quick(request("HEAD", "/fn/f") + "\r\n"))
        .contains("Content-Length: 5\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void lengthThatTheFunctionTellsIsKept() throws Exception {
    deploy(HTTP, TestGuests.says("Content-Length: 2\n\nab"));
    assertThat(get("/fn/f")).containsOnlyOnce("Content-Length: 2\r\n").endsWith("\r\n\r\nab");
  }

  @Test
  void responseWithoutBodyIsNotGivenOne() throws Exception {
    deploy(HTTP, TestGuests.says("Status: 204\n\nlost"));
    assertThat(get("/fn/f"))
        .startsWith("HTTP/1.1 204 ")
        .endsWith("\r\n\r\n")
        .doesNotContain("lost");
    deploy(HTTP, TestGuests.says("A: b\n\n"));
    assertThat(quick(request("GET", "/fn/f") + "\r\n"))
        .contains("Content-Length: 0\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void longResponseIsStreamed() throws Exception {
    deploy(HTTP, TestGuests.echo());
    String body = "0123456789".repeat(10_000);
    String head = "POST /fn/f HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length();
    try (Socket socket = send(head + "\r\n\r\n" + body)) {
      assertThat(readUpTo(socket, "\r\n\r\n"))
          .contains("Transfer-Encoding: chunked\r\n")
          .doesNotContain("Content-Length");
      readUpTo(socket, "9\r\n0\r\n\r\n");
    }
  }

  @Test
  void whatIsWrittenFirstComesBeforeTheGuestHasEnded() throws Exception {
    deploy(HTTP, TestGuests.echo());
    try (Socket socket =
        send("POST /fn/f HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfirst")) {
      assertThat(readUpTo(socket, "first")).contains("Transfer-Encoding: chunked\r\n");
      more(socket, "other");
      readUpTo(socket, "other");
    }
    // also when nothing has happened for some time, and nobody looks after responses
    Thread.sleep(Duration.ofMillis(500));
    try (Socket socket = send("POST /fn/f HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nlater")) {
      readUpTo(socket, "later");
      more(socket, "!");
      readUpTo(socket, "!");
    }
  }

  @Test
  void guestThatFailsWhileNothingIsSentIsAnsweredWithAnError() throws Exception {
    String fails =
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "Set-Cookie: a=b\\n\\nhalf")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 16))
            (i32.store (i32.const 4) (i32.const 21))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            unreachable))
        """;
    deploy(HTTP, fails);
    String answer = get("/fn/f");
    for (int i = 0; i < 100 && !answer.startsWith("HTTP/1.1 500 "); i++) {
      answer = get("/fn/f"); // on a busy machine it may take so long that it is broken off
    }
    assertThat(answer)
        .startsWith("HTTP/1.1 500 ")
        .contains("the function failed: trap: unreachable")
        .doesNotContain("half", "Set-Cookie");
  }

  @Test
  void severalRequestsOfOneConnectionAreAnsweredInOrder() throws Exception {
    deploy(HTTP, TestGuests.echo());
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      requests
          .append("POST /fn/f HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
          .append(100 + i);
    }
    try (Socket socket = send(requests.toString())) {
      for (int i = 0; i < 50; i++) {
        String head = readUpTo(socket, "\r\n\r\n");
        String end = head.contains("Content-Length: 3") ? "" : "\r\n0\r\n\r\n";
        assertThat(readUpTo(socket, 100 + i + end)).doesNotContain("HTTP");
      }
    }
  }

  @Test
  void requestsThatWaitKeepNobodyElseFromBeingAnswered() throws Exception {
    deploy(HTTP.concurrency(1, 1000), TestGuests.echo());
    List<Socket> waiting = new ArrayList<>();
    // its guest waits for the rest of the body
    try (Socket first = send("POST /fn/f HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1")) {
      readUpTo(first, "1");
      for (int i = 0; i < 400; i++) {
        waiting.add(send(request("POST", "/fn/f") + "Content-Length: 1\r\n\r\nx"));
      }
      assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
      host.deploy("g", Optional.empty(), TestGuests.module(TestGuests.text("free")));
      assertThat(get("/fn/g")).endsWith("free");
      more(first, "2");
      readUpTo(first, "2");
      for (Socket each : waiting) {
        assertThat(new String(each.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
            .startsWith("HTTP/1.1 200 ")
            .endsWith("\r\n\r\nx");
      }
    } finally {
      for (Socket each : waiting) {
        each.close();
      }
    }
  }
}
