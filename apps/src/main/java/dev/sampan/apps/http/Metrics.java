package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.mqtt.MqttState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** {@code /metrics}: what there is to measure, in the text format of Prometheus. */
final class Metrics {

  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final AppHost host;

  Metrics(AppHost host) {
    this.host = host;
  }

  private record App(AppStatus status, CallStats.Snapshot stats, long memory) {}

  private static final class Page {
    final StringBuilder text = new StringBuilder();
    final List<App> apps;

    Page(List<App> apps) {
      this.apps = apps;
    }

    void begin(String name, String type, String help) {
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void line(String name, String labels, Object value) {
      text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }

    void value(String name, String type, String help, long value) {
      begin(name, type, help);
      text.append(name).append(' ').append(value).append('\n');
    }

    void each(String name, String type, String help, ToLongFunction<App> value) {
      begin(name, type, help);
      for (App app : apps) {
        line(name, label(app), value.applyAsLong(app));
      }
    }
  }

  /** Names of apps need no escapes. */
  private static String label(App app) {
    return "app=\"" + app.status().name() + "\"";
  }

  /** All there is now. */
  String text() {
    List<App> apps = new ArrayList<>();
    for (AppStatus status : host.list()) {
      apps.add(new App(status, host.stats(status.name()), host.memory(status.name())));
    }
    Page page = new Page(apps);
    states(page);
    page.each("sampan_app_revision", "gauge", "The current revision.", a -> a.status().current());
    page.each("sampan_app_memory_bytes", "gauge", "Memory of the instances.", App::memory);
    page.each(
        "sampan_app_instance_peak_bytes",
        "gauge",
        "The most memory one instance had.",
        a -> a.stats().peakMemory());
    page.each(
        "sampan_app_restarts",
        "gauge",
        "Restarts by itself since the app was started.",
        a -> a.status().restarts());
    page.each(
        "sampan_app_fuel_total",
        "counter",
        "Fuel used, where it is counted.",
        a -> a.stats().fuel());
    page.each("sampan_app_calls_total", "counter", "Requests handled.", a -> a.stats().calls());
    page.each(
        "sampan_app_errors_total", "counter", "Requests that failed.", a -> a.stats().errors());
    page.each(
        "sampan_app_refused_total",
        "counter",
        "Requests refused because there were too many.",
        a -> a.stats().refused());
    latency(page);
    host.bridge().ifPresent(state -> bridge(page, state));
    Runtime runtime = Runtime.getRuntime();
    page.value(
        "sampan_host_heap_bytes",
        "gauge",
        "Heap of the host in use.",
        runtime.totalMemory() - runtime.freeMemory());
    return page.text.toString();
  }

  private static void states(Page page) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List.of("installed", "running", "paused", "stopped", "failed")
        .forEach(word -> counts.put(word, 0));
    page.apps.forEach(app -> counts.merge(app.status().state().word(), 1, Integer::sum));
    page.begin("sampan_apps", "gauge", "Apps by state.");
    counts.forEach((word, count) -> page.line("sampan_apps", "state=\"" + word + "\"", count));
  }

  private static void bridge(Page page, MqttState state) {
    page.value(
        "sampan_mqtt_connected",
        "gauge",
        "Whether the broker is reached.",
        state.connected() ? 1 : 0);
    page.value(
        "sampan_mqtt_connections_total",
        "counter",
        "How often the broker was connected.",
        state.connections());
    page.value(
        "sampan_mqtt_received_total",
        "counter",
        "Events that came from the broker.",
        state.received());
    page.value(
        "sampan_mqtt_sent_total", "counter", "Events that the broker has taken.", state.sent());
    page.value(
        "sampan_mqtt_dropped_total", "counter", "Events lost on either way.", state.dropped());
    page.value("sampan_mqtt_waiting", "gauge", "Events that wait for the broker.", state.waiting());
  }

  private static void latency(Page page) {
    String name = "sampan_app_call_seconds";
    page.begin(name, "histogram", "How long requests took.");
    double[] bounds = CallStats.bounds();
    for (App app : page.apps) {
      long[] buckets = app.stats().buckets();
      for (int i = 0; i < bounds.length; i++) {
        String bound = String.format(Locale.ROOT, "%s", bounds[i]);
        page.line(name + "_bucket", label(app) + ",le=\"" + bound + "\"", buckets[i]);
      }
      page.line(name + "_bucket", label(app) + ",le=\"+Inf\"", app.stats().calls());
      page.line(name + "_sum", label(app), app.stats().seconds());
      page.line(name + "_count", label(app), app.stats().calls());
    }
  }
}
