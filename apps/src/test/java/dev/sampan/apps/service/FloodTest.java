package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Apps that want more than there is: what they cause stays small. */
class FloodTest extends HostedTest {

  private static String flooding(String what) {
    return Puppet.module()
        .replace(
            "(func $spin (loop $again (br $again)))",
            """
            (func $spin (local $i i32)
              (loop $again
                %s
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (i32.const 100000)))))
            """
                .formatted(what));
  }

  @Test
  void requestsThatNobodyAnswersAreLostAboveAThousand() {
    // a request to nobody, again and again: 1 1 0000 00000001 00000000 0002 00000000 "x"
    String module =
        flooding("(call $post (i32.const 96) (i32.const 20))")
            .replace(
                "(data (i32.const 16)",
                "(data (i32.const 96) \"\\01\\01\\00\\00\\00\\00\\00\\01\\00\\00\\00\\00\\00\\02"
                    + "\\00\\00\\00\\00x\\00\") (data (i32.const 16)");
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE, s -> s, module);
    puppet.call(Do.SPIN);
    eventually(() -> puppet.heard('R').size() == 1_000, "a thousand answers, not more");
    assertThat(puppet.log()).contains("more than 1000 requests are not answered");
    // when they are taken, there is room again
    puppet.post(Action.GET, 7, "y", NOTHING);
    puppet.await('R', note -> note.response().id() == 7);
  }

  @Test
  void subscriptionsAndTimersAndResourcesHaveAnEnd() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE.topics(List.of(), List.of("#")));
    for (int i = 0; i < 110; i++) {
      puppet.call(Do.SUBSCRIBE, "topic/" + i);
    }
    host.events().publish(new Event("topic/105", 0, NOTHING, "test"));
    host.events().publish(new Event("topic/99", 0, NOTHING, "test"));
    assertThat(puppet.await('E').request().url()).isEqualTo("topic/99");
    assertThat(puppet.heard('E')).hasSize(1);
    assertThat(puppet.log()).contains("there are as many subscriptions as there may be");
  }

  @Test
  void longEventsThatWaitTogetherAreLostWhenTheyAreTooMuch() {
    Puppet puppet =
        Puppet.start(
            host,
            "p",
            Permissions.NONE.topics(List.of(), List.of("#")),
            s -> s.queue(10_000).maxMessageBytes(1 << 20));
    puppet.call(Do.SUBSCRIBE, "x");
    host.pause("p");
    for (int i = 0; i < 100; i++) {
      host.events().publish(new Event("x", 0, new byte[1 << 20], "test"));
    }
    assertThat(host.stats("p").refused()).isEqualTo(100 - 16);
    host.stop("p");
  }

  @Test
  void sameNumberForAnotherRequestGivesTheFormerOneUp() {
    Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", Permissions.NONE.requests("server"));
    for (int i = 0; i < 1_100; i++) {
      client.post(Action.POST, 1, "/app/server/do", Puppet.order(Do.KEEP, NOTHING));
    }
    client.post(Action.PUT, 2, "/app/server/x", NOTHING);
    assertThat(client.await('R', note -> note.response().id() == 2).response().status())
        .isEqualTo(Status.CONTENT);
  }
}
