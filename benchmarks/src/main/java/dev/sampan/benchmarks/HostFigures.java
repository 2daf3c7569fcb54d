package dev.sampan.benchmarks;

import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures the container host. The script {@code host} tells how to call it. */
final class HostFigures {

  private static final byte[] NOTHING = {};
  private static final int CONNECTIONS = 8;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int REQUESTS = 10_000;
  private static final int UPGRADES = 100;
  private static final int CLIENTS = 4;
  private static final int APPS = 500;
  private static final long GIB = 1L << 30;

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern HALF = Pattern.compile("50%\\s+([\\d.]+)(us|ms|s)");
  private static final Pattern MOST = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");
  private static final Pattern FAILED = Pattern.compile("Non-2xx|Socket errors");

  private final Path sampan;
  private final int seconds;
  private final int rounds;
  private final HttpClient client = HttpClient.newHttpClient();

  private HostFigures(Path sampan, int seconds, int rounds) {
    this.sampan = sampan;
    this.seconds = seconds;
    this.rounds = rounds;
  }

  /** Arguments: the command, the seconds of each figure, the rounds. */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    HostFigures figures = new HostFigures(Path.of(args[0]), seconds, rounds);
    try (HostProcess host = HostProcess.start(figures.sampan, "")) {
      figures.requests(host);
      figures.coldStarts(host);
      figures.upgrades(host);
    }
    try (HostProcess host = HostProcess.start(figures.sampan, "-Xmx1g")) {
      figures.manyApps(host);
    }
    figures.idleInstances();
    figures.client.close();
  }

  /** A function that answers with a text. */
  private static byte[] function(String text) {
    return Engine.assemble(
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "Content-Type: text/plain\\n\\n%s")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 16))
            (i32.store (i32.const 4) (i32.const %d))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
        """
            .formatted(text, 26 + text.length()),
        "function.wat");
  }

  // ---- requests per second ----

  private record Load(double rate, double half, double most) {}

  private Load load(HostProcess host, String path, int connections) throws IOException {
    String output =
        HostProcess.run(
            List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--latency",
                host.at(path).toString()));
    if (FAILED.matcher(output).find()) {
      throw new IOException("requests to " + path + " failed:\n" + output);
    }
    return new Load(number(RATE, output), number(HALF, output), number(MOST, output));
  }

  /** A figure of wrk's; times in milliseconds. */
  private static double number(Pattern pattern, String output) throws IOException {
    Matcher found = pattern.matcher(output);
    if (!found.find()) {
      throw new IOException("expected '" + pattern + "' in: " + output);
    }
    double value = Double.parseDouble(found.group(1));
    String unit = found.groupCount() > 1 ? found.group(2) : "ms";
    return unit.equals("us") ? value / 1e3 : unit.equals("s") ? value * 1e3 : value;
  }

  private void requests(HostProcess host) throws IOException {
    byte[] hello = function("hello");
    host.manage("PUT", "/v1/functions/fresh", hello);
    host.manage(
        "PUT",
        "/v1/functions/pooled",
        hello,
        "Sampan-Manifest: {\"trigger\": {\"type\": \"http\", \"isolation\": \"pooled\"}}");
    List<String> paths = List.of("/healthz", "/fn/fresh", "/fn/pooled");
    for (String path : paths) {
      load(host, path, CONNECTIONS); // warms up
    }
    double[][] rates = new double[paths.size()][rounds];
    double[] tails = new double[rounds];
    double[] crowded = new double[rounds];
    double[] halves = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      double base = 0;
      for (int k = 0; k < paths.size(); k++) {
        Load load = load(host, paths.get(k), CONNECTIONS);
        base = k == 0 ? load.rate : base;
        rates[k][round] = k == 0 ? load.rate : load.rate / base;
        if (k == 1) {
          crowded[round] = load.most / load.half;
          // with more, requests wait for time slices of the system
          Load alone = load(host, paths.get(k), PROCESSORS);
          tails[round] = alone.most / alone.half;
          halves[round] = alone.half;
        }
      }
    }
    System.out.printf(
        "requests/s: /healthz %.0f; of that, a function with a fresh instance %.0f %%, pooled %.0f"
            + " %%%n",
        median(rates[0]), 100 * median(rates[1]), 100 * median(rates[2]));
    System.out.printf(
        "fresh, %d connections, as many as processors: p50 %.2f ms, p99 %.1f times that;"
            + " %d connections: %.1f times%n",
        PROCESSORS, median(halves), median(tails), CONNECTIONS, median(crowded));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  // ---- cold starts ----

  private String get(HostProcess host, String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(host.at(path)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answers " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  private double millis(HostProcess host, String path) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    get(host, path);
    return (System.nanoTime() - begin) / 1e6;
  }

  private void coldStarts(HostProcess host) throws IOException, InterruptedException {
    double[] first = new double[20];
    double[] later = new double[2_000];
    for (int k = 0; k < first.length; k++) {
      host.manage("PUT", "/v1/functions/cold" + k, function("cold " + k));
      first[k] = millis(host, "/fn/cold" + k);
    }
    for (int k = 0; k < later.length; k++) {
      later[k] = millis(host, "/fn/cold0");
    }
    System.out.printf(
        "first request after a deployment: %.1f ms (median), later ones with fresh instances %.2f"
            + " ms%n",
        median(first), median(later));
  }

  // ---- upgrades ----

  private void upgrades(HostProcess host) throws Exception {
    host.manage("PUT", "/v1/functions/changing", function("revision 000"));
    AtomicInteger newest = new AtomicInteger();
    AtomicInteger asked = new AtomicInteger();
    Set<Integer> seen = new ConcurrentSkipListSet<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Integer>> done = new ArrayList<>();
      for (int k = 0; k < CLIENTS; k++) {
        done.add(clients.submit((Callable<Integer>) () -> ask(host, newest, asked, seen)));
      }
      for (int revision = 1; revision <= UPGRADES; revision++) {
        newest.set(revision);
        host.manage("PUT", "/v1/functions/changing", function("revision %03d".formatted(revision)));
        while (asked.get() < (long) REQUESTS * revision / UPGRADES - 50) {
          HostProcess.pause(1);
        }
      }
      int answered = 0;
      for (Future<Integer> each : done) {
        answered += each.get();
      }
      System.out.printf(
          "%d requests across %d upgrades: %d answered, by %d revisions, none lost or mixed%n",
          REQUESTS, UPGRADES, answered, seen.size());
    }
  }

  /** Asks until all have been asked; revisions never go back, and answers are whole. */
  private int ask(HostProcess host, AtomicInteger newest, AtomicInteger asked, Set<Integer> seen)
      throws IOException, InterruptedException {
    int before = 0;
    int answered = 0;
    while (asked.incrementAndGet() <= REQUESTS) {
      String text = get(host, "/fn/changing");
      if (!text.matches("revision \\d{3}")) {
        throw new IOException("expected the text of a revision, found '" + text + "'");
      }
      int revision = Integer.parseInt(text.substring("revision ".length()));
      if (revision < before || revision > newest.get()) {
        throw new IOException("revision " + revision + " answers after " + before);
      }
      before = revision;
      seen.add(revision);
      answered++;
    }
    return answered;
  }

  // ---- many ----

  private void manyApps(HostProcess host) throws IOException {
    byte[] reactor =
        Engine.assemble(
            "(module (memory (export \"memory\") 1) (func (export \"_initialize\")))", "app.wat");
    long begin = System.nanoTime();
    for (int k = 0; k < APPS; k++) {
      host.manage("PUT", "/v1/apps/app" + k, reactor);
      host.manage("POST", "/v1/apps/app" + k + "/start", NOTHING);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    String list = host.manage("GET", "/v1/apps", NOTHING);
    long running = Pattern.compile("\"state\"\\s*:\\s*\"running\"").matcher(list).results().count();
    if (running != APPS) {
      throw new IOException("expected " + APPS + " apps that run, found " + running);
    }
    System.out.printf(
        "%d apps installed and running with -Xmx1g: in %.0f s, the host has %d MiB in all%n",
        APPS, seconds, host.residentMemory());
  }

  private void idleInstances() throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            IdleInstances.class.getName());
    long bytes = Long.parseLong(HostProcess.run(command).strip());
    System.out.printf(
        "an idle instance with one page takes %.1f KiB of heap: %d per GiB%n",
        bytes / 1024.0, GIB / bytes);
  }
}
