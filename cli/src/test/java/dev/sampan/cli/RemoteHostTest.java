package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same verbs by {@code --host}, with a host in a process of its own, and its tenants. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteHostTest {

  private static final Pattern ADDRESSES =
      Pattern.compile(
          "(?s)functions at (http://[^/]+)/fn/NAME\n.*\nmanagement at [^\n]+\n"
              + "management at (https://[^ ]+) with the certificate (sha256:[0-9a-f]{64})\n");

  private static final String LOOPS = "(module (func (export \"_start\") (loop $l (br $l))))";

  private Path folder;
  private Path home;
  private Path operator;
  private String url;
  private String fingerprint;

  @BeforeAll
  void startHost(@TempDir Path given) {
    folder = given;
    home = folder.resolve("home");
    operator = CommandLineRun.file(folder, "operator", "the-operators-own-token\n");
    String out =
        sampan(
                "host",
                "start",
                "--detach",
                "--home",
                home,
                "--http",
                "127.0.0.1:0",
                "--https",
                "127.0.0.1:0",
                "--token-file",
                operator)
            .succeeded()
            .out();
    Matcher addresses = ADDRESSES.matcher(out);
    assertThat(addresses.find()).as(out).isTrue();
    url = addresses.group(2);
    fingerprint = addresses.group(3);
  }

  @AfterAll
  void stopHost() {
    assertThat(remote("host", "stop").succeeded().out()).isEqualTo("stopped\n");
    assertThat(remote("host", "status").err())
        .startsWith("sampan: no host answers at " + url + ": Connection refused");
  }

  private CommandLineRun remote(String group, String verb, Object... more) {
    return as(operator, group, verb, more);
  }

  private CommandLineRun as(Path token, String group, String verb, Object... more) {
    List<Object> words = new ArrayList<>(List.of(group, verb, "--host", url));
    words.addAll(List.of("--token-file", token, "--tls-fingerprint", fingerprint));
    words.addAll(List.of(more));
    return sampan(words.toArray());
  }

  private CommandLineRun local(String group, String verb, Object... more) {
    List<Object> words = new ArrayList<>(List.of(group, verb, "--home", home));
    words.addAll(List.of(more));
    return sampan(words.toArray());
  }

  private Path program(String name) {
    return CommandLineRun.file(folder, name + ".wat", LOOPS);
  }

  /** Adds a tenant, and keeps its token in a file. */
  private Path tenant(String name, Object... options) {
    List<Object> words = new ArrayList<>(List.of(options));
    words.add(name);
    String out = remote("tenant", "add", words.toArray()).succeeded().out();
    assertThat(out)
        .matches(
            "token [0-9a-f]{12} of tenant " + name + ", which is not shown again:\nsampan_.{43}\n");
    return CommandLineRun.file(folder, name + "-token", out.substring(out.indexOf('\n') + 1));
  }

  @Test
  void everyVerbWorksFromElsewhere() {
    Path program = program("spin");
    assertThat(remote("app", "install", "spin", program).succeeded().out()).contains("installed");
    assertThat(remote("app", "start", "spin").succeeded().out()).contains("running");
    assertThat(remote("app", "pause", "spin").succeeded().out()).contains("paused");
    assertThat(remote("app", "resume", "spin").succeeded().out()).contains("running");
    assertThat(remote("app", "restart", "spin").succeeded().out()).contains("running");
    remote("app", "upgrade", "spin", program).succeeded();
    assertThat(remote("app", "list").succeeded().out()).containsPattern("spin +running +2 ");
    assertThat(remote("app", "rollback", "spin").succeeded().out()).containsPattern("running +1 ");
    assertThat(remote("app", "stop", "spin").succeeded().out()).contains("stopped");
    assertThat(remote("app", "logs", "spin", "-n", "1").succeeded().out()).endsWith("stopped\n");
    assertThat(remote("app", "stats", "spin").succeeded().out()).contains("\"calls\" : 0");
    assertThat(remote("app", "inspect", "spin").succeeded().out()).contains("\"digest\"");
    assertThat(remote("app", "remove", "spin").succeeded().out()).isEqualTo("spin removed\n");
    assertThat(remote("host", "status").succeeded().out())
        .contains("https       " + url + "\n")
        .contains("fingerprint " + fingerprint + "\n");
    assertThat(local("host", "status").succeeded().out()).contains("fingerprint " + fingerprint);
    remote("app", "start", "spin").failed(1, "sampan: there is no app 'spin'\n");
  }

  @Test
  void logIsFollowedFromElsewhere() throws Exception {
    remote("app", "install", "followed", program("followed")).succeeded();
    try (PipedInputStream out = new PipedInputStream(1 << 16)) {
      PipedOutputStream in = new PipedOutputStream(out);
      Thread follower =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () ->
                      Sampan.run(
                          new String[] {
                            "app",
                            "logs",
                            "-f",
                            "--host",
                            url,
                            "--token-file",
                            operator.toString(),
                            "--tls-fingerprint",
                            fingerprint,
                            "followed"
                          },
                          new ByteArrayInputStream(new byte[0]),
                          in,
                          new PrintStream(System.err)));
      remote("app", "start", "followed").succeeded();
      assertThat(readUpTo(out, "started\n")).contains(" host   started");
      remote("app", "stop", "followed").succeeded();
      assertThat(readUpTo(out, "stopped\n")).contains(" host   stopped");
      remote("app", "remove", "followed").succeeded();
      follower.join(20_000);
      assertThat(follower.isAlive()).isFalse();
    }
  }

  private static String readUpTo(InputStream in, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      int next = in.read();
      assertThat(next).as(text.toString()).isNotNegative();
      text.append((char) next);
    }
    return text.toString();
  }

  @Test
  void hostIsTrustedByItsCertificateOrNotAtAll() {
    Path certificate = home.resolve("tls/cert.pem");
    List<Object> words =
        List.of("app", "list", "--host", url, "--token-file", operator, "--tls-ca", certificate);
    sampan(words.toArray()).succeeded();
    assertThat(sampan("app", "list", "--host", url, "--token-file", operator).err())
        .startsWith("sampan: " + url + ": it is not certain that this is the host: ")
        .endsWith("; if it has a certificate of its own, --tls-fingerprint names that\n");
    String other = "sha256:" + "ab".repeat(32);
    CommandLineRun wrong =
        sampan("app", "list", "--host", url, "--token-file", operator, "--tls-fingerprint", other);
    assertThat(wrong.err())
        .contains(
            "expected a certificate with the fingerprint " + other + ", found " + fingerprint);
    assertThat(wrong.exitCode()).isEqualTo(1);
  }

  @Test
  void tenantsManageTheirOwn() {
    Path acme = tenant("acme", "--max-apps", "1", "--cpu-time", "30s/hour");
    Path other = tenant("other");
    Path module = program("tenants");
    assertThat(as(acme, "app", "install", "mine", module).succeeded().out()).contains("installed");
    as(acme, "app", "install", "more", module)
        .failed(1, "sampan: the quota of tenant 'acme' is exhausted: limit 1 apps, used 1\n");
    assertThat(as(acme, "app", "list").succeeded().out()).contains("mine");
    assertThat(as(other, "app", "list").succeeded().out()).doesNotContain("mine");
    as(other, "app", "start", "mine").failed(1, "sampan: there is no app 'mine'\n");
    as(other, "app", "install", "mine", module)
        .failed(1, "sampan: the name 'mine' is taken on this host; choose another one\n");
    as(other, "tenant", "list")
        .failed(1, "sampan: only the operator of the host may ask for this\n");
    as(other, "host", "stop").failed(1, "sampan: only the operator of the host may ask for this\n");
    assertThat(as(acme, "tenant", "show", "acme").succeeded().out())
        .contains("\"cpuTime\" : \"PT30S\"")
        .contains("\"cpuPeriod\" : \"PT1H\"");
    as(acme, "app", "install", "files", module, "--dir", folder + "::/data")
        .failed(
            1,
            "sampan: tenant 'acme' may not grant this to an app: the directory: expected none,"
                + " found "
                + folder
                + "\n");

    assertThat(local("tenant", "list").succeeded().out())
        .containsPattern("acme +1/1 +0/524288 .*0s/30s +1\n");
    local("tenant", "set", "acme", "--max-apps", "2").succeeded();
    as(acme, "app", "install", "more", module).succeeded();
    String shown = local("tenant", "show", "acme").succeeded().out();
    Matcher id = Pattern.compile("\"id\" : \"([0-9a-f]{12})\"").matcher(shown);
    assertThat(id.find()).isTrue();
    assertThat(local("tenant", "token", "acme").succeeded().out()).contains("sampan_");
    assertThat(local("tenant", "token", "acme", "--revoke", id.group(1)).succeeded().out())
        .isEqualTo("token " + id.group(1) + " revoked\n");
    as(acme, "app", "list").failed(1, "sampan: the token is not known here, or was revoked\n");
    local("tenant", "remove", "acme")
        .failed(1, "sampan: tenant 'acme' has apps: mine, more; remove them first, or force it\n");
    local("tenant", "remove", "acme", "--force").succeeded();
    local("tenant", "remove", "other").succeeded();
    assertThat(local("app", "list").succeeded().out()).doesNotContain("mine");
  }

  @Test
  void tenantMayGrantWhatItsPolicySays() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path policy =
        CommandLineRun.file(
            folder,
            "tenant.toml",
            """
            subscribe = ["granted/#"]
            [[dir]]
            host = "%s"
            guest = "/data"
            read-only = true
            [limits]
            max-memory = "1M"
            """
                .formatted(data));
    Path token = tenant("granted", "--policy", policy);
    Path module = program("granted");
    as(token, "app", "install", "g", module, "--dir", data + "::/d:ro", "--max-memory", "1M")
        .succeeded();
    as(token, "app", "install", "h", module, "--dir", data + "::/d", "--max-memory", "1M")
        .failed(
            1,
            "sampan: tenant 'granted' may not grant this to an app: the directory %s: expected to"
                    .formatted(data)
                + " read only, found to write\n");
    as(token, "app", "install", "h", module)
        .failed(
            1,
            "sampan: tenant 'granted' may not grant this to an app: maxMemory: expected at most"
                + " 1048576, found 268435456\n");
    // where the folders are nobody can look, but where they are must be clear
    assertThat(as(token, "app", "install", "h", module, "--dir", "data").err())
        .startsWith(
            "sampan: --dir: expected the absolute path of a folder on the host's machine, found"
                + " 'data'");
    assertThat(local("app", "install", "h", module, "--dir", folder.resolve("none")).err())
        .startsWith("sampan: --dir: no such folder: ");
    local("tenant", "remove", "granted", "-f").succeeded();
  }

  // ---- command lines that make no sense ----

  private static void usage(String message, Object... words) {
    CommandLineRun run = sampan(words);
    assertThat(run.err()).startsWith("sampan: " + message);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void mistakesAreNamed() {
    usage(
        "--host needs https://NAME:PORT: by http others could read the token; found"
            + " 'http://127.0.0.1:8080'",
        "app",
        "list",
        "--host",
        "http://127.0.0.1:8080");
    for (String bad :
        new String[] {
          "", "x", "ftp://x", "https://", "https://x/path", "https://u@x", "https://x?q"
        }) {
      usage("--host needs https://NAME:PORT, found '" + bad + "'", "app", "list", "--host", bad);
    }
    usage(
        "a host on another machine wants a token: --token-file FILE or $SAMPAN_TOKEN",
        "app",
        "list",
        "--host",
        url);
    usage("--host and --home name different", "app", "list", "--host", url, "--home", home);
    usage("--token-file is for a host on another", "app", "list", "--token-file", operator);
    usage("--tls-ca is for a host on another machine", "app", "list", "--tls-ca", operator);
    usage(
        "expected a fingerprint of 64 hexadecimal digits, found 'abc'",
        "app",
        "list",
        "--host",
        url,
        "--token-file",
        operator,
        "--tls-fingerprint",
        "abc");
    usage(
        "expected --tls-ca or --tls-fingerprint, found both",
        "app",
        "list",
        "--host",
        url,
        "--token-file",
        operator,
        "--tls-fingerprint",
        fingerprint,
        "--tls-ca",
        operator);
    Path brief = CommandLineRun.file(folder, "brief", "short");
    sampan("app", "list", "--host", url, "--token-file", brief)
        .failed(
            1,
            "sampan: "
                + brief
                + ": expected a token of 16 to 512 characters of ASCII, without spaces\n");
    usage("--token-file is of use only with --https", "host", "start", "--token-file", operator);
    usage(
        "expected --tls-cert and --tls-key together, found one",
        "host",
        "start",
        "--https",
        "127.0.0.1:0",
        "--tls-cert",
        operator);
    usage("unknown option '--host'", "host", "start", "--host", url);
    usage("--cpu-time: expected TIME/PERIOD, found '1h'", "tenant", "add", "--cpu-time", "1h", "t");
    usage(
        "--cpu-time: expected a duration such as 500ms, 2s or 1m, found 'week'",
        "tenant",
        "add",
        "--cpu-time",
        "1h/week",
        "t");
    usage("--max-apps: expected a number from 0 to", "tenant", "add", "--max-apps", "x", "t");
    assertThat(
            sampan(
                    "host",
                    "start",
                    "--home",
                    folder.resolve("n"),
                    "--http",
                    "127.0.0.1:0",
                    "--https",
                    "127.0.0.1:0",
                    "--tls-cert",
                    operator,
                    "--tls-key",
                    operator)
                .err())
        .startsWith(
            "sampan: the host cannot be started: "
                + operator
                + ": expected a private key in PEM, in PKCS #8 and not encrypted");
  }

  @Test
  void environmentNamesTheHostToo() {
    Syntax syntax = HostConnection.verb("list", "Lists.");
    Map<String, String> environment =
        Map.of(
            "SAMPAN_HOST",
            url,
            "SAMPAN_TOKEN",
            "the-operators-own-token",
            "SAMPAN_TLS_FINGERPRINT",
            fingerprint);
    Line line = Line.parse(syntax, List.of());
    assertThat(RemoteHost.of(line, environment).orElseThrow().url()).hasToString(url);
    Line local = Line.parse(syntax, List.of("--home", "x"));
    assertThat(RemoteHost.of(local, environment)).isEmpty();
    assertThat(RemoteHost.of(line, Map.of())).isEmpty();
  }
}
