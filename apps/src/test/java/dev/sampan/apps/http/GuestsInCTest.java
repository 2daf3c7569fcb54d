package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Isolation;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.Trigger;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The functions in C that are among the examples, as a compiler makes them and a client has them.
 */
@Timeout(180)
class GuestsInCTest {

  private static final Path EXAMPLES = Path.of(System.getProperty("sampan.root", ".."), "examples");

  @TempDir Path home;
  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private AppHost host;
  private HostServer server;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    server = HostServer.start(host, ServerSettings.of(any, home.resolve(HostProcess.SOCKET)));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
    http.shutdownNow();
  }

  private Path compiled(String source) throws Exception {
    Path from = EXAMPLES.resolve(source);
    Path module = folder.resolve(from.getFileName() + ".wasm");
    Process clang;
    try {
      clang =
          new ProcessBuilder(
                  "clang", "--target=wasm32-wasi", "-O2", "-o", module.toString(), from.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      System.err.println("SKIPPED: no clang to compile " + source);
      assumeTrue(false, "no clang");
      throw e;
    }
    String said = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(clang.waitFor()).as(said).isZero();
    return module;
  }

  private void deploy(String name, Path module, Manifest manifest) throws IOException {
    try (InputStream in = Files.newInputStream(module)) {
      host.deploy(name, Optional.of(manifest), in);
    }
  }

  private HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  // ---- webhook ----

  private static final String SECRET = "correct horse battery staple";

  private static String signature(String secret, String time, String message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signed = (time + "." + message).getBytes(StandardCharsets.UTF_8);
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(signed));
  }

  private Path webhook() throws Exception {
    Path records = Files.createDirectory(folder.resolve("records"));
    Policy policy =
        Policy.standard()
            .env("SECRET", SECRET)
            .directory(records, "/records", Rights.READ_WRITE, 1 << 20);
    deploy(
        "hook",
        compiled("webhook/webhook.c"),
        Manifest.FUNCTION.permissions(Permissions.of(policy)));
    return records;
  }

  private HttpResponse<byte[]> deliver(String message, String time, String signature)
      throws Exception {
    return post(
        "/fn/hook",
        message.getBytes(StandardCharsets.UTF_8),
        "X-Timestamp",
        time,
        "X-Signature-256",
        signature);
  }

  private static String now(long offset) {
    return String.valueOf(Instant.now().getEpochSecond() + offset);
  }

  private static List<String> kept(Path records) throws IOException {
    List<String> kept = new ArrayList<>();
    try (Stream<Path> files = Files.list(records)) {
      for (Path file : files.toList()) {
        kept.add(Files.readString(file));
      }
    }
    return kept;
  }

  @Test
  void signedMessagesAreKept() throws Exception {
    Path records = webhook();
    List<String> messages = List.of("", "{\"paid\": true}", "ä€😀\n".repeat(5_000));
    for (String message : messages) {
      String time = now(0);
      HttpResponse<byte[]> answer = deliver(message, time, signature(SECRET, time, message));
      assertThat(answer.statusCode()).as(text(answer)).isEqualTo(201);
      Path record = records.resolve(text(answer).strip().substring("/records/".length()));
      assertThat(record).hasContent(message);
    }
    assertThat(kept(records)).containsExactlyInAnyOrderElementsOf(messages);
  }

  @Test
  void messagesOfOthersAreRefused() throws Exception {
    Path records = webhook();
    String message = "{\"paid\": true}";
    String time = now(0);
    String right = signature(SECRET, time, message);
    String[][] wrong = {
      {message, time, signature("another secret", time, message)},
      {message.replace("true", "1000"), time, right},
      {message, now(1), right},
      {message, time, right.toUpperCase()},
      {message, time, right.substring(7)},
      {message, time, right + "00"},
      {message, time, "sha256=" + "0".repeat(64)},
      {message, time, ""},
    };
    for (String[] each : wrong) {
      assertThat(deliver(each[0], each[1], each[2]).statusCode()).as(each[2]).isEqualTo(401);
    }
    assertThat(post("/fn/hook", message.getBytes(), "X-Timestamp", time).statusCode())
        .isEqualTo(401);
    assertThat(post("/fn/hook", message.getBytes(), "X-Signature-256", right).statusCode())
        .isEqualTo(401);
    for (String old : List.of(now(-301), now(310), "0")) {
      HttpResponse<byte[]> answer = deliver(message, old, signature(SECRET, old, message));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(text(answer)).contains("too old");
    }
    assertThat(kept(records)).isEmpty();
    assertThat(String.join("\n", host.log("hook").tail(100))).contains("refused a message of 14");
  }

  @Test
  void messageThatComesOnceMoreIsRefused() throws Exception {
    Path records = webhook();
    String time = now(0);
    String signature = signature(SECRET, time, "once");
    Map<Integer, Integer> answers = new TreeMap<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sent.add(senders.submit(() -> deliver("once", time, signature).statusCode()));
      }
      for (Future<Integer> each : sent) {
        answers.merge(each.get(), 1, Integer::sum);
      }
    }
    assertThat(answers).isEqualTo(Map.of(201, 1, 409, 9));
    assertThat(kept(records)).containsExactly("once");
  }

  @Test
  void webhookWithoutItsFolderSaysSo() throws Exception {
    deploy(
        "hook",
        compiled("webhook/webhook.c"),
        Manifest.FUNCTION.permissions(Permissions.of(Policy.standard().env("SECRET", SECRET))));
    String time = now(0);
    assertThat(deliver("x", time, signature(SECRET, time, "x")).statusCode()).isEqualTo(500);
    assertThat(String.join("\n", host.log("hook").tail(100))).contains("/records/");
  }

  // ---- image ----

  private static byte[] picture(int width, int height, byte[] pixels) {
    return picture("P6 " + width + "\n# a comment\n" + height + "\t255\n", pixels);
  }

  private static byte[] picture(String header, byte[] pixels) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(pixels);
    return all.toByteArray();
  }

  /** The same once more, in another way: over the pixels of the result, not of the source. */
  private static byte[] expected(int width, int height, byte[] pixels, int scale, boolean grey) {
    int outWidth = Math.ceilDiv(width, scale);
    int outHeight = Math.ceilDiv(height, scale);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        int[] mean = new int[3];
        for (int c = 0; c < 3; c++) {
          long sum = 0;
          int count = 0;
          for (int v = y * scale; v < Math.min(height, (y + 1) * scale); v++) {
            for (int u = x * scale; u < Math.min(width, (x + 1) * scale); u++) {
              sum += pixels[3 * (v * width + u) + c] & 0xff;
              count++;
            }
          }
          mean[c] = (int) Math.floor((double) sum / count + 0.5);
        }
        if (grey) {
          out.write((299 * mean[0] + 587 * mean[1] + 114 * mean[2] + 500) / 1000);
        } else {
          out.write(mean[0]);
          out.write(mean[1]);
          out.write(mean[2]);
        }
      }
    }
    String header = "P%d\n%d %d\n255\n".formatted(grey ? 5 : 6, outWidth, outHeight);
    return picture(header, out.toByteArray());
  }

  @ParameterizedTest
  @EnumSource(
      value = Isolation.class,
      names = {"FRESH", "POOLED"})
  void picturesBecomeSmallerAndGrey(Isolation isolation) throws Exception {
    deploy(
        "image",
        compiled("image/image.c"),
        Manifest.FUNCTION.trigger(Trigger.Http.DEFAULT.isolation(isolation)));
    Random random = new Random(7);
    for (int[] size : new int[][] {{1, 1}, {2, 3}, {301, 203}, {640, 480}}) {
      byte[] pixels = new byte[3 * size[0] * size[1]];
      random.nextBytes(pixels);
      byte[] picture = picture(size[0], size[1], pixels);
      for (int scale : new int[] {1, 2, 3, 7, 64}) {
        for (boolean grey : new boolean[] {false, true}) {
          HttpResponse<byte[]> answer =
              post("/fn/image?scale=" + scale + (grey ? "&grey=1" : ""), picture);
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(answer.headers().firstValue("Content-Type"))
              .contains(grey ? "image/x-portable-graymap" : "image/x-portable-pixmap");
          assertThat(answer.body()).isEqualTo(expected(size[0], size[1], pixels, scale, grey));
        }
      }
    }
  }

  @Test
  void whatIsNoPictureIsRefused() throws Exception {
    deploy("image", compiled("image/image.c"), Manifest.FUNCTION);
    byte[] pixel = {1, 2, 3};
    String[][] wrong = {
      {"/fn/image", "P5 1 1 255\n", "format P6"},
      {"/fn/image", "", "format P6"},
      {"/fn/image", "P6 1 9000 255\n", "from 1 to 8192"},
      {"/fn/image", "P6 1 -1 255\n", "from 1 to 8192"},
      {"/fn/image", "P6 1 1 65535\n", "colours from 0 to 255"},
      {"/fn/image", "P6 2 2 255\n", "cut off"},
      {"/fn/image?scale=0", "P6 1 1 255\n", "scale to be from 1 to 64"},
      {"/fn/image?scale=2x", "P6 1 1 255\n", "scale to be from 1 to 64"},
      {"/fn/image?grey=yes", "P6 1 1 255\n", "grey to be 0 or 1"},
    };
    for (String[] each : wrong) {
      HttpResponse<byte[]> answer = post(each[0], picture(each[1], pixel));
      assertThat(answer.statusCode()).as(each[1]).isEqualTo(400);
      assertThat(text(answer)).contains(each[2]);
    }
    assertThat(post("/fn/image?x=1&scale=1", picture("P6 1 1 255\n", pixel)).body())
        .isEqualTo(picture("P6\n1 1\n255\n", pixel));
  }
}
