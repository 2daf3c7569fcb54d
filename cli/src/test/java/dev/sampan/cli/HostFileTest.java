package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.mqtt.MqttMapping;
import dev.sampan.apps.mqtt.MqttSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostFileTest {

  @TempDir private Path folder;

  private HostFile.Content read(String toml) {
    return HostFile.read(file(folder, "host.toml", toml), HostSettings.at(folder));
  }

  private void refused(String toml, String... messages) {
    Path config = file(folder, "host.toml", toml);
    StringBuilder wanted = new StringBuilder("sampan: ");
    for (String message : messages) {
      wanted.append(config).append(':').append(message).append('\n');
    }
    sampan("host", "start", "--home", folder).failed(2, wanted.toString());
  }

  @Test
  void everythingCanBeSaid() {
    HostFile.Content content =
        read(
            """
            http = "127.0.0.1:0"
            https = "0.0.0.0:8443"
            tls-cert = "cert.pem"
            tls-key = "key.pem"
            token-file = "token"
            max-module = "1M"
            max-calls = 12

            [mqtt]
            url = "mqtts://broker.example.com:9999"
            client-id = "host-7"
            user = "me"
            password-file = "password"
            tls-trust = "ca.pem"
            keep-alive = "10s"
            session = "1h"
            queue = 50
            qos = 2

            [[mqtt.in]]
            topic = "+/temperature"
            local-prefix = "room/"
            remote-prefix = "site/7/"
            qos = 1

            [[mqtt.out]]
            topic = "alarms/#"
            """);
    assertThat(content.http().orElseThrow().getHostString()).isEqualTo("127.0.0.1");
    assertThat(content.https().orElseThrow().getPort()).isEqualTo(8443);
    assertThat(content.tlsCert()).contains(folder.resolve("cert.pem"));
    assertThat(content.tlsKey()).contains(folder.resolve("key.pem"));
    assertThat(content.tokenFile()).contains(folder.resolve("token"));
    assertThat(content.settings().home()).isEqualTo(folder);
    assertThat(content.settings().maxModuleBytes()).isEqualTo(1 << 20);
    assertThat(content.settings().maxCalls()).isEqualTo(12);
    MqttSettings mqtt = content.settings().mqtt().orElseThrow();
    assertThat(mqtt.broker()).hasToString("mqtts://broker.example.com:9999");
    assertThat(mqtt.clientId()).isEqualTo("host-7");
    assertThat(mqtt.user()).contains("me");
    assertThat(mqtt.passwordFile()).contains(folder.resolve("password"));
    assertThat(mqtt.trust()).contains(folder.resolve("ca.pem"));
    assertThat(mqtt.keepAlive()).isEqualTo(Duration.ofSeconds(10));
    assertThat(mqtt.session()).contains(Duration.ofHours(1));
    assertThat(mqtt.queue()).isEqualTo(50);
    assertThat(mqtt.in()).containsExactly(new MqttMapping("+/temperature", "room/", "site/7/", 1));
    assertThat(mqtt.out()).containsExactly(new MqttMapping("alarms/#", "", "", 2));
  }

  @Test
  void emptyFileSaysNothing() {
    HostFile.Content content = read("");
    assertThat(content.http()).isEmpty();
    assertThat(content.tokenFile()).isEmpty();
    assertThat(content.settings()).isEqualTo(HostSettings.at(folder));
  }

  @Test
  void allErrorsAreToldInTheOrderOfTheFile() {
    refused(
        """
        htpp = "x"
        http = "8080"
        max-calls = 0
        [mqtt]
        url = "http://x"
        queue = "many"
        [[mqtt.in]]
        topic = "a/#/b"
        [[mqtt.out]]
        remote-prefix = "x/"
        qos = 3
        """,
        "1:1: unknown key 'htpp'; there is http, https, tls-cert, tls-key, token-file,"
            + " max-module, max-calls, mqtt",
        "2:1: http: expected ADDR:PORT such as 127.0.0.1:8080 or [::1]:8080, found '8080'",
        "3:1: max-calls: expected a number from 1 to 2147483647, found '0'",
        "5:1: url: expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT], found 'http://x'",
        "6:1: queue: expected a number, found the string 'many'",
        "7:1: mqtt.in: expected a topic filter with '+' as a whole level or '#' as the last one,"
            + " found 'a/#/b'",
        "9:1: [[mqtt.out]]: the key 'topic' is missing",
        "11:1: qos: expected a number from 0 to 2, found '3'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mqtt = {} | 1:1: [mqtt]: the key 'url' is missing",
        "mqtt = {url = 'mqtt://b', session = '1h'} | 1:1: mqtt: expected a client-id, as there is a"
            + " session",
        "mqtt = {url = 'mqtt://b', password-file = 'p'} | 1:1: mqtt: expected a user, as there is a"
            + " password",
        "mqtt = {url = 'mqtt://b', tls-trust = 'p'} | 1:1: mqtt: expected mqtts:, as there are"
            + " certificates to trust, found 'mqtt://b'",
        "mqtt = {url = 'mqtt://b', in = 3} | 1:27: mqtt.in: expected tables that begin with"
            + " [[mqtt.in]], found the integer 3",
        "mqtt = {url = 'mqtt://b', topic = 'a'} | 1:27: unknown key 'topic' in [mqtt]; there is"
            + " url, client-id, user, password-file, tls-trust, keep-alive, session, queue, qos,"
            + " in, out",
        "mqtt = {url = 'mqtt://b', in = [{topic = 'x', local-prefix = '$host/'}]} | 1:1: mqtt:"
            + " expected a local-prefix and topic that do not begin with '$' together, found"
            + " '$host/x'",
      })
  void eachErrorHasItsPlace(String toml, String message) {
    refused(toml, message);
  }

  @Test
  void fileThatIsNamedMustBeThere() {
    Path missing = folder.resolve("missing.toml");
    sampan("host", "start", "--home", folder, "--config", missing)
        .failed(1, "sampan: " + missing + ": no such file or directory\n");
    sampan("host", "start", "--home", folder, "--http", "8080")
        .failed(
            2,
            "sampan: --http: expected ADDR:PORT such as 127.0.0.1:8080 or [::1]:8080, found"
                + " '8080'\n"
                + "Try 'sampan host start --help'.\n");
  }
}
