package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Format;
import dev.sampan.apps.wire.Request;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Events of apps, to apps, and from the host's bus. */
class EventsTest extends HostedTest {

  private static Permissions may(String publish, String subscribe) {
    return Permissions.NONE.topics(List.of(publish), List.of(subscribe));
  }

  private static List<String> urls(Puppet puppet) {
    return puppet.heard('E').stream().map(note -> note.request().url()).toList();
  }

  @Test
  void eventComesToWhoHasSubscribedAsARequestThatTells() {
    Puppet speaker = Puppet.start(host, "speaker", may("#", "none"));
    Puppet listener = Puppet.start(host, "listener", may("none", "#"));
    listener.call(Do.SUBSCRIBE, "alert/fire");
    speaker.call(
        Do.POST,
        new Request(Action.EVENT, Format.ATTRIBUTES, 1, 0, "alert/fire", new byte[] {1, 2})
            .encode());
    Request event = listener.await('E').request();
    assertThat(event.action()).isEqualTo(Action.EVENT);
    assertThat(event.url()).isEqualTo("alert/fire");
    assertThat(event.format()).isEqualTo(Format.ATTRIBUTES);
    assertThat(event.payload()).containsExactly(1, 2);
    assertThat(event.sender()).isPositive();
    assertThat(speaker.heard('E')).isEmpty();
  }

  @Test
  void publisherHearsItsOwnEvents() {
    Puppet puppet = Puppet.start(host, "p", may("#", "#"));
    puppet.call(Do.SUBSCRIBE, "/own");
    puppet.post(Action.EVENT, 1, "/own", new byte[] {7});
    assertThat(puppet.await('E').request().payload()).containsExactly(7);
  }

  @Test
  void urlsAreComparedByteByByteUnlessThePatternHasWildcards() {
    Puppet puppet = Puppet.start(host, "p", may("#", "#"));
    puppet.call(Do.SUBSCRIBE, "/a/b");
    puppet.call(Do.SUBSCRIBE, "room/+/light");
    for (String url :
        List.of("a/b", "/a/b/", "/a/b/c", "/A/b", "/a/b", "room/1/light", "room/light")) {
      host.events().publish(new Event(url, 0, NOTHING, "test"));
    }
    host.events().publish(new Event("/a/b", 0, new byte[] {9}, "test"));
    puppet.await('E', note -> note.request().payload().length == 1);
    assertThat(urls(puppet)).containsExactly("/a/b", "room/1/light", "/a/b");
  }

  @Test
  void eventsOfAppsReachTheBusAndThoseOfTheBusReachApps() {
    List<Event> heard = new CopyOnWriteArrayList<>();
    host.events().subscribe(TopicFilter.of("#"), heard::add);
    Puppet puppet = Puppet.start(host, "p", may("out/#", "in/#"));
    puppet.post(Action.EVENT, 1, "out/x", new byte[] {3});
    assertThat(heard)
        .filteredOn(each -> each.topic().equals("out/x"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.publisher()).isEqualTo("app:p");
              assertThat(event.payload()).containsExactly(3);
            });
    puppet.call(Do.SUBSCRIBE, "in/y");
    host.events().publish(new Event("in/y", 5, new byte[] {4}, "mqtt"));
    Request event = puppet.await('E').request();
    assertThat(event.format()).isEqualTo(5);
    assertThat(event.sender()).isEqualTo(Framework.HOST);
  }

  @Test
  void whatIsNotGrantedIsRefusedAndTheLogSaysWhichGrantIsNeeded() {
    List<Event> heard = new CopyOnWriteArrayList<>();
    host.events().subscribe(TopicFilter.of("other"), heard::add);
    Puppet puppet = Puppet.start(host, "p", may("mine/#", "mine/#"));
    puppet.call(Do.SUBSCRIBE, "other");
    puppet.call(Do.SUBSCRIBE, "#");
    puppet.post(Action.EVENT, 1, "other", NOTHING);
    host.events().publish(new Event("other", 0, NOTHING, "test"));
    assertThat(puppet.heard('E')).isEmpty();
    assertThat(heard).hasSize(1);
    assertThat(puppet.log())
        .contains(
            "refused: an event about 'other'; needed: a grant in permissions.publish for"
                + " \\\"other\\\"")
        .contains(
            "refused: events about 'other'; needed: a grant in permissions.subscribe for"
                + " \\\"other\\\"");
  }

  @Test
  void topicsOfTheHostAreClosedToPublishers() {
    List<Event> heard = new CopyOnWriteArrayList<>();
    host.events().subscribe(TopicFilter.of("$host/apps/p/state"), heard::add);
    Puppet puppet = Puppet.start(host, "p", may("#", "#"));
    heard.clear();
    puppet.post(Action.EVENT, 1, "$host/apps/p/state", NOTHING);
    assertThat(heard).isEmpty();
  }

  @Test
  void topicThatIsNoneIsDroppedAndSaidInTheLog() {
    Puppet puppet = Puppet.start(host, "p", may("#", "#"));
    puppet.post(Action.EVENT, 1, "a/#", NOTHING);
    puppet.call(Do.SUBSCRIBE, "a#");
    assertThat(puppet.log())
        .contains("wasm_post_request: expected a topic without '+' and '#', found 'a/#'")
        .contains("wasm_sub_event: expected a topic filter with '+' as a whole level");
  }

  @Test
  void eventsThatFindTheQueueFullAreLost() {
    Puppet puppet = Puppet.start(host, "p", may("#", "#"), s -> s.queue(3));
    puppet.call(Do.SUBSCRIBE, "x");
    host.pause("p");
    for (int i = 0; i < 10; i++) {
      host.events().publish(new Event("x", 0, new byte[] {(byte) i}, "test"));
    }
    host.resume("p");
    eventually(
        () -> puppet.ask(Action.GET, "x", NOTHING) instanceof Framework.Outcome.Answered,
        "the queue is empty");
    assertThat(puppet.heard('E'))
        .extracting(note -> note.request().payload()[0])
        .containsExactly((byte) 0, (byte) 1, (byte) 2);
    assertThat(puppet.log()).contains("the queue is full: events are lost");
  }

  @Test
  void appsAreToldWhichAppsThereAre() throws Exception {
    Puppet puppet = Puppet.start(host, "p", may("none", "/applets"));
    puppet.call(Do.SUBSCRIBE, "/applets");
    host.install("other", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    AttributeContainer apps = AttributeContainer.decode(puppet.await('E').request().payload());
    assertThat(apps.whole("num")).hasValue(2);
    assertThat(apps.text("applet1")).contains("other");
    assertThat(apps.text("applet2")).contains("p");
    host.remove("other", false);
    puppet.await('E', note -> note.request().payload().length < apps.encode().length);
  }

  @Test
  void whoHasEndedHearsNothing() {
    Puppet puppet = Puppet.start(host, "p", may("#", "#"));
    puppet.call(Do.SUBSCRIBE, "x");
    host.stop("p");
    assertThat(host.events().publish(new Event("x", 0, NOTHING, "test"))).isZero();
    host.start("p");
    host.events().publish(new Event("x", 0, NOTHING, "test"));
    assertThat(puppet.heard('E')).isEmpty();
  }
}
