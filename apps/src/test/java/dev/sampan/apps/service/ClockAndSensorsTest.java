package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.device.Devices;
import dev.sampan.apps.device.Sensor;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Timers and sensors, as guests have them. */
class ClockAndSensorsTest extends HostedTest {

  private static final int FALSE = 0;
  private static final int TRUE = 1;

  private final AtomicInteger reads = new AtomicInteger();
  private final List<AttributeContainer> wishes = new CopyOnWriteArrayList<>();

  @Override
  Devices devices() {
    Sensor counter =
        new Sensor() {
          @Override
          public Duration interval() {
            return Duration.ofMillis(5);
          }

          @Override
          public AttributeContainer read() {
            return AttributeContainer.tagged("count")
                .with("n", new Attribute.Whole(AttributeType.INT32, reads.incrementAndGet()));
          }

          @Override
          public boolean configure(AttributeContainer wish) {
            wishes.add(wish);
            return wish.tag().equals("good");
          }
        };
    Sensor broken =
        () -> {
          throw new IllegalStateException("wire is cut");
        };
    return Devices.STANDARD.with(
        (name, instance) ->
            switch (name) {
              case "counter" -> instance < 2 ? Optional.of(counter) : Optional.empty();
              case "broken" -> Optional.of(broken);
              default -> Optional.empty();
            });
  }

  private Puppet puppet() {
    return Puppet.start(host, "p", Permissions.NONE.devices("*"));
  }

  // ---- timers ----

  @Test
  void timersStrikeAsTheyWereMade() {
    Puppet puppet = puppet();
    int often = puppet.call(Do.CREATE_TIMER, 3, 1, 1);
    int once = puppet.call(Do.CREATE_TIMER, 3, 0, 1);
    int later = puppet.call(Do.CREATE_TIMER, 3, 0, 0);
    assertThat(List.of(often, once, later)).containsExactly(1, 2, 3);
    eventually(
        () -> puppet.heard('T').stream().filter(each -> each.number() == often).count() > 3,
        "strikes again and again");
    assertThat(puppet.heard('T')).filteredOn(each -> each.number() == once).hasSize(1);
    assertThat(puppet.heard('T')).filteredOn(each -> each.number() == later).isEmpty();
    puppet.call(Do.RESTART_TIMER, later, 1);
    puppet.await('T', note -> note.number() == later);
    puppet.call(Do.CANCEL_TIMER, often);
    int before = puppet.heard('T').size();
    assertThat(puppet.call(Do.TICK)).isNotNegative();
    assertThat(puppet.heard('T')).hasSize(before);
    puppet.call(Do.RESTART_TIMER, often, 1);
    eventually(() -> puppet.heard('T').size() > before, "strikes again");
    puppet.call(Do.DESTROY_TIMER, often);
    puppet.call(Do.RESTART_TIMER, often, 1);
    int end = puppet.heard('T').size();
    puppet.call(Do.TICK);
    assertThat(puppet.heard('T')).hasSize(end);
  }

