package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceUrlTest {

  @ParameterizedTest
  @CsvSource({
    "room, room, true",
    "/room, room, true",
    "room/, /room, true",
    "/room/, /room/lamp, true",
    "/room/, /room?on, true",
    "room, rooms, false",
    "room, roo, false",
    "room/lamp, room, false",
    "room, //room, false",
    "room//, room/, true",
    "room//, room, false",
    "'', '', false",
    "/, '', false",
    "/, /, false",
    "//, //x, false"
  })
  void slashesAtTheEndsDoNotCount(String resource, String url, boolean matches) {
    assertThat(ResourceUrl.matches(resource, url)).isEqualTo(matches);
  }
}
