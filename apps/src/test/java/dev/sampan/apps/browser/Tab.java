package dev.sampan.apps.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;

/** A page in a browser, as its user has it. */
public final class Tab {

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Chromium browser;
  private final String session;
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  /** Opens a tab. */
  public Tab(Chromium browser) {
    this.browser = browser;
    this.session = browser.open(this::happened);
    for (String domain : List.of("Page", "Runtime", "Log", "DOM")) {
      command(domain + ".enable", Map.of());
    }
  }

  private void happened(String method, JsonNode parameters) {
    switch (method) {
      case "Runtime.exceptionThrown" ->
          complaints.add(parameters.path("exceptionDetails").toString());
      case "Log.entryAdded" -> {
        JsonNode entry = parameters.path("entry");
        if (entry.path("level").asString().equals("error")) {
          complaints.add(entry.path("text").asString() + " " + entry.path("url").asString(""));
        }
      }
      default -> {
        // not of interest
      }
    }
  }

  private JsonNode command(String method, Map<String, ?> parameters) {
    return browser.command(session, method, parameters);
  }

  /** What the browser had to complain of: errors of scripts, and what it has refused. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Goes to a page, and waits for it. */
  public void go(String url) {
    command("Page.navigate", Map.of("url", url));
    await("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of an expression, which may be a promise. */
  public JsonNode eval(String expression) {
    JsonNode result =
        command(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    assertThat(result.path("exceptionDetails").isMissingNode())
        .as("%s: %s", expression, result)
        .isTrue();
    return result.path("result").path("value");
  }

  /** The text of what a selector finds. */
  public String text(String selector) {
    return eval("document.querySelector('" + selector + "')?.innerText ?? ''").asString();
  }

  /** Waits until an expression is true, on whatever page that will be. */
  public void await(String expression) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        if (eval("Boolean(" + expression + ")").asBoolean()) {
          return;
        }
      } catch (RuntimeException e) {
        // the page has changed while it was asked
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "never true: " + expression + "; the page says:\n" + text("body") + complaints);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Waits until what a selector finds says something. */
  public void awaitText(String selector, String text) {
    await(
        "[...document.querySelectorAll('%s')].some(e => e.innerText.includes('%s'))"
            .formatted(selector, text));
  }

  private Map<String, Object> place(String selector) {
    JsonNode box =
        eval(
            """
            (() => {
              const found = document.querySelector('%s');
              found.scrollIntoView({block: 'center'});
              const box = found.getBoundingClientRect();
              return {x: box.x + box.width / 2, y: box.y + box.height / 2};
            })()
            """
                .formatted(selector));
    return Map.of("x", box.path("x").asDouble(), "y", box.path("y").asDouble());
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** Presses the mouse where something is. */
  public void click(String selector) {
    await("document.querySelector('" + selector + "')");
    Map<String, Object> place = place(selector);
    for (String type : List.of("mousePressed", "mouseReleased")) {
      command(
          "Input.dispatchMouseEvent",
          with(place, Map.of("type", type, "button", "left", "clickCount", 1)));
    }
  }

  /** Moves the mouse to where something is. */
  public void point(String selector) {
    command("Input.dispatchMouseEvent", with(place(selector), Map.of("type", "mouseMoved")));
  }

  /** Types a text where the focus is. */
  public void type(String text) {
    command("Input.insertText", Map.of("text", text));
  }

  /** Presses a key that has no text. */
  public void press(String key, int code) {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      command(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
    }
  }

  /** Drags a file from outside to where something is, and drops it. */
  public void drop(String selector, Path file) {
    Map<String, Object> place = place(selector);
    Map<String, Object> data =
        Map.of("items", List.of(), "files", List.of(file.toString()), "dragOperationsMask", 1);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      command("Input.dispatchDragEvent", with(place, Map.of("type", type, "data", data)));
    }
  }

  /** Chooses a file in a field for files. */
  public void choose(String selector, Path file) {
    int document = command("DOM.getDocument", Map.of()).path("root").path("nodeId").asInt();
    int node =
        command("DOM.querySelector", Map.of("nodeId", document, "selector", selector))
            .path("nodeId")
            .asInt();
    command("DOM.setFileInputFiles", Map.of("nodeId", node, "files", List.of(file.toString())));
  }

  /** Lets the page be as wide as on some device, in some colours. */
  public void look(int width, int height, boolean phone, boolean dark) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Brings it before other tabs; those behind it are hidden. */
  public void bringToFront() {
    command("Page.bringToFront", Map.of());
  }

  /** A picture of the whole page. */
  public void picture(Path file) throws IOException {
    String data =
        command("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
            .path("data")
            .asString();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }
}
