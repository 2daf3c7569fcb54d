package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.http.MetricsText.Sort;
import dev.sampan.apps.mqtt.MqttState;
import dev.sampan.apps.run.Usage;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /metrics}: what there is to measure of the apps and of the host. */
final class Metrics {

  private static final List<String> STATES =
      List.of("installed", "running", "paused", "stopped", "failed");

  private final AppHost host;

  Metrics(AppHost host) {
    this.host = host;
  }

  private record App(AppStatus status, CallStats.Snapshot stats, long memory) {
    String name() {
      return status.name();
    }

    String state() {
      return status.state().word();
    }
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "/metrics", "What there is to measure, for Prometheus.")
            .audience(Audience.EVERYBODY)
            .answers(200, MetricsText.TYPE)
            .by(call -> call.exchange().text(200, MetricsText.TYPE, text())));
  }

  /** All there is now. */
  private String text() {
    List<App> apps = apps();
    MetricsText text = new MetricsText();
    states(text, apps);
    each(text, apps, "revision", Sort.GAUGE, "The current revision.", a -> a.status().current());
    each(
        text, apps, "memory_bytes", Sort.GAUGE, "Memory that the instances have now.", App::memory);
    each(
        text,
        apps,
        "instance_peak_bytes",
        Sort.GAUGE,
        "The most memory that one instance had.",
        a -> a.stats().peakMemory());
    each(
        text,
        apps,
        "restarts_total",
        Sort.COUNTER,
        "Restarts by itself since the app was started.",
        a -> a.status().restarts());
    each(
        text,
        apps,
        "cpu_seconds_total",
        Sort.COUNTER,
        "How long processors have worked for the app.",
        a -> a.stats().cpuSeconds());
    each(
        text,
        apps,
        "fuel_total",
        Sort.COUNTER,
        "Fuel used, where it is counted.",
        a -> a.stats().fuel());
    each(text, apps, "calls_total", Sort.COUNTER, "Requests handled.", a -> a.stats().calls());
    each(
        text, apps, "errors_total", Sort.COUNTER, "Requests that failed.", a -> a.stats().errors());
    each(
        text,
        apps,
        "refused_total",
        Sort.COUNTER,
        "Requests refused because there were too many.",
        a -> a.stats().refused());
    latency(text, apps);
    host.bridge().ifPresent(state -> bridge(text, state));
    host(text);
    return text.toString();
  }

  private List<App> apps() {
    List<App> apps = new ArrayList<>();
    for (AppStatus status : host.list()) {
      try {
        apps.add(new App(status, host.stats(status.name()), host.memory(status.name())));
      } catch (AppException e) {
        // it has been removed in this moment
      }
    }
    return apps;
  }

  private static void states(MetricsText text, List<App> apps) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    STATES.forEach(word -> counts.put(word, 0));
    apps.forEach(app -> counts.merge(app.state(), 1, Integer::sum));
    text.family("sampan_apps", Sort.GAUGE, "Apps by state.");
    counts.forEach((word, count) -> text.sample(count, "state", word));
    text.family("sampan_app_state", Sort.GAUGE, "1 for the state the app is in, else 0.");
    for (App app : apps) {
      for (String word : STATES) {
        text.sample(app.state().equals(word) ? 1 : 0, "app", app.name(), "state", word);
      }
    }
  }

  private static void each(
      MetricsText text,
      List<App> apps,
      String name,
      Sort sort,
      String help,
      Function<App, Number> value) {
    text.family("sampan_app_" + name, sort, help);
    for (App app : apps) {
      text.sample(value.apply(app), "app", app.name());
    }
  }

  private static void latency(MetricsText text, List<App> apps) {
    text.family("sampan_app_call_seconds", Sort.HISTOGRAM, "How long requests took.");
    double[] bounds = CallStats.bounds();
    for (App app : apps) {
      long[] buckets = app.stats().buckets();
      for (int i = 0; i < bounds.length; i++) {
        text.part("_bucket", buckets[i], "app", app.name(), "le", String.valueOf(bounds[i]));
      }
      text.part("_bucket", app.stats().calls(), "app", app.name(), "le", "+Inf");
      text.part("_sum", app.stats().seconds(), "app", app.name());
      text.part("_count", app.stats().calls(), "app", app.name());
    }
  }

  private static void bridge(MetricsText text, MqttState state) {
    text.family("sampan_mqtt_connected", Sort.GAUGE, "Whether the broker is reached.");
    text.sample(state.connected() ? 1 : 0);
    text.family(
        "sampan_mqtt_connections_total", Sort.COUNTER, "How often the broker was connected.");
    text.sample(state.connections());
    text.family("sampan_mqtt_received_total", Sort.COUNTER, "Events that came from the broker.");
    text.sample(state.received());
    text.family("sampan_mqtt_sent_total", Sort.COUNTER, "Events that the broker has taken.");
    text.sample(state.sent());
    text.family("sampan_mqtt_dropped_total", Sort.COUNTER, "Events lost on either way.");
    text.sample(state.dropped());
    text.family("sampan_mqtt_waiting", Sort.GAUGE, "Events that wait for the broker.");
    text.sample(state.waiting());
  }

  // ---- the host ----

  private static void host(MetricsText text) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    text.family("sampan_host_heap_bytes", Sort.GAUGE, "Java heap in use.");
    text.sample(heap.getUsed());
    text.family("sampan_host_heap_max_bytes", Sort.GAUGE, "How large the Java heap may become.");
    text.sample(heap.getMax());
    text.family("sampan_host_threads", Sort.GAUGE, "Threads of the system.");
    text.sample(ManagementFactory.getThreadMXBean().getThreadCount());
    text.family(
        "sampan_host_cpu_seconds_total",
        Sort.COUNTER,
        "How long processors have worked for the process.");
    text.sample(Usage.ofProcess().toNanos() / 1e9);
    text.family("sampan_host_uptime_seconds", Sort.GAUGE, "How long the process has run.");
    text.sample(ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
    text.family("sampan_build_info", Sort.GAUGE, "1; the labels say what the host is.");
    text.sample(1, "version", version(), "java", Runtime.version().toString());
  }

  /** The version of the host, if it is packaged. */
  static String version() {
    @Nullable String version = AppHost.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
