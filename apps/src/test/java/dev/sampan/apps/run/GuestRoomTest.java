package dev.sampan.apps.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GuestRoomTest {

  @Test
  void partIsFullBeforeTheWholeOrWithIt() {
    AtomicInteger most = new AtomicInteger(1);
    try (GuestRoom whole = new GuestRoom(3)) {
      GuestRoom part = whole.part(most::get);
      assertThat(part.enter()).isTrue();
      assertThat(part.enter()).isFalse();
      most.set(5);
      assertThat(part.enter()).isTrue();
      assertThat(whole.enter()).isTrue();
      assertThat(part.enter()).as("the whole room is full").isFalse();
      assertThat(whole.enter()).isFalse();
      part.leave();
      assertThat(whole.enter()).isTrue();
    }
  }

  @Test
  void nobodyComesInWhenItIsClosed() {
    GuestRoom whole = new GuestRoom(3);
    GuestRoom part = whole.part(() -> 3);
    whole.close();
    assertThat(whole.enter()).isFalse();
    assertThat(part.enter()).isFalse();
    assertThat(part.isClosed()).isTrue();
  }
}
