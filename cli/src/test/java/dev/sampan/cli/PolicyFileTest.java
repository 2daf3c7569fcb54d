package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {

  @TempDir private Path folder;

  private Policy read(String toml) {
    return granted(toml).policy();
  }

  private Granted granted(String toml) {
    return PolicyFile.read(file(folder, "policy.toml", toml), Granted.of(PolicyOptions.STANDARD));
  }

  /** Checks that a policy is refused with these messages, each with line and column before it. */
  private void refused(String toml, String... messages) {
    Path policy = file(folder, "policy.toml", toml);
    StringBuilder wanted = new StringBuilder("sampan: ");
    for (String message : messages) {
      wanted.append(policy).append(':').append(message).append('\n');
    }
    sampan("run", "--policy", policy, "missing.wasm").failed(2, wanted.toString());
  }

  @Test
  void everythingCanBeSaid() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    Policy policy =
        read(
            """
            stdio = false
            clocks = false
            random = true
            inherit-env = ["PATH"]
            network = [
              "connect:tcp:*.example.com:443", # a comment
              "connect:tcp:db.lan:5432@10.0.0.0/8",
            ]
            allow-resolve = ["example.org"]
            addr-pool = ["127.0.0.1"]
            listen = ["127.0.0.1:8080"]

            [env]
            MODE = "production"
            "with.dot" = ""

            [[dir]]
            host = "data"
            guest = "/data"
            read-only = true
            max-bytes = "1M"

            [[dir]]
            host = "."

            [limits]
            fuel = 1_000_000
            timeout = "2s"
            max-memory = "64M"
            max-table-elements = 1000
            max-stack = "1M"
            max-threads = 4
            max-open-files = 32
            max-output = 10_240
            max-disk = "1G"
            max-instances = 8
            """);

    assertThat(policy.stdio()).isFalse();
    assertThat(policy.clocks()).isFalse();
    assertThat(policy.random()).isTrue();
    assertThat(policy.environment())
        .containsOnlyKeys("PATH", "MODE", "with.dot")
        .containsEntry("MODE", "production")
        .containsEntry("with.dot", "");
    assertThat(policy.network())
        .hasToString(
            "[connect:tcp:*.example.com:443, connect:tcp:db.lan:5432@10.0.0.0/8,"
                + " connect:tcp:127.0.0.1:*, connect:udp:127.0.0.1:*, listen:tcp:127.0.0.1:*,"
                + " bind:udp:127.0.0.1:*]");
    assertThat(policy.lookups()).containsExactly("example.org");
    assertThat(policy.listeners()).hasToString("[/127.0.0.1:8080]");
    assertThat(policy.directories())
        .containsExactly(
            new Policy.DirectoryGrant(folder.resolve("data"), "/data", Rights.READ_ONLY, 1 << 20),
            new Policy.DirectoryGrant(folder.resolve("."), ".", Rights.READ_WRITE, Long.MAX_VALUE));
    assertThat(policy.limits().fuel()).hasValue(1_000_000);
    assertThat(policy.limits().timeout()).contains(Duration.ofSeconds(2));
    assertThat(policy.limits().maxMemory()).isEqualTo(64 << 20);
    assertThat(policy.limits().maxTableElements()).isEqualTo(1000);
    assertThat(policy.limits().maxStack()).isEqualTo((1 << 20) / 8);
    assertThat(policy.maxThreads()).isEqualTo(4);
    assertThat(policy.maxOpenFiles()).isEqualTo(32);
    assertThat(policy.maxOutput()).isEqualTo(10_240);
    assertThat(policy.maxDisk()).isEqualTo(1 << 30);
    assertThat(policy.maxInstances()).isEqualTo(8);
  }

  @Test
  void topicsAreForApps() {
    Granted granted = granted("publish = ['alarms/#']\nsubscribe = ['+/state', 'a']\n");
    assertThat(granted.publish()).containsExactly("alarms/#");
    assertThat(granted.subscribe()).containsExactly("+/state", "a");
    refused(
        "subscribe = ['a#', 3]\n",
        "1:14: subscribe: expected a topic filter with '+' as a whole level or '#' as the last"
            + " one, found 'a#'",
        "1:20: subscribe: expected a string, found the integer 3");
  }

  @Test
  void emptyFileSaysNothing() {
    assertThat(read("# nothing\n")).usingRecursiveComparison().isEqualTo(PolicyOptions.STANDARD);
  }

  @Test
  void allErrorsAreToldInTheOrderOfTheFile() {
    refused(
        """
        stdoi = true
        clocks = "yes"
        network = ["connect:tcp:host", 3]
        listen = "127.0.0.1:80"
        [env]
        A = 1
        "B=" = "x"
        [[dir]]
        guest = "/x"
        [[dir]]
        host = "nowhere"
        read-olny = true
        [[dir]]
        host = "nowhere"
        [limits]
        max-memory = "64Q"
        timeout = 2
        max-thread = 3
        max-disk = 1979-05-27
        """,
        "1:1: unknown key 'stdoi'; there is stdio, clocks, random, inherit-env, network,"
            + " allow-resolve, addr-pool, listen, publish, subscribe, requests, devices, dir, env,"
            + " limits",
        "2:1: clocks: expected true or false, found the string 'yes'",
        "3:12: network: expected DIRECTION:PROTOCOL:HOST:PORTS, found 'connect:tcp:host'",
        "3:32: network: expected a string, found the integer 3",
        "4:1: listen: expected an array of strings, found the string '127.0.0.1:80'",
        "6:1: env A: expected a string, found the integer 1",
        "7:1: env: no name of an environment variable: 'B='",
        "8:1: dir: the key 'host' is missing",
        "12:1: unknown key 'read-olny' in [[dir]]; there is host, guest, read-only, max-bytes",
        "13:1: dir: no such folder: " + folder.resolve("nowhere"),
        "16:1: max-memory: expected a size such as 4096, 64M or 1G, found '64Q'",
        "17:1: timeout: expected a duration such as 500ms, 2s or 1m, found '2'",
        "18:1: unknown key 'max-thread' in [limits]; there is fuel, timeout, max-memory,"
            + " max-table-elements, max-stack, max-threads, max-open-files, max-output, max-disk,"
            + " max-instances",
        "19:1: max-disk: expected a number, or a string with a unit, found the date or time"
            + " 1979-05-27");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stdio = 1 | 1:1: stdio: expected true or false, found the integer 1",
        "inherit-env = ['A=B'] | 1:16: inherit-env: no name of an environment variable: 'A=B'",
        "allow-resolve = ['1.2.3.4'] | 1:18: allow-resolve: expected a host name, *.NAME or *,"
            + " found '1.2.3.4'",
        "addr-pool = ['here'] | 1:14: addr-pool: expected an address or ADDRESS/BITS, found 'here'",
        "listen = ['here'] | 1:11: listen: expected ADDRESS:PORT such as 127.0.0.1:8080 or"
            + " [::1]:8080, found 'here'",
        "network = [['x']] | 1:12: network: expected a string, found an array",
        "env = 1.5 | 1:1: env: expected a table, found the float 1.5",
        "env.A = {} | 1:1: env A: expected a string, found a table",
        "dir = true | 1:1: dir: expected tables that begin with [[dir]], found the boolean true",
        "dir = ['.'] | 1:8: dir: expected a table, found the string '.'",
        "dir = [{host = '.', guest = ''}] | 1:8: dir: the guest's name of FOLDER/. is empty",
        "dir = [{host = 1}] | 1:9: dir host: expected a string, found the integer 1",
        "dir = [{host = '.', guest = 1}] | 1:21: dir guest: expected a string, found the integer 1",
        "dir = [{host = '.', read-only = 1}] | 1:21: dir read-only: expected true or false, found"
            + " the integer 1",
        "dir = [{host = '.', max-bytes = 'x'}] | 1:21: dir: expected a size such as 4096, 64M or"
            + " 1G, found 'x'",
        "dir = [{host = '.', max-bytes = true}] | 1:21: dir max-bytes: expected a number, or a"
            + " string with a unit, found the boolean true",
        "limits.max-instances = 0 | 1:1: max-instances: expected a number from 1 to 2147483647,"
            + " found '0'",
        "limits.max-open-files = 2 | 1:1: max-open-files: expected a number from 3 to 2147483647,"
            + " found '2'",
        "limits = 3 | 1:1: limits: expected a table, found the integer 3"
      })
  void eachErrorHasItsPlace(String toml, String message) {
    refused(toml, message.replace("FOLDER", folder.toString()));
  }

  @Test
  void textThatIsNotTomlIsToldWithAllThatIsWrong() {
    String value = "', \", ''', \"\"\", a number, a boolean, a date/time, an array, or a table";
    refused(
        """
        clocks =
        random = 3
        stdio = ]
        [limits]
        fuel = 1
        fuel = 2
        timeout = "2s
        """,
        "1:9: unexpected end of line, expected " + value,
        "2:1: random: expected true or false, found the integer 3",
        "3:9: unexpected ']', expected " + value,
        "6:1: fuel previously defined at line 5, column 1",
        "7:14: unexpected end of line, expected \" or a character");
  }

  @Test
  void arrayWithoutEndIsOneError() {
    refused(
        """
        network = [
          "connect:tcp:a:1",

        [limits]
        fuel = 1
        """,
        "4:2: unexpected 'l', expected ], ', \", ''', \"\"\", a number, a boolean, a date/time, an"
            + " array, a table, or a newline");
  }

  @Test
  void fileThatCannotBeReadIsNamed() {
    Path missing = folder.resolve("missing.toml");
    sampan("run", "--policy", missing, "x.wasm")
        .failed(1, "sampan: " + missing + ": no such file or directory\n");
    sampan("run", "--policy", folder, "x.wasm")
        .failed(1, "sampan: " + folder + ": a directory, not a policy\n");
    Path latin =
        file(folder, "latin.toml", "[env]\nA = \"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1));
    sampan("run", "--policy", latin, "x.wasm")
        .failed(1, "sampan: " + latin + ": malformed UTF-8 encoding\n");
  }
}
