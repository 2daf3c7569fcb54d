package dev.sampan.apps.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventBusTest {

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/b, a/c, false",
    "a/b, a/b/c, false",
    "a/b, /a/b, false",
    "a/+, a/b, true",
    "a/+, a/, true",
    "a/+, a, false",
    "a/+/c, a/b/c, true",
    "+, a, true",
    "+, /a, false",
    "+/+, /a, true",
    "#, a/b/c, true",
    "a/#, a, true",
    "a/#, a/b/c, true",
    "a/#, ab, false",
    "#, $host/a, false",
    "+/a, $host/a, false",
    "$host/#, $host/a, true",
  })
  void aFilterMatches(String filter, String topic, boolean matches) {
    assertThat(TopicFilter.of(filter).matches(topic)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/+, a/b, true",
    "a/+, a/+, true",
    "a/b, a/+, false",
    "a/#, a/+/c, true",
    "a/#, a, true",
    "a/+, a/#, false",
    "#, a/#, true",
    "#, $host/a, false",
    "$host/#, $host/+, true",
    "a/+, a/b/c, false",
  })
  void aFilterCovers(String filter, String other, boolean covers) {
    assertThat(TopicFilter.of(filter).covers(TopicFilter.of(other))).isEqualTo(covers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a+", "a/b#", "#/a", "a\0b"})
  void aFilterThatIsNoneIsRefused(String filter) {
    assertThatThrownBy(() -> TopicFilter.of(filter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a topic filter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/+", "#", "a\0b"})
  void aTopicWithAWildcardIsRefused(String topic) {
    assertThatThrownBy(() -> new Event(topic, 0, new byte[0], "test"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a topic");
  }

  @Test
  void eventsReachThoseWhoListenInTheirOrder() {
    EventBus bus = new EventBus();
    List<String> heard = new ArrayList<>();
    EventBus.Subscription all =
        bus.subscribe(TopicFilter.of("#"), e -> heard.add("all " + e.topic()));
    bus.subscribe(TopicFilter.of("a/+"), e -> heard.add("a " + e.topic()));

    assertThat(bus.publish(new Event("a/b", 0, new byte[0], "test"))).isEqualTo(2);
    assertThat(bus.publish(new Event("c", 0, new byte[0], "test"))).isEqualTo(1);
    all.close();
    assertThat(bus.publish(new Event("c", 0, new byte[0], "test"))).isZero();

    assertThat(heard).containsExactly("all a/b", "a a/b", "all c");
  }
}
