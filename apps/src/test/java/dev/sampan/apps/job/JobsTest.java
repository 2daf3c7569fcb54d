package dev.sampan.apps.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Isolation;
import dev.sampan.apps.JobResult;
import dev.sampan.apps.Jobs;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.Trigger.Schedule.Missed;
import dev.sampan.apps.Trigger.Schedule.Overlap;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apps that run at times and for events, in a host whose clock is set by hand. */
@Timeout(120)
class JobsTest {

  /** A clock that stands shortly before the end of a second, where the host looks often. */
  private static final class Clock implements InstantSource {
    private volatile String time = "10:00:00";

    @Override
    public Instant instant() {
      return Instant.parse("2026-11-21T" + time + ".950Z");
    }

    void set(String newTime) {
      time = newTime;
    }
  }

  @TempDir Path home;
  private final Clock clock = new Clock();
  private AppHost host;
  private final List<Event> heard = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home).clock(clock));
    host.events().subscribe(TopicFilter.of("#"), heard::add);
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  private void reopen() throws IOException {
    host.close();
    open();
  }

  private static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      sleep(5);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets the host look at its clock at least once. */
  private static void aWhile() {
    sleep(300);
  }

  private void start(String name, Manifest manifest, String module) {
    host.install(name, manifest, TestGuests.module(module));
    host.start(name);
  }

  private void schedule(String name, Trigger.Schedule schedule, String module) {
    start(name, Manifest.PROGRAM.trigger(schedule), module);
  }

  private static Manifest events(Trigger.Events events) {
    List<String> publish = new ArrayList<>();
    events.reply().ifPresent(publish::add);
    return Manifest.PROGRAM
        .trigger(events)
        .permissions(Permissions.NONE.topics(publish, events.topics()));
  }

  private Jobs jobs(String name) {
    return host.status(name).jobs().orElseThrow();
  }

  private List<String> reasons(String name) {
    return jobs(name).last().stream().map(JobResult::reason).toList();
  }

  private void runs(String name, int count) {
    eventually(() -> jobs(name).last().size() == count, name + " ran " + count + " times");
  }

  private String log(String name) {
    return String.join("\n", host.log(name).tail(1_000));
  }

  private void publish(String topic, String payload) {
    host.events()
        .publish(new Event(topic, 7, payload.getBytes(StandardCharsets.UTF_8), "app:test"));
  }

  private static String text(Event event) {
    return new String(event.payload(), StandardCharsets.UTF_8);
  }

  // ---- times ----

  @Test
  void programRunsAtItsTimesAndItsResultsAreKept() throws IOException {
    schedule("beat", Trigger.Schedule.at("*/5 * * * *"), TestGuests.says("tick\n"));
    assertThat(host.status("beat").state().word()).isEqualTo("running");
    assertThat(jobs("beat").next()).contains(Instant.parse("2026-11-21T10:05:00Z"));
    clock.set("10:05:00");
    runs("beat", 1);
    clock.set("10:10:03");
    runs("beat", 2);
    assertThat(reasons("beat")).containsExactly("2026-11-21T10:05:00Z", "2026-11-21T10:10:00Z");
    JobResult last = jobs("beat").last().getLast();
    assertThat(last.status()).hasValue(0);
    assertThat(last.failure()).isEmpty();
    assertThat(last.began()).isEqualTo(Instant.parse("2026-11-21T10:10:03.950Z"));
    assertThat(last.took()).isPositive();
    assertThat(log("beat")).contains("\"tick\"");
    assertThat(host.stats("beat").calls()).isEqualTo(2);
    reopen();
    assertThat(reasons("beat")).hasSize(2);
    assertThat(jobs("beat").next()).contains(Instant.parse("2026-11-21T10:15:00Z"));
  }

  @Test
  void guestKnowsTheTimeItRunsFor() {
    schedule("env", Trigger.Schedule.at("@hourly"), TestGuests.environment());
    clock.set("11:00:05");
    eventually(() -> log("env").contains("SCHEDULED_FOR=2026-11-21T11:00:00Z"), "its variable");
  }

  @Test
  void failureIsInTheResultAndTheScheduleGoesOn() {
    schedule("bad", Trigger.Schedule.at("@hourly"), TestGuests.exits(3));
    schedule("worse", Trigger.Schedule.at("@hourly"), TestGuests.traps());
    clock.set("11:00:00");
    runs("bad", 1);
    runs("worse", 1);
    assertThat(jobs("bad").last().getLast().status()).hasValue(3);
    assertThat(jobs("bad").last().getLast().failure()).contains("ended with status 3");
    assertThat(jobs("worse").last().getLast().status()).isEmpty();
    assertThat(jobs("worse").last().getLast().failure()).contains("trap: unreachable");
    assertThat(log("worse")).contains("at worse!func 0");
    assertThat(host.status("bad").state().word()).isEqualTo("running");
    assertThat(host.stats("bad").errors()).isEqualTo(1);
    clock.set("12:00:00");
    runs("bad", 2);
  }

  @Test
  void runThatTakesTooLongIsStopped() {
    schedule(
        "spin",
        Trigger.Schedule.at("@hourly").timeLimit(Duration.ofMillis(300)),
        TestGuests.spins());
    clock.set("11:00:00");
    runs("spin", 1);
    assertThat(jobs("spin").last().getLast().failure().orElse("")).contains("time exhausted");
  }

  @Test
  void timeThatComesDuringARunIsPassedOver() {
    schedule("slow", Trigger.Schedule.at("* * * * *"), TestGuests.spins());
    clock.set("10:01:00");
    eventually(() -> jobs("slow").running() == 1, "runs");
    clock.set("10:02:00");
    eventually(() -> jobs("slow").passedOver() == 1, "passed over");
    assertThat(jobs("slow").running()).isEqualTo(1);
    assertThat(log("slow")).contains("passed over 2026-11-21T10:02:00Z, as the run before has not");
    assertThat(host.stats("slow").refused()).isEqualTo(1);
    host.stop("slow");
    assertThat(host.status("slow").jobs().orElseThrow().last()).hasSize(1);
  }

  @Test
  void oneTimeWaitsForTheRunBeforeIfThatIsWanted() {
    Trigger.Schedule queued = Trigger.Schedule.at("* * * * *").late(Overlap.QUEUE, Missed.SKIP);
    schedule("slow", queued, TestGuests.sleeps(1_500, "done"));
    clock.set("10:01:00");
    eventually(() -> jobs("slow").running() == 1, "runs");
    clock.set("10:02:00");
    eventually(() -> jobs("slow").waiting() == 1, "waits");
    clock.set("10:03:00");
    eventually(() -> jobs("slow").passedOver() == 1, "passes over");
    eventually(() -> jobs("slow").last().size() == 1, "first has ended");
    eventually(() -> jobs("slow").running() == 1, "second runs");
    runs("slow", 2);
    assertThat(reasons("slow")).containsExactly("2026-11-21T10:01:00Z", "2026-11-21T10:02:00Z");
  }

  @Test
  void clockThatJumpsForwardPassesTimesOver() {
    schedule("beat", Trigger.Schedule.at("@hourly"), TestGuests.exits(0));
    clock.set("14:30:00");
    eventually(() -> jobs("beat").passedOver() == 4, "passed over");
    assertThat(jobs("beat").last()).isEmpty();
    assertThat(log("beat")).contains("missed 4 times, the last one is 2026-11-21T14:00:00Z");
    clock.set("15:00:00");
    runs("beat", 1);
  }

  @Test
  void clockThatJumpsForwardLetsTheAppRunOnceIfThatIsWanted() {
    schedule(
        "beat",
        Trigger.Schedule.at("@hourly").late(Overlap.SKIP, Missed.ONCE),
        TestGuests.exits(0));
    clock.set("14:30:00");
    runs("beat", 1);
    assertThat(reasons("beat")).containsExactly("2026-11-21T14:00:00Z");
    assertThat(jobs("beat").passedOver()).isEqualTo(3);
  }

  @Test
  void clockThatJumpsBackDoesNotStopTheSchedule() {
    schedule("beat", Trigger.Schedule.at("*/5 * * * *"), TestGuests.exits(0));
    clock.set("10:05:00");
    runs("beat", 1);
    clock.set("04:01:00");
    eventually(
        () -> jobs("beat").next().equals(Optional.of(Instant.parse("2026-11-21T04:05:00Z"))),
        "begins anew");
    clock.set("04:05:00");
    runs("beat", 2);
  }

  @Test
  void timesThatCameWhileTheHostWasAwayAreMissed() throws IOException {
    Trigger.Schedule hourly = Trigger.Schedule.at("@hourly");
    schedule("skips", hourly, TestGuests.exits(0));
    schedule("once", hourly.late(Overlap.SKIP, Missed.ONCE), TestGuests.exits(0));
    schedule("stopped", hourly.late(Overlap.SKIP, Missed.ONCE), TestGuests.exits(0));
    host.stop("stopped");
    host.close();
    clock.set("13:30:00");
    open();
    host.start("stopped");
    runs("once", 1);
    assertThat(reasons("once")).containsExactly("2026-11-21T13:00:00Z");
    aWhile();
    assertThat(jobs("skips").last()).isEmpty();
    assertThat(jobs("skips").passedOver()).isEqualTo(3);
    assertThat(jobs("stopped").last()).isEmpty();
    assertThat(jobs("stopped").passedOver()).isZero();
  }

  @Test
  void pausedScheduleRunsNothing() {
    schedule("beat", Trigger.Schedule.at("@hourly"), TestGuests.exits(0));
    host.pause("beat");
    clock.set("11:00:00");
    aWhile();
    assertThat(jobs("beat").last()).isEmpty();
    clock.set("11:30:00");
    host.resume("beat");
    eventually(() -> jobs("beat").passedOver() == 1, "missed");
    clock.set("12:00:00");
    runs("beat", 1);
  }

  @Test
  void upgradeGoesOnWithTheSchedule() {
    schedule("beat", Trigger.Schedule.at("@hourly"), TestGuests.says("one\n"));
    clock.set("11:00:00");
    runs("beat", 1);
    host.upgrade("beat", Optional.empty(), TestGuests.module(TestGuests.says("two\n")));
    clock.set("12:00:00");
    runs("beat", 2);
    assertThat(log("beat")).containsSubsequence("\"one\"", "\"two\"");
    assertThatThrownBy(
            () ->
                host.upgrade(
                    "beat",
                    Optional.empty(),
                    TestGuests.module(
                        "(module (import \"x\" \"y\" (func)) (func (export \"_start\")))")))
        .hasMessageContaining("revision 3 does not come up, revision 2 stays");
    clock.set("13:00:00");
    runs("beat", 3);
  }

  @Test
  void historyOfARemovedAppIsGone() {
    schedule("beat", Trigger.Schedule.at("@hourly"), TestGuests.exits(0));
    clock.set("11:00:00");
    runs("beat", 1);
    assertThat(home.resolve("jobs/beat.json")).exists();
    host.remove("beat", true);
    assertThat(home.resolve("jobs/beat.json")).doesNotExist();
    schedule("beat", Trigger.Schedule.at("@hourly"), TestGuests.exits(0));
    assertThat(jobs("beat").last()).isEmpty();
  }

  @Test
  void damagedHistoryIsForgotten() throws IOException {
    schedule("beat", Trigger.Schedule.at("@hourly"), TestGuests.exits(0));
    host.close();
    Files.writeString(home.resolve("jobs/beat.json"), "{\"seen\":");
    open();
    clock.set("11:00:00");
    runs("beat", 1);
  }

  // ---- events ----

  @Test
  void programRunsForEachEventInItsOrder() {
    start("copy", events(Trigger.Events.of("a/+", "b")), TestGuests.copies());
    for (int i = 0; i < 50; i++) {
      publish("a/" + i, "event " + i + "\n");
    }
    publish("other", "not this\n");
    publish("b", "last\n");
    eventually(() -> log("copy").contains("\"last\""), "all");
    List<String> texts = new ArrayList<>();
    for (String line : host.log("copy").tail(1_000)) {
      if (line.contains("\"stdout\"")) {
        texts.add(line.replaceAll(".*\"text\":\"(.*)\"}", "$1"));
      }
    }
    assertThat(texts).hasSize(51).startsWith("event 0", "event 1").endsWith("event 49", "last");
    eventually(() -> jobs("copy").running() == 0, "ended");
    assertThat(reasons("copy")).hasSize(10).endsWith("a/49", "b");
    assertThat(host.stats("copy").calls()).isEqualTo(51);
  }

  @Test
  void guestKnowsWhatItsEventIs() {
    start("env", events(Trigger.Events.of("#")), TestGuests.environment());
    publish("room/1", "");
    eventually(() -> log("env").contains("EVENT_TOPIC=room/1"), "topic");
    assertThat(log("env")).contains("EVENT_FORMAT=7").contains("EVENT_PUBLISHER=app:test");
  }

  @Test
  void whatItWritesIsPublishedIfItMayDoSo() {
    start("twice", events(Trigger.Events.of("in").reply("mid", 50)), TestGuests.copies());
    start("thrice", events(Trigger.Events.of("mid").reply("out", 0)), TestGuests.copies());
    publish("in", "hello");
    eventually(() -> heard.size() == 3, "both");
    assertThat(heard).extracting(Event::topic).containsExactly("in", "mid", "out");
    assertThat(heard)
        .extracting(Event::publisher)
        .containsExactly("app:test", "app:twice", "app:thrice");
    assertThat(heard).extracting(Event::format).containsExactly(7, 50, 0);
    assertThat(heard).extracting(JobsTest::text).containsOnly("hello");
    publish("in", "");
    aWhile();
    assertThat(heard).as("nothing is published for nothing").hasSize(4);
  }

  @Test
  void replyOfAFailedRunIsNotPublished() {
    Trigger.Events wanted = Trigger.Events.of("in").reply("out", 0);
    start(
        "long",
        events(
            new Trigger.Events(
                wanted.topics(),
                Isolation.FRESH,
                1,
                8,
                Duration.ofSeconds(10),
                wanted.reply(),
                0,
                3)),
        TestGuests.copies());
    publish("in", "four");
    publish("in", "one");
    eventually(() -> heard.size() == 3, "one reply");
    assertThat(text(heard.getLast())).isEqualTo("one");
    assertThat(jobs("long").last().getFirst().failure().orElse(""))
        .contains("output exhausted: limit 3 bytes");
  }

  @Test
  void grantsAreRequiredByName() {
    Manifest hears =
        Manifest.PROGRAM
            .trigger(Trigger.Events.of("a/#"))
            .permissions(Permissions.NONE.topics(List.of(), List.of("a/+")));
    assertThatThrownBy(() -> start("x", hears, TestGuests.copies()))
        .isInstanceOf(AppException.class)
        .hasMessage(
            "the app is to hear of 'a/#' and may not: expected its permission 'subscribe' to grant"
                + " that, found [a/+]");
    Manifest says =
        Manifest.PROGRAM
            .trigger(Trigger.Events.of("a").reply("b", 0))
            .permissions(Permissions.NONE.topics(List.of(), List.of("#")));
    assertThatThrownBy(() -> start("x", says, TestGuests.copies()))
        .hasMessage(
            "the app is to publish on 'b' and may not: expected its permission 'publish' to grant"
                + " that, found []");
    assertThat(host.list()).isEmpty();
    assertThatThrownBy(() -> Permissions.NONE.topics(List.of("$host/x"), List.of()))
        .hasMessageContaining("do not begin with '$'");
    assertThatThrownBy(() -> Trigger.Events.of("a/#").reply("a/b", 0))
        .hasMessage(
            "expected a reply on another topic than those of the trigger, found 'a/b' for"
                + " [a/#]");
  }

  @Test
  void wildcardDoesNotGrantTheTopicsOfTheHost() {
    Permissions all = Permissions.NONE.topics(List.of("#"), List.of("#"));
    assertThat(all.mayPublish("a/b")).isTrue();
    assertThat(all.mayPublish("$host/apps/a/state")).isFalse();
    assertThat(all.maySubscribe(TopicFilter.of("$host/#"))).isFalse();
    assertThat(
            Permissions.NONE
                .topics(List.of(), List.of("$host/#"))
                .maySubscribe(TopicFilter.of("$host/apps/+/state")))
        .isTrue();
  }

  @Test
  void eventsThatFindNoPlaceAreDropped() {
    start("slow", events(Trigger.Events.of("a").concurrency(2, 3)), TestGuests.spins());
    for (int i = 0; i < 9; i++) {
      publish("a", "");
    }
    assertThat(jobs("slow").running()).isEqualTo(2);
    assertThat(jobs("slow").waiting()).isEqualTo(3);
    assertThat(jobs("slow").passedOver()).isEqualTo(4);
    assertThat(log("slow")).containsOnlyOnce("events are dropped: 3 wait already");
    host.stop("slow");
    assertThat(log("slow")).contains("3 events were waiting, and are dropped");
  }

  @Test
  void pausedAppLetsEventsWait() {
    start("copy", events(Trigger.Events.of("a")), TestGuests.copies());
    host.pause("copy");
    publish("a", "one\n");
    publish("a", "two\n");
    assertThat(jobs("copy").waiting()).isEqualTo(2);
    assertThat(jobs("copy").running()).isZero();
    host.resume("copy");
    eventually(() -> log("copy").contains("\"two\""), "goes on");
  }

  @Test
  void sharedInstanceRemembersEvents() {
    start(
        "count",
        events(Trigger.Events.of("a").isolation(Isolation.SHARED).concurrency(4, 100)),
        TestGuests.counts());
    for (int i = 0; i < 5; i++) {
      publish("a", "");
    }
    eventually(() -> host.stats("count").calls() == 5, "five");
    assertThat(log("count")).contains("\"1\"").contains("\"5\"");
  }

  @Test
  void pooledInstanceDoesNot() {
    start("count", events(Trigger.Events.of("a").isolation(Isolation.POOLED)), TestGuests.counts());
    for (int i = 0; i < 5; i++) {
      publish("a", "");
    }
    eventually(() -> host.stats("count").calls() == 5, "five");
    assertThat(log("count")).contains("\"1\"").doesNotContain("\"2\"");
  }

  @Test
  void upgradeLosesNoEventAndHandlesNoneTwice() throws Exception {
    Manifest manifest = events(Trigger.Events.of("in").concurrency(2, 100_000).reply("out", 0));
    start("copy", manifest, TestGuests.copies());
    Thread publisher =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    publish("in", String.valueOf(i));
                  }
                });
    for (int i = 0; i < 10; i++) {
      String other =
          TestGuests.copies().replace("(memory", "(global i32 (i32.const " + i + ")) (memory");
      host.upgrade("copy", Optional.empty(), TestGuests.module(other));
    }
    publisher.join();
    eventually(() -> host.stats("copy").calls() == 2_000, "all are handled");
    eventually(() -> heard.size() == 4_000, "all are answered");
    assertThat(heard.stream().filter(each -> each.topic().equals("out")).map(JobsTest::text))
        .hasSize(2_000)
        .doesNotHaveDuplicates();
    assertThat(host.stats("copy").errors()).isZero();
  }

  @Test
  void appHearsOfTheStatesOfOthers() {
    start("watch", events(Trigger.Events.of("$host/apps/+/state")), TestGuests.copies());
    host.install("x", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    eventually(() -> log("watch").contains("\\\"installed\\\""), "state");
  }

  @Test
  void triggerMayBeExchangedByAnUpgrade() {
    schedule("app", Trigger.Schedule.at("@hourly"), TestGuests.says("tick\n"));
    clock.set("11:00:00");
    runs("app", 1);
    host.upgrade(
        "app", Optional.of(events(Trigger.Events.of("a"))), TestGuests.module(TestGuests.copies()));
    publish("a", "event\n");
    eventually(() -> log("app").contains("\"event\""), "event");
    assertThat(home.resolve("jobs/app.json")).doesNotExist();
    host.upgrade(
        "app", Optional.of(Manifest.PROGRAM), TestGuests.module(TestGuests.ticks("program")));
    eventually(() -> log("app").contains("\"program\""), "program");
    publish("a", "late\n");
    host.upgrade(
        "app",
        Optional.of(Manifest.PROGRAM.trigger(Trigger.Schedule.at("@hourly"))),
        TestGuests.module(TestGuests.says("tock\n")));
    clock.set("12:00:00");
    eventually(() -> log("app").contains("\"tock\""), "schedule");
    assertThat(log("app")).doesNotContain("late");
  }
}
