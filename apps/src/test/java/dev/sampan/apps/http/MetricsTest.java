package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.wasi.Policy;
import dev.sampan.wasm.ResourceLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MetricsTest {

  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private AppHost host;
  private HostServer server;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.openOnly(HostSettings.at(home));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HostServer.start(host, ServerSettings.of(any, home.resolve(HostProcess.SOCKET)));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
    http.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private MetricsFormat metrics() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    return MetricsFormat.read(answer.body());
  }

  @Test
  void hostWithoutAppsHasMetrics() throws Exception {
    MetricsFormat metrics = metrics();
    assertThat(metrics.get("sampan_apps", "{state=running}")).isZero();
    assertThat(metrics.type("sampan_app_call_seconds")).isEqualTo("histogram");
    assertThat(metrics.get("sampan_host_heap_bytes")).isPositive();
    assertThat(metrics.get("sampan_host_heap_max_bytes")).isPositive();
    assertThat(metrics.get("sampan_host_threads")).isPositive();
    assertThat(metrics.get("sampan_host_uptime_seconds")).isPositive();
    assertThat(metrics.get("sampan_host_cpu_seconds_total")).isPositive();
    assertThat(
            metrics.get(
                "sampan_build_info", "{java=" + Runtime.version() + ", version=unpackaged}"))
        .isEqualTo(1);
  }

  @Test
  void appsHaveMetrics() throws Exception {
    ResourceLimits limits = ResourceLimits.DEFAULT.fuel(1_000_000);
    Permissions metered = Permissions.of(Policy.standard().limits(limits));
    host.deploy(
        "f",
        Optional.of(Manifest.FUNCTION.permissions(metered)),
        TestGuests.module(TestGuests.text("x")));
    host.deploy("bad", Optional.empty(), TestGuests.module(TestGuests.traps()));
    host.install("spins", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    host.start("spins");
    for (int i = 0; i < 3; i++) {
      assertThat(get("/fn/f").statusCode()).isEqualTo(200);
    }
    assertThat(get("/fn/bad").statusCode()).isEqualTo(500);
    while (host.stats("spins").cpuSeconds() < 0.01) {
      Thread.onSpinWait();
    }

    MetricsFormat metrics = metrics();
    assertThat(metrics.get("sampan_apps", "{state=running}")).isEqualTo(3);
    assertThat(metrics.get("sampan_app_state", "{app=f, state=running}")).isEqualTo(1);
    assertThat(metrics.get("sampan_app_state", "{app=f, state=failed}")).isZero();
    assertThat(metrics.get("sampan_app_revision", "{app=f}")).isEqualTo(1);
    assertThat(metrics.get("sampan_app_calls_total", "{app=f}")).isEqualTo(3);
    assertThat(metrics.get("sampan_app_errors_total", "{app=f}")).isZero();
    assertThat(metrics.get("sampan_app_errors_total", "{app=bad}")).isEqualTo(1);
    assertThat(metrics.get("sampan_app_refused_total", "{app=f}")).isZero();
    assertThat(metrics.get("sampan_app_restarts_total", "{app=spins}")).isZero();
    assertThat(metrics.get("sampan_app_fuel_total", "{app=f}")).isPositive();
    assertThat(metrics.get("sampan_app_fuel_total", "{app=spins}")).isZero();
    assertThat(metrics.get("sampan_app_cpu_seconds_total", "{app=spins}")).isPositive();
    assertThat(metrics.get("sampan_app_cpu_seconds_total", "{app=f}")).isPositive();
    assertThat(metrics.get("sampan_app_memory_bytes", "{app=f}")).isZero();
    assertThat(metrics.get("sampan_app_instance_peak_bytes", "{app=f}")).isEqualTo(131072);
    assertThat(metrics.get("sampan_app_call_seconds_count", "{app=f}")).isEqualTo(3);
    assertThat(metrics.get("sampan_app_call_seconds_sum", "{app=f}")).isPositive();
    assertThat(metrics.get("sampan_app_call_seconds_bucket", "{app=f, le=10.0}")).isEqualTo(3);

    host.stop("f");
    assertThat(metrics().get("sampan_app_state", "{app=f, state=stopped}")).isEqualTo(1);
    host.remove("f", false);
    assertThatThrownBy(() -> metrics().get("sampan_app_revision", "{app=f}"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void valuesOfLabelsAreEscaped() {
    MetricsText text = new MetricsText();
    text.family("x", MetricsText.Sort.GAUGE, "Something.");
    text.sample(1.5, "label", "a\"b\\c\nd");
    assertThat(text.toString()).endsWith("x{label=\"a\\\"b\\\\c\\nd\"} 1.5\n");
    assertThat(MetricsFormat.read(text.toString()).get("x", "{label=a\\\"b\\\\c\\nd}"))
        .isEqualTo(1.5);
  }

  @Test
  void hostIsReadyWhenItsAppsAreBack() throws Exception {
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("apps are being brought back\n");
    host.bringBack();
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").body()).isEqualTo("ready\n");
  }

  @Test
  void hostWhoseStoreCannotBeWrittenIsNotReady() throws Exception {
    host.bringBack();
    Path obstacle = Files.createDirectories(home.resolve("try/inside"));
    HttpResponse<String> answer = get("/readyz");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).startsWith("the store cannot be written: ");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    Files.delete(obstacle);
    Files.delete(obstacle.getParent());
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }
}
