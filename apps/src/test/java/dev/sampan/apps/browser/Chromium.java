package dev.sampan.apps.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** A Chromium without a window, which is told what to do through its DevTools protocol. */
public final class Chromium implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final String READY = "DevTools listening on ";
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final HttpClient http;
  private final WebSocket socket;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();

  private Chromium(Process process, String address) {
    this.process = process;
    this.http = HttpClient.newHttpClient();
    this.socket = http.newWebSocketBuilder().buildAsync(URI.create(address), new Messages()).join();
  }

  /**
   * Starts a browser.
   *
   * @param profile where it keeps what it keeps
   * @return empty if there is none on this machine
   */
  public static Optional<Chromium> start(Path profile) throws IOException {
    for (String name : NAMES) {
      Process process;
      try {
        process =
            new ProcessBuilder(
                    name,
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-extensions",
                    "--no-first-run",
                    "--hide-scrollbars",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
      } catch (IOException e) {
        continue; // there is none of that name
      }
      return Optional.of(new Chromium(process, address(process)));
    }
    return Optional.empty();
  }

  private static String address(Process process) throws IOException {
    BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(READY)) {
        Thread.ofVirtual().start(() -> said.lines().forEach(rest -> {})); // or it would wait
        return line.substring(READY.length());
      }
      all.append(line).append('\n');
    }
    throw new IOException("the browser has not started:\n" + all);
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonNode message = Json.parse(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
        take(message);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
      if (message.has("error")) {
        answer.completeExceptionally(new AssertionError(message.path("error").toString()));
      } else {
        answer.complete(message.path("result"));
      }
    } else {
      BiConsumer<String, JsonNode> listener = listeners.get(message.path("sessionId").asString(""));
      if (listener != null) {
        listener.accept(message.path("method").asString(), message.path("params"));
      }
    }
  }

  /** Has a command done, and gives its result. */
  JsonNode command(String session, String method, Map<String, ?> parameters) {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    Map<String, Object> message = new ConcurrentHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    String text = new String(Json.bytes(message), StandardCharsets.UTF_8);
    synchronized (socket) {
      socket.sendText(text, true).join();
    }
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /**
   * Opens a tab.
   *
   * @param listener takes what happens in it
   * @return by what it is known
   */
  String open(BiConsumer<String, JsonNode> listener) {
    String target =
        command("", "Target.createTarget", Map.of("url", "about:blank"))
            .path("targetId")
            .asString();
    String session =
        command("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asString();
    assertThat(session).isNotEmpty();
    listeners.put(session, listener);
    return session;
  }

  @Override
  public void close() {
    try {
      command("", "Browser.close", Map.of());
    } catch (RuntimeException | AssertionError e) {
      process.destroy();
    }
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
