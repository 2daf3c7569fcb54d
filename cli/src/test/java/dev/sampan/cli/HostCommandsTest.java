package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verbs about the host, with a host in a process of its own. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostCommandsTest {

  private static final Path ROOT = Path.of(System.getProperty("sampan.root", "."));
  private static final Pattern FUNCTIONS = Pattern.compile("functions at (http://[^/]+)/fn/NAME");

  private final HttpClient http = HttpClient.newHttpClient();
  private Path folder;
  private Path home;
  private String base;

  @BeforeAll
  void startHost(@TempDir Path given) {
    folder = given;
    home = folder.resolve("home");
    String out =
        sampan("host", "start", "--detach", "--home", home, "--http", "127.0.0.1:0")
            .succeeded()
            .out();
    Matcher address = FUNCTIONS.matcher(out);
    assertThat(address.find()).as(out).isTrue();
    base = address.group(1);
  }

  @AfterAll
  void stopHost() {
    assertThat(sampan("host", "stop", "--home", home).succeeded().out()).isEqualTo("stopped\n");
    assertThat(sampan("host", "status", "--home", home).exitCode()).isEqualTo(1);
    http.close();
  }

  private CommandLineRun host(String group, String verb, Object... more) {
    List<Object> words = new ArrayList<>(List.of(group, verb, "--home", home));
    words.addAll(List.of(more));
    return sampan(words.toArray());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(base + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A function that answers with a text. */
  private Path says(String name, String text) {
    String output = "Content-Type: text/plain\\n\\n" + text + "\\n";
    return CommandLineRun.file(
        folder,
        name + ".wat",
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 8) "%s")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 8))
            (i32.store (i32.const 4) (i32.const %d))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 4)))))
        """
            .formatted(output, output.replace("\\n", "\n").length()));
  }

  private Path clang(Path source) throws IOException, InterruptedException {
    Path module = folder.resolve(source.getFileName() + ".wasm");
    try {
      Process clang =
          new ProcessBuilder(
                  "clang",
                  "--target=wasm32-wasi",
                  "-O2",
                  "-o",
                  module.toString(),
                  source.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(clang.waitFor()).as(said).isZero();
    } catch (IOException e) {
      System.err.println("SKIPPED: no clang to compile " + source);
      assumeTrue(false, "no clang");
    }
    return module;
  }

  private void refused(String message, String group, String verb, Object... more) {
    String help = "\nTry 'sampan " + group + " " + verb + " --help'.\n";
    host(group, verb, more).failed(2, "sampan: " + message + help);
  }

  @Test
  void wordsThatCannotBeMeantAreRefusedBeforeTheHostIsAsked() {
    Path module = says("words", "x");
    for (String name : List.of("", "a/b", "../x", "a%2fb", "Ünïcode", ".", "x".repeat(64))) {
      refused(
          "expected a name of 1 to 63 lower-case letters, digits and hyphens, found '" + name + "'",
          "app",
          "install",
          name,
          module);
    }
    refused(
        "--restart: expected never, on-failure or always, found 'sometimes'",
        "app",
        "install",
        "a",
        module,
        "--restart",
        "sometimes");
    refused(
        "--isolation: expected fresh, pooled or shared, found 'none'",
        "fn",
        "deploy",
        "a",
        module,
        "--isolation",
        "none");
    refused("unknown option '--max-stack'", "app", "install", "a", module, "--max-stack", "1M");
    refused(
        "--deny: expected clocks or random, found 'stdio'",
        "app",
        "install",
        "a",
        module,
        "--deny",
        "stdio");
    refused(
        "expected a file, or a URL that begins with https:// or http://, found 'ftp://x/y'",
        "app",
        "install",
        "a",
        "ftp://x/y");
    host("app", "install", "a", "http://127.0.0.1:1/a.wasm")
        .failed(1, "sampan: http://127.0.0.1:1/a.wasm: nobody takes connections there\n");
  }

  @Test
  void moduleComesFromStandardInput() throws Exception {
    String text = Files.readString(says("piped", "from a pipe"));
    CommandLineRun.sampanReading(text, "fn", "deploy", "--home", home, "piped", "-").succeeded();
    assertThat(get("/fn/piped").body()).isEqualTo("from a pipe\n");
  }

  @Test
  void verbsOfFunctionsLeaveOtherAppsAlone() {
    Path module = says("program", "x");
    host("app", "install", "program", module).succeeded();
    String message = "sampan: the app 'program' is no function\n";
    host("fn", "deploy", "program", module).failed(1, message);
    host("fn", "remove", "program").failed(1, message);
    host("app", "remove", "program").succeeded();
  }

  @Test
  void addressThatIsTakenIsNamedWithWhatToDo() {
    String taken = base.substring("http://".length());
    Path other = folder.resolve("other");
    sampan("host", "start", "--home", other, "--http", taken)
        .failed(
            1,
            "sampan: the host cannot be started: "
                + taken
                + " cannot be served: Address already in use; another address is chosen by --http"
                + " ADDR:PORT\n");
    Path file = CommandLineRun.file(folder, "file", "x");
    sampan("host", "start", "--home", file)
        .failed(1, "sampan: the host cannot be started: " + file + ": exists already\n");
  }

  @Test
  void newcomersPathIsAsTheReadmeSays() throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    List<String> commands =
        Pattern.compile("(?s)<!-- newcomer -->\\s*```sh\\n(.*?)```")
            .matcher(readme)
            .results()
            .flatMap(found -> found.group(1).lines())
            .map(line -> line.replaceAll("\\s+#.*", ""))
            .toList();
    assertThat(commands).hasSize(5).first().asString().contains("host start");
    for (String command : commands.subList(1, 5)) {
      if (command.startsWith("curl ")) {
        assertThat(get(command.substring(command.indexOf("/fn/"))).body())
            .as(command)
            .startsWith("Hello");
      } else {
        List<Object> words = new ArrayList<>();
        for (String word : command.substring("./sampan ".length()).split(" ")) {
          words.add(word.startsWith("examples/") ? ROOT.resolve(word) : word);
        }
        words.addAll(words.getFirst().equals("ui") ? 1 : 2, List.of("--home", home));
        sampan(words.toArray()).succeeded();
      }
    }
    assertThat(get("/fn/hello").body()).startsWith("Hello again");
  }

  @Test
  void linkToThePageLetsInOnce() throws Exception {
    String link = sampan("ui", "--home", home).succeeded().out().strip();
    assertThat(link).startsWith(base + "/ui/login?code=");
    assertThat(get(link.substring(base.length())).statusCode()).isEqualTo(200);
    assertThat(get(link.substring(base.length())).statusCode()).isEqualTo(403);
    assertThat(sampan("ui", "--home", home).succeeded().out().strip()).isNotEqualTo(link);
  }

  @Test
  void pageIsOpenedByAFileThatOnlyTheUserMayRead() throws Exception {
    Path file = Files.writeString(folder.resolve("page.html"), "of another time");
    UiCommand.redirect(file, "http://localhost/ui/login?code=x");
    assertThat(file).content().contains("content=\"0; url=http://localhost/ui/login?code=x\"");
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void webhookInCKeepsWhatIsSigned() throws Exception {
    Path module = clang(ROOT.resolve("examples/webhook/webhook.c"));
    Path records = Files.createDirectory(folder.resolve("records"));
    host(
            "fn",
            "deploy",
            "hook",
            module,
            "--env",
            "SECRET=topsecret",
            "--dir",
            records + "::/records")
        .succeeded();
    String message = "{\"paid\": true}".repeat(1000);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("topsecret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String time = String.valueOf(Instant.now().getEpochSecond());
    String signed = time + "." + message;
    String signature =
        HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));

    Map<String, Integer> answers =
        Map.of("sha256=" + signature, 201, "sha256=" + "0".repeat(64), 401, "nonsense", 401);
    for (Map.Entry<String, Integer> each : answers.entrySet()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(base + "/fn/hook"))
              .header("X-Timestamp", time)
              .header("X-Signature-256", each.getKey())
              .POST(HttpRequest.BodyPublishers.ofString(message));
      assertThat(send(request).statusCode()).as(each.getKey()).isEqualTo(each.getValue());
    }
    assertThat(get("/fn/hook").statusCode()).isEqualTo(405);
    try (Stream<Path> kept = Files.list(records)) {
      assertThat(kept.map(file -> read(file))).containsExactly(message);
    }
    assertThat(host("app", "logs", "hook").succeeded().out())
        .contains("stderr refused a message of " + message.length() + " bytes");
    // the granted folder is all there is
    assertThat(host("app", "inspect", "hook").succeeded().out()).contains("/records");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void appHasItsVerbs() {
    Path program =
        CommandLineRun.file(
            folder, "spin.wat", "(module (func (export \"_start\") (loop $l (br $l))))");
    assertThat(host("app", "install", "spin", program).succeeded().out()).contains("installed");
    assertThat(host("app", "start", "spin").succeeded().out()).contains("running");
    assertThat(host("app", "pause", "spin").succeeded().out()).contains("paused");
    assertThat(host("app", "resume", "spin").succeeded().out()).contains("running");
    assertThat(host("app", "restart", "spin").succeeded().out()).contains("running");
    host("app", "upgrade", "spin", program, "--keep-revisions", "2").succeeded();
    assertThat(host("app", "list").succeeded().out()).containsPattern("spin +running +2 ");
    assertThat(host("app", "rollback", "spin").succeeded().out()).containsPattern("running +1 ");
    assertThat(host("app", "stop", "spin").succeeded().out()).contains("stopped");
    assertThat(host("app", "logs", "spin", "--tail", "1").succeeded().out()).endsWith("stopped\n");
    assertThat(host("app", "stats", "spin").succeeded().out()).contains("\"calls\" : 0");
    assertThat(host("app", "remove", "spin").succeeded().out()).isEqualTo("spin removed\n");
    host("app", "start", "spin").failed(1, "sampan: there is no app 'spin'\n");
  }

  @Test
  void serviceLivesAndIsAsked() throws Exception {
    Path mute = CommandLineRun.file(folder, "mute.wat", "(module (func (export \"on_init\")))");
    String path =
        host(
                "app",
                "install",
                "mute",
                mute,
                "--service",
                "--restart",
                "never",
                "--request",
                "a-b",
                "--device",
                "cpu",
                "--publish",
                "x/#")
            .succeeded()
            .out();
    assertThat(path).contains("installed").contains(base + "/app/mute");
    assertThat(host("app", "start", "mute").succeeded().out()).contains("running");
    String manifest = host("app", "inspect", "mute").succeeded().out();
    assertThat(manifest)
        .containsPattern("\"type\" : \"service\"")
        .containsPattern("\"when\" : \"NEVER\"")
        .containsPattern("\"requests\" : \\[ \"a-b\" ]")
        .containsPattern("\"devices\" : \\[ \"cpu\" ]");
    HttpResponse<String> answer = get("/app/mute/x");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("'mute' answers no requests");

    Path bad =
        CommandLineRun.file(folder, "bad.wat", "(module (func (export \"on_init\") unreachable))");
    host("app", "install", "bad", bad, "--service").succeeded();
    host("app", "start", "bad").failed(1, "sampan: trap: unreachable\n");
    assertThat(host("app", "list").succeeded().out()).containsPattern("bad +failed");
    assertThat(host("app", "upgrade", "mute", bad).err())
        .contains("revision 2 does not come up, revision 1 stays: trap: unreachable");
    assertThat(host("app", "install", "x", mute, "--service", "--request", "No Name").err())
        .contains("--request: expected a name");
    assertThat(host("app", "install", "x", mute, "--service", "--on", "a").err())
        .contains("options --service and --on say different things");
  }

  @Test
  void nativeFilesAreRefused() throws IOException {
    Path aot = Files.write(folder.resolve("app.aot"), new byte[] {0, 'a', 'o', 't', 6, 0, 0, 0});
    assertThat(host("app", "install", "aot", aot).err())
        .contains("this is a native AOT file of the WebAssembly Micro Runtime");
    assertThat(host("fn", "deploy", "aot", aot).err()).contains("expected the portable module");
  }

  @Test
  void mistakesAreNamed() {
    Path text = CommandLineRun.file(folder, "no.wasm", "no module");
    assertThat(host("fn", "deploy", "x", text).err()).contains("magic header not detected");
    assertThat(host("fn", "deploy", "Bad Name", text).err()).contains("expected a name");
    assertThat(host("fn", "deploy", "x", folder.resolve("none")).err()).contains("no such file");
    assertThat(sampan("app", "fly").err())
        .startsWith("sampan: unknown verb 'app fly'; there is install, start");
    assertThat(sampan("host", "--help").succeeded().out()).contains("status");
    Path other = folder.resolve("other");
    assertThat(sampan("app", "list", "--home", other).err())
        .isEqualTo(
            "sampan: no host runs at %s; start one: sampan host start\n"
                .formatted(other.resolve("host.sock")));
    assertThat(sampan("host", "start", "--home", home, "--http", "127.0.0.1:0").err())
        .contains("in use by another host, process ");
  }
}