  @Test
  void twentyTimersAndNoMore() {
    Puppet puppet = puppet();
    List<Integer> ids =
        IntStream.range(0, 20).mapToObj(i -> puppet.call(Do.CREATE_TIMER, 60_000, 1, 1)).toList();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0);
    assertThat(puppet.call(Do.CREATE_TIMER, 60_000, 1, 1)).isEqualTo(-1);
    assertThat(puppet.log()).contains("there are as many timers as there may be");
    puppet.call(Do.CANCEL_TIMER, 4);
    assertThat(puppet.call(Do.CREATE_TIMER, 60_000, 1, 1)).isEqualTo(21);
  }

  @Test
  void numberOfTimersIsTheManifests() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE, s -> s.maxTimers(1));
    assertThat(puppet.call(Do.CREATE_TIMER, 1, 0, 0)).isEqualTo(1);
    assertThat(puppet.call(Do.CREATE_TIMER, 1, 0, 0)).isEqualTo(-1);
    Puppet none = Puppet.start(host, "none", Permissions.NONE, s -> s.maxTimers(0));
    assertThat(none.call(Do.CREATE_TIMER, 1, 0, 0)).isEqualTo(-1);
  }

  @Test
  void tickGoesOnUnlessTheTimeIsDenied() throws InterruptedException {
    Puppet puppet = puppet();
    int first = puppet.call(Do.TICK);
    Thread.sleep(5);
    assertThat(puppet.call(Do.TICK)).isGreaterThan(first);
    Permissions none = Permissions.NONE;
    Permissions timeless =
        new Permissions(
            none.env(),
            none.directories(),
            none.network(),
            none.lookups(),
            none.listeners(),
            none.publish(),
            none.subscribe(),
            none.requests(),
            none.devices(),
            false,
            none.random(),
            none.limits());
    assertThat(Puppet.start(host, "timeless", timeless).call(Do.TICK)).isZero();
  }

  // ---- sensors ----

  @Test
  void sensorIsReadAsOftenAsItSuggestsUntilItIsClosed() {
    Puppet puppet = puppet();
    int id = puppet.call(Do.OPEN_SENSOR, "counter", 0);
    assertThat(id).isPositive();
    eventually(() -> puppet.heard('S').size() >= 3, "three readings");
    Puppet.Note note = puppet.heard('S').get(1);
    assertThat(note.number()).isEqualTo(id);
    assertThat(note.container().tag()).isEqualTo("count");
    assertThat(note.container().whole("n")).hasValue(2);
    assertThat(puppet.call(Do.CLOSE_SENSOR, id)).isEqualTo(TRUE);
    assertThat(puppet.call(Do.CLOSE_SENSOR, id)).isEqualTo(FALSE);
    int before = reads.get();
    puppet.call(Do.TICK);
    assertThat(reads).hasValue(before);
  }

  @Test
  void simulatedSensorsReadWhatTheMicroRuntimesDo() {
    Puppet puppet = puppet();
    for (String name : List.of("sensor_test1", "sensor_test2")) {
      int id = puppet.call(Do.OPEN_SENSOR, name, 0);
      assertThat(puppet.call(Do.CONFIGURE_SENSOR, id, 2, 0)).isEqualTo(TRUE);
      assertThat(puppet.await('S', note -> note.number() == id).container().text("name"))
          .contains("read test sensor");
    }
  }

  @Test
  void machineTellsItsLoadAndItsMemory() {
    Puppet puppet = puppet();
    int cpu = puppet.call(Do.OPEN_SENSOR, "cpu", 0);
    int memory = puppet.call(Do.OPEN_SENSOR, "memory", 0);
    puppet.call(Do.CONFIGURE_SENSOR, cpu, 2);
    puppet.call(Do.CONFIGURE_SENSOR, memory, 2);
    AttributeContainer load = puppet.await('S', note -> note.number() == cpu).container();
    assertThat(load.attributes().get("load"))
        .isInstanceOfSatisfying(
            Attribute.Fraction.class, value -> assertThat(value.value()).isBetween(0.0, 1.0));
    assertThat(load.whole("processors")).hasValue(Runtime.getRuntime().availableProcessors());
    AttributeContainer sizes = puppet.await('S', note -> note.number() == memory).container();
    assertThat(sizes.whole("total").orElseThrow()).isGreaterThan(sizes.whole("free").orElseThrow());
  }

  @Test
  void unknownAndOpenSensorsAreRefused() {
    Puppet puppet = puppet();
    assertThat(puppet.call(Do.OPEN_SENSOR, "nothing", 0)).isEqualTo(-1);
    assertThat(puppet.call(Do.OPEN_SENSOR, "counter", 2)).isEqualTo(-1);
    assertThat(puppet.call(Do.OPEN_SENSOR, "counter", 0)).isPositive();
    assertThat(puppet.call(Do.OPEN_SENSOR, "counter", 0)).isEqualTo(-1);
    assertThat(puppet.call(Do.OPEN_SENSOR, "counter", 1)).isPositive();
    assertThat(puppet.log()).contains("there is no sensor 'nothing' number 0");
  }

  @Test
  void sensorThatIsNotGrantedIsRefused() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE.devices("sensor_test1"));
    assertThat(puppet.call(Do.OPEN_SENSOR, "sensor_test1", 0)).isPositive();
    assertThat(puppet.call(Do.OPEN_SENSOR, "cpu", 0)).isEqualTo(-1);
    assertThat(puppet.log())
        .contains("refused: the sensor 'cpu'; needed: a grant in permissions.devices");
  }

  @Test
  void wishesOfAnAppReachTheSensor() {
    Puppet puppet = puppet();
    int id = puppet.call(Do.OPEN_SENSOR, "counter", 0);
    assertThat(puppet.call(Do.CONFIGURE_SENSOR, id, 50, 6)).isEqualTo(TRUE);
    AttributeContainer wish = wishes.getFirst();
    assertThat(wish.tag()).isEqualTo("config sensor");
    assertThat(wish.whole("interval")).hasValue(50);
    assertThat(wish.whole("bit_cfg")).hasValue(6);
    assertThat(wish.whole("delay")).hasValue(7);
    byte[] good = AttributeContainer.tagged("good").encode();
    byte[] bad = AttributeContainer.tagged("bad").encode();
    assertThat(puppet.call(Do.ADVISE_SENSOR, good, id)).isEqualTo(TRUE);
    assertThat(puppet.call(Do.ADVISE_SENSOR, bad, id)).isEqualTo(FALSE);
    assertThat(puppet.call(Do.ADVISE_SENSOR, good, 99)).isEqualTo(FALSE);
    assertThat(puppet.call(Do.ADVISE_SENSOR, new byte[] {0, 0, 9}, id)).isEqualTo(FALSE);
    assertThat(puppet.call(Do.CONFIGURE_SENSOR, 99, 50, 6)).isEqualTo(FALSE);
  }

  @Test
  void intervalOfOneAppDoesNotTouchAnother() {
    Puppet quick = Puppet.start(host, "quick", Permissions.NONE.devices("*"));
    Puppet still = Puppet.start(host, "still", Permissions.NONE.devices("*"));
    int first = quick.call(Do.OPEN_SENSOR, "counter", 0);
    int second = still.call(Do.OPEN_SENSOR, "counter", 0);
    quick.call(Do.CONFIGURE_SENSOR, first, 1);
    still.call(Do.CONFIGURE_SENSOR, second, 0);
    int before = still.heard('S').size();
    int readings = quick.heard('S').size();
    eventually(() -> quick.heard('S').size() > readings + 5, "the quick one is read");
    assertThat(still.heard('S')).hasSize(before);
  }

  @Test
  void sensorThatFailsIsSaidOnceAndHarmsNobody() {
    Puppet puppet = puppet();
    int id = puppet.call(Do.OPEN_SENSOR, "broken", 0);
    puppet.call(Do.CONFIGURE_SENSOR, id, 1);
    eventually(() -> puppet.log().contains("cannot be read"), "said");
    puppet.call(Do.TICK);
    assertThat(puppet.log().split("wire is cut", -1)).hasSize(2);
  }
}
