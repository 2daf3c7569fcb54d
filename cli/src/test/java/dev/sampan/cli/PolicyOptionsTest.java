package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the options of guests make of a policy, and what they say to nonsense. */
class PolicyOptionsTest {

  @TempDir private Path folder;

  private static Policy policy(Object... words) {
    Syntax syntax = new Syntax("run", "");
    Guest.addOptions(syntax);
    return PolicyOptions.policy(
        Line.parse(syntax, Stream.of(words).map(Object::toString).toList()));
  }

  @Test
  void withoutOptionsThereIsWhatEveryProgramHas() {
    Policy policy = policy();

    assertThat(policy.stdio()).isTrue();
    assertThat(policy.clocks()).isTrue();
    assertThat(policy.random()).isTrue();
    assertThat(policy.directories()).isEmpty();
    assertThat(policy.environment()).isEmpty();
    assertThat(policy.network()).isEmpty();
    assertThat(policy.maxThreads()).isZero();
    assertThat(policy.limits().maxStack()).isEqualTo(8 << 20);
    assertThat(policy.limits().fuel()).isEmpty();
  }

  @Test
  void everyLimitHasItsOption() {
    Policy policy =
        policy(
            "--fuel=1_000_000",
            "--timeout=2s",
            "--max-memory=64M",
            "--max-table-elements=1000",
            "--max-stack=1M",
            "--max-threads=4",
            "--max-open-files=32",
            "--max-output=10K",
            "--max-disk=1G");

    assertThat(policy.limits().fuel()).hasValue(1_000_000);
    assertThat(policy.limits().timeout()).contains(Duration.ofSeconds(2));
    assertThat(policy.limits().maxMemory()).isEqualTo(64 << 20);
    assertThat(policy.limits().maxTableElements()).isEqualTo(1000);
    assertThat(policy.limits().maxStack()).isEqualTo((1 << 20) / 8);
    assertThat(policy.maxThreads()).isEqualTo(4);
    assertThat(policy.maxOpenFiles()).isEqualTo(32);
    assertThat(policy.maxOutput()).isEqualTo(10 << 10);
    assertThat(policy.maxDisk()).isEqualTo(1 << 30);
  }

  @Test
  void everyGrantHasItsOption() {
    Policy policy =
        policy(
            "--dir=" + folder + "::/data:ro",
            "--env=A=1",
            "--env=PATH",
            "--network=connect:tcp:*.example.com:443",
            "--allow-resolve=example.org,*.example.org",
            "--listen=[::1]:0",
            "--listen=localhost:8080",
            "--deny=clocks",
            "--deny=random");

    assertThat(policy.directories())
        .containsExactly(
            new Policy.DirectoryGrant(folder, "/data", Rights.READ_ONLY, Long.MAX_VALUE));
    assertThat(policy.environment()).containsOnlyKeys("A", "PATH");
    assertThat(policy.network()).hasToString("[connect:tcp:*.example.com:443]");
    assertThat(policy.lookups()).containsExactly("example.org", "*.example.org");
    assertThat(policy.listeners())
        .extracting(each -> each.getAddress().isLoopbackAddress() + " " + each.getPort())
        .containsExactly("true 0", "true 8080");
    assertThat(List.of(policy.stdio(), policy.clocks(), policy.random()))
        .containsExactly(true, false, false);
  }

  @Test
  void poolOfAddressesMayBeUsedInEveryWay() {
    assertThat(policy("--addr-pool=10.0.0.0/8,::1").network())
        .hasToString(
            "[connect:tcp:10.0.0.0/8:*, connect:udp:10.0.0.0/8:*, listen:tcp:10.0.0.0/8:*,"
                + " bind:udp:10.0.0.0/8:*, connect:tcp:[::1]:*, connect:udp:[::1]:*,"
                + " listen:tcp:[::1]:*, bind:udp:[::1]:*]");
  }

  @Test
  void optionsReplaceLimitsOfTheFileAndAddGrants() {
    Path toml =
        file(
            folder,
            "policy.toml",
            """
            network = ["connect:tcp:a.example:1"]
            stdio = false
            [env]
            A = "file"
            B = "file"
            [limits]
            fuel = 5
            max-threads = 5
            """);

    Policy policy = policy("--fuel=7", "--env=A=flag", "--network=bind:udp:*:1", "--policy", toml);

    assertThat(policy.limits().fuel()).hasValue(7);
    assertThat(policy.maxThreads()).isEqualTo(5);
    assertThat(policy.environment()).containsEntry("A", "flag").containsEntry("B", "file");
    assertThat(policy.network()).hasToString("[connect:tcp:a.example:1, bind:udp:*:1]");
    assertThat(policy.stdio()).isFalse();
  }

