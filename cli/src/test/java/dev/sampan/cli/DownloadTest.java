package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Modules from the web: no more than is accepted, not for ever, not from anywhere. */
@Timeout(60)
class DownloadTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String CONTENT = "0123456789";

  @TempDir Path folder;
  private HttpServer server;
  private ExecutorService threads;
  private String base;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    base = "http://127.0.0.1:" + server.getAddress().getPort();
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/file", exchange -> send(exchange, 200, CONTENT.length(), CONTENT));
    server.createContext("/unknown-length", exchange -> send(exchange, 200, 0, CONTENT));
    server.createContext("/none", exchange -> send(exchange, 404, -1, ""));
    server.createContext("/to-file", exchange -> redirect(exchange, "/file"));
    server.createContext("/round", exchange -> redirect(exchange, "/round"));
    server.createContext("/to-disk", exchange -> redirect(exchange, "file:///etc/passwd"));
    server.createContext("/slow", DownloadTest::drip);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void send(HttpExchange exchange, int status, long length, String body)
      throws IOException {
    exchange.sendResponseHeaders(status, length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    send(exchange, 302, -1, "");
  }

  private static void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      while (true) {
        out.write('x');
        out.flush();
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      // the test is over
    }
  }

  private String fetch(String path, long max, Duration time) throws IOException {
    Path file = folder.resolve("file");
    Download.fetch(base + path, file, max, time);
    return Files.readString(file);
  }

  private void refused(String message, String path, long max, Duration time) {
    assertThatThrownBy(() -> fetch(path, max, time))
        .isInstanceOf(Failure.class)
        .hasMessage(base + path + ": " + message);
  }

  @Test
  void fileIsFetchedAlsoWhereItIsRedirectedTo() throws Exception {
    assertThat(fetch("/file", 10, LONG)).isEqualTo(CONTENT);
    assertThat(fetch("/unknown-length", 10, LONG)).isEqualTo(CONTENT);
    assertThat(fetch("/to-file", 10, LONG)).isEqualTo(CONTENT);
  }

  @Test
  void whatIsTooLongIsNotFetched() {
    refused("expected at most 9 bytes, found 10", "/file", 9, LONG);
    refused("expected at most 9 bytes, found more", "/unknown-length", 9, LONG);
  }

  @Test
  void whatTakesTooLongIsNotWaitedFor() {
    refused("it takes longer than 1 s", "/slow", 1 << 20, Duration.ofSeconds(1));
  }

  @Test
  void redirectsLeadNotEverywhereAndNotForEver() {
    refused("expected at most 5 redirects, found more", "/round", 10, LONG);
    refused("is redirected to 'file:///etc/passwd', which is not on the web", "/to-disk", 10, LONG);
    refused("expected status 200, found 404", "/none", 10, LONG);
  }

  @Test
  void digestIsChecked() {
    Console console =
        Console.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), System.err);
    Syntax syntax = ModuleSource.addTo(new Syntax("install", "Installs."));
    String right = "sha256:84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";
    Path file = CommandLineRun.file(folder, "local", CONTENT);
    for (String given : List.of(base + "/file", file.toString())) {
      Line line =
          Line.parse(
              syntax,
              List.of("--digest", right.toUpperCase(Locale.ROOT).replace("SHA", "sha"), given));
      assertThat(ModuleSource.<String>with(line, console, given, DownloadTest::read))
          .isEqualTo(CONTENT);
      Line wrong = Line.parse(syntax, List.of("--digest", "sha256:" + "0".repeat(64), given));
      assertThatThrownBy(() -> ModuleSource.<String>with(wrong, console, given, DownloadTest::read))
          .hasMessage(
              given + ": expected the digest sha256:" + "0".repeat(64) + ", found " + right);
      Line none = Line.parse(syntax, List.of("--digest", "md5:x", given));
      assertThatThrownBy(() -> ModuleSource.<String>with(none, console, given, DownloadTest::read))
          .hasMessage("--digest needs sha256: and 64 hexadecimal digits, found 'md5:x'");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
