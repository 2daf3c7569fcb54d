package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Isolation;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.Restart;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.Trigger.Schedule.Missed;
import dev.sampan.apps.Trigger.Schedule.Overlap;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.json.ManifestJson;
import dev.sampan.wasi.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestFileTest {

  @TempDir private Path folder;

  /** What the host makes of a manifest. */
  private Manifest read(String toml) {
    ManifestFile.Content content =
        ManifestFile.read(file(folder, "app.toml", toml), Granted.of(Permissions.NONE.policy()));
    return ManifestJson.read(Json.bytes(content.json()), Manifest.PROGRAM);
  }

  /** Checks that a manifest is refused with these messages, each with line and column before it. */
  private void refused(String toml, String... messages) {
    Path manifest = file(folder, "app.toml", toml);
    StringBuilder wanted = new StringBuilder("sampan: ");
    for (String message : messages) {
      wanted.append(manifest).append(':').append(message).append('\n');
    }
    sampan("app", "install", "--home", folder, "x", "missing.wasm", "--manifest", manifest)
        .failed(2, wanted.toString());
  }

  @Test
  void everythingCanBeSaidOfAProgram() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    Manifest manifest =
        read(
            """
            args = ["-v", "two words"]
            max-log = "1M"
            keep-revisions = 5

            [trigger]
            type = "start"
            restart = "on-failure"
            attempts = 7
            delay = "50ms"
            max-delay = "2s"

            [grants]
            clocks = false
            network = ["connect:tcp:*.example.com:443"]
            publish = ["a/+", "b"]
            subscribe = ["#"]

            [grants.env]
            MODE = "production"

            [[grants.dir]]
            host = "data"
            guest = "/data"
            read-only = true
            max-bytes = "1M"

            [limits]
            max-memory = "64M"
            timeout = "2s"
            """);
    assertThat(manifest.args()).containsExactly("-v", "two words");
    assertThat(manifest.maxLogBytes()).isEqualTo(1 << 20);
    assertThat(manifest.keepRevisions()).isEqualTo(5);
    assertThat(manifest.trigger())
        .isEqualTo(
            new Trigger.Start(
                new Restart(
                    Restart.When.ON_FAILURE, 7, Duration.ofMillis(50), Duration.ofSeconds(2))));
    Permissions permissions = manifest.permissions();
    assertThat(permissions.clocks()).isFalse();
    assertThat(permissions.random()).isTrue();
    assertThat(permissions.env()).isEqualTo(Map.of("MODE", "production"));
    assertThat(permissions.network()).containsExactly("connect:tcp:*.example.com:443");
    assertThat(permissions.publish()).containsExactly("a/+", "b");
    assertThat(permissions.subscribe()).containsExactly("#");
    assertThat(permissions.directories())
        .containsExactly(
            new Permissions.Directory(
                folder.resolve("data").toString(), "/data", Rights.READ_ONLY, 1 << 20));
    assertThat(permissions.limits().maxMemory()).isEqualTo(64 << 20);
    assertThat(permissions.limits().timeout()).contains(Duration.ofSeconds(2));
    assertThat(permissions.limits().maxOpenFiles())
        .isEqualTo(Permissions.NONE.limits().maxOpenFiles());
  }

  @Test
  void everythingCanBeSaidOfAService() {
    Manifest manifest =
        read(
            """
            [trigger]
            type = "service"
            restart = "always"
            attempts = 3
            delay = "1s"
            max-delay = "1m"
            watchdog = "10s"
            max-timers = 5
            max-connections = 1
            queue = 7
            time-limit = "2s"
            max-message = "64K"
            http = false

            [grants]
            requests = ["lamp", "*"]
            devices = ["cpu"]
            """);
    assertThat(manifest.trigger())
        .isEqualTo(
            new Trigger.Service(
                new Restart(Restart.When.ALWAYS, 3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                Duration.ofSeconds(10),
                5,
                1,
                7,
                Duration.ofSeconds(2),
                64 << 10,
                false));
    assertThat(manifest.permissions().requests()).containsExactly("lamp", "*");
    assertThat(manifest.permissions().devices()).containsExactly("cpu");
    assertThat(read("trigger.type = 'service'").trigger()).isEqualTo(Trigger.Service.DEFAULT);
  }

  @Test
  void everythingCanBeSaidOfAFunction() {
    assertThat(
            read("""
            [trigger]
            type = "http"
            isolation = "pooled"
            concurrency = 4
            queue = 0
            time-limit = "2s"
            max-request = "100K"
            max-response = 5000
            health = "/ok"
            """)
                .trigger())
        .isEqualTo(
            new Trigger.Http(
                Isolation.POOLED,
                4,
                0,
                Duration.ofSeconds(2),
                100 << 10,
                5000,
                Optional.of("/ok")));
  }

  @Test
  void everythingCanBeSaidOfASchedule() {
    assertThat(
            read("""
            [trigger]
            type = "schedule"
            cron = "30 2 * * mon-fri"
            zone = "Europe/Berlin"
            overlap = "queue"
            missed = "once"
            time-limit = "5m"
            """)
                .trigger())
        .isEqualTo(
            new Trigger.Schedule(
                "30 2 * * mon-fri",
                ZoneId.of("Europe/Berlin"),
                Overlap.QUEUE,
                Missed.ONCE,
                Duration.ofMinutes(5)));
    assertThat(read("trigger = {type = 'schedule', cron = '@daily'}").trigger())
        .isEqualTo(Trigger.Schedule.at("@daily"));
  }

  @Test
  void everythingCanBeSaidOfEvents() {
    assertThat(
            read("""
            [trigger]
            type = "events"
            topics = ["a/+", "$host/#"]
            isolation = "shared"
            concurrency = 2
            queue = 9
            time-limit = "5s"
            reply = "b"
            reply-format = "application/json"
            max-reply = "2K"
            """)
                .trigger())
        .isEqualTo(
            new Trigger.Events(
                List.of("a/+", "$host/#"),
                Isolation.SHARED,
                2,
                9,
                Duration.ofSeconds(5),
                Optional.of("b"),
                Event.JSON,
                2048));
    assertThat(read("trigger = {type = 'events', topics = ['a'], reply-format = 99}").trigger())
        .hasFieldOrPropertyWithValue("replyFormat", 99);
  }

  @Test
  void whatIsNotSaidIsAsItWas() {
    assertThat(read("")).isEqualTo(Manifest.PROGRAM);
    Manifest before =
        Manifest.PROGRAM
            .trigger(Trigger.Schedule.at("@daily").zone(ZoneId.of("Europe/Berlin")))
            .permissions(Permissions.NONE.topics(List.of("a"), List.of("b")))
            .keepRevisions(9);
    ManifestFile.Content content =
        ManifestFile.read(
            file(folder, "app.toml", "trigger = {type = 'schedule', cron = '@hourly'}"),
            Granted.of(Permissions.NONE.policy()));
    assertThat(ManifestJson.read(Json.bytes(content.json()), before))
        .isEqualTo(before.trigger(Trigger.Schedule.at("@hourly").zone(ZoneId.of("Europe/Berlin"))));
  }

  @Test
  void allErrorsAreToldInTheOrderOfTheFile() {
    refused(
        """
        arg = ["-v"]
        args = ["-v", 3]
        max-log = "1K"
        keep-revisions = 0
        [trigger]
        type = "schedule"
        cron = "61 * * * *"
        zone = "Middle/Earth"
        concurrency = 2
        missed = "always"
        [grants]
        stdio = true
        publish = ["$host/x"]
        subscribe = ["a/#/b"]
        [limits]
        max-stack = "1M"
        """,
        "1:1: unknown key 'arg'; there is args, max-log, keep-revisions, trigger, grants, limits",
        "2:15: args: expected a string, found the integer 3",
        "3:1: max-log: expected a size of at least 64K, found '1K'",
        "4:1: keep-revisions: expected a number from 1 to 2147483647, found '0'",
        "7:1: cron: expected times as MINUTE HOUR DAY MONTH WEEKDAY, or @hourly and the like,"
            + " found '61 * * * *': Failed to parse cron expression. Value 61 not in range [0, 59]",
        "8:1: zone: expected a time zone such as UTC or Europe/Berlin, found 'Middle/Earth'",
        "9:1: unknown key 'concurrency' in [trigger] of type 'schedule'; there is type, cron,"
            + " zone, overlap, missed, time-limit",
        "10:1: missed: expected one of skip, once, found 'always'",
        "12:1: unknown key 'stdio' in [grants]; there is clocks, random, inherit-env, network,"
            + " allow-resolve, addr-pool, listen, publish, subscribe, requests, devices, dir, env",
        "13:12: publish: expected topics to publish on that do not begin with '$', which are the"
            + " host's; found '$host/x'",
        "14:14: subscribe: expected a topic filter with '+' as a whole level or '#' as the last"
            + " one, found 'a/#/b'",
        "16:1: unknown key 'max-stack' in [limits]; there is fuel, timeout, max-memory,"
            + " max-table-elements, max-threads, max-open-files, max-output, max-disk");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trigger = 3 | 1:1: trigger: expected a table, found the integer 3",
        "[trigger] | 1:1: [trigger]: the key 'type' is missing; one of start, service, schedule,"
            + " events, http",
        "trigger.type = 'cron' | 1:1: type: expected one of start, service, schedule, events, http,"
            + " found the string 'cron'",
        "trigger.type = 'schedule' | 1:1: [trigger]: the key 'cron' is missing",
        "trigger.type = 'events' | 1:1: [trigger]: the key 'topics' is missing",
        "trigger = {type = 'events', topics = []} | 1:29: topics: expected one or more topics,"
            + " found none",
        "trigger = {type = 'events', topics = ['a'], reply = 'b/#'} | 1:45: reply: expected a topic"
            + " without '+' and '#', found 'b/#'",
        "trigger = {type = 'events', topics = ['a'], max-reply = '2M'} | 1:45: max-reply: expected"
            + " a size up to 1 MiB, found '2M'",
        "trigger = {type = 'events', topics = ['a'], reply-format = 'text/html'} | 1:45:"
            + " reply-format: expected a number, or one of [application/cbor, application/json,"
            + " application/xml]; found 'text/html'",
        "trigger = {type = 'http', health = 'ok'} | 1:27: health: expected a path that begins with"
            + " '/', found 'ok'",
        "trigger = {type = 'http', time-limit = 3} | 1:27: time-limit: expected a string, found the"
            + " integer 3",
        "trigger = {type = 'start', restart = 'maybe'} | 1:28: restart: expected one of never,"
            + " on-failure, always, found 'maybe'",
        "args = 'x' | 1:1: args: expected an array of strings, found the string 'x'",
        "max-log = true | 1:1: max-log: expected a number, or a string with a unit, found the"
            + " boolean true"
      })
  void eachErrorHasItsPlace(String toml, String message) {
    refused(toml, message);
  }

  @Test
  void jsonIsStillTaken() {
    assertThat(ManifestFile.isJson(file(folder, "a.json", "\n  {\"args\": []}"))).isTrue();
    assertThat(ManifestFile.isJson(file(folder, "a.toml", "# {\n[trigger]"))).isFalse();
    Path json = file(folder, "bad.json", "{\"args\": }");
    assertThat(sampan("app", "install", "--home", folder, "x", "x.wasm", "--manifest", json).err())
        .startsWith("sampan: " + json + ": ");
  }

  @Test
  void optionsThatSayDifferentThingsAreRefused() {
    assertThat(sampan("app", "install", "x", "x.wasm", "--schedule", "@daily", "--on", "a").err())
        .contains("options --schedule and --on say different things of what makes it run");
    assertThat(sampan("app", "install", "x", "x.wasm", "--publish", "a#").err())
        .contains("--publish: expected a topic filter");
  }
}