  static Stream<Arguments> nonsense() {
    String size = "expected a size such as 4096, 64M or 1G, found 'x'";
    String number = "expected a number of at least 0, found 'x'";
    String address = "expected ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, found ";
    return Stream.of(
        Arguments.of("--fuel", "x", number),
        Arguments.of("--fuel", "-1", "expected a number of at least 0, found '-1'"),
        Arguments.of("--timeout", "2", "expected a duration such as 500ms, 2s or 1m, found '2'"),
        Arguments.of("--max-memory", "x", size),
        Arguments.of("--max-table-elements", "x", number),
        Arguments.of("--max-stack", "x", size),
        Arguments.of("--max-stack", "1K", "expected a size from 256K to 1G, found '1K'"),
        Arguments.of("--max-stack", "2G", "expected a size from 256K to 1G, found '2G'"),
        Arguments.of("--max-threads", "x", "expected a number from 0 to 2147483647, found 'x'"),
        Arguments.of("--max-open-files", "2", "expected a number from 3 to 2147483647, found '2'"),
        Arguments.of("--max-output", "x", size),
        Arguments.of("--max-disk", "x", size),
        Arguments.of("--dir", "::/x", "expected HOST[::GUEST][:ro], found '::/x'"),
        Arguments.of("--dir", "/no/such/folder", "no such folder: /no/such/folder"),
        Arguments.of("--env", "=x", "expected NAME=VALUE or NAME, found '=x'"),
        Arguments.of("--env", "", "expected NAME=VALUE or NAME, found ''"),
        Arguments.of("--network", "web", "expected DIRECTION:PROTOCOL:HOST:PORTS, found 'web'"),
        Arguments.of("--network", "fly:tcp:a:1", "expected connect or bind or listen, found 'fly'"),
        Arguments.of("--network", "connect:ip:a:1", "expected tcp or udp, found 'ip'"),
        Arguments.of("--network", "connect:tcp:a:x", "expected a port, found 'x'"),
        Arguments.of(
            "--network",
            "connect:tcp:a:70000",
            "expected ports from 0 to 65535, found 70000-70000"),
        Arguments.of(
            "--network",
            "connect:tcp:a b:1",
            "expected a host name, *.NAME, *, an address or ADDRESS/BITS, found 'a b'"),
        Arguments.of(
            "--network",
            "connect:tcp:a:1@10.0.0.0/40",
            "expected an address or ADDRESS/BITS, found '10.0.0.0/40'"),
        Arguments.of(
            "--network", "listen:udp:*:1", "expected listen:tcp or bind:udp, found listen:udp"),
        Arguments.of(
            "--allow-resolve", "a,10.0.0.1", "expected a host name, *.NAME or *, found '10.0.0.1'"),
        Arguments.of(
            "--addr-pool",
            "example.com",
            "expected an address or ADDRESS/BITS, found 'example.com'"),
        Arguments.of("--listen", "8080", address + "'8080'"),
        Arguments.of("--listen", "example.com:80", address + "'example.com:80'"),
        Arguments.of("--listen", "::1:80", address + "'::1:80'"),
        Arguments.of("--listen", "127.0.0.1:65536", address + "'127.0.0.1:65536'"),
        Arguments.of("--deny", "files", "expected stdio, clocks or random, found 'files'"));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseSaysTheOptionAndWhatWasExpected(String option, String value, String message) {
    for (String verb : List.of("run", "call")) {
      sampan(verb, option, value, "x.wasm", "f")
          .failed(
              2, "sampan: " + option + ": " + message + "\nTry 'sampan " + verb + " --help'.\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"--fuel=1", "--timeout=1s", "--max-memory=1M", "--policy=x"})
  void limitCanBeGivenOnce(String option) {
    String name = option.substring(0, option.indexOf('='));
    sampan("run", option, option, "x.wasm")
        .failed(2, "sampan: option '" + name + "' is given twice\nTry 'sampan run --help'.\n");
  }

  @Test
  void completionKnowsTheOptionsAndTheirValues() {
    assertThat(sampan("--completion").succeeded().out())
        .contains(
            "--policy", "--max-memory", "--explain", "run:--deny) words='stdio clocks random'");
  }
}
