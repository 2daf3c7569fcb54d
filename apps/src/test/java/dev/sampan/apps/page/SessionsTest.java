package dev.sampan.apps.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsTest {

  private long now;
  private final Sessions sessions = new Sessions(() -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private Sessions.Session open() {
    return sessions.open(sessions.code()).orElseThrow();
  }

  @Test
  void codeOpensOneSession() {
    String code = sessions.code();
    assertThat(sessions.open("")).isEmpty();
    assertThat(sessions.open(code.substring(1))).isEmpty();
    Sessions.Session session = sessions.open(code).orElseThrow();
    assertThat(sessions.open(code)).isEmpty();
    assertThat(sessions.of(session.id())).containsSame(session);
    assertThat(sessions.of(session.token())).isEmpty();
    assertThat(session.isToken(session.token())).isTrue();
    assertThat(session.isToken(session.id())).isFalse();
    assertThat(session.isToken("")).isFalse();
  }

  @Test
  void codeIsOldAfterFiveMinutes() {
    String code = sessions.code();
    String other = sessions.code();
    pass(Sessions.CODE_LIFE);
    assertThat(sessions.open(code)).isPresent();
    pass(Duration.ofMillis(1));
    assertThat(sessions.open(other)).isEmpty();
  }

  @Test
  void sessionEndsWhenItIsNotUsed() {
    Sessions.Session session = open();
    for (int i = 0; i < 3; i++) {
      pass(Sessions.SESSION_LIFE);
      assertThat(sessions.of(session.id())).isPresent();
    }
    pass(Sessions.SESSION_LIFE.plusMillis(1));
    assertThat(sessions.of(session.id())).isEmpty();
  }

  @Test
  void sessionThatIsClosedIsNone() {
    Sessions.Session session = open();
    sessions.close(session);
    assertThat(sessions.of(session.id())).isEmpty();
  }

  @Test
  void codesAndSessionsAreLimitedInNumber() {
    String first = sessions.code();
    for (int i = 0; i < 16; i++) {
      sessions.code();
    }
    assertThat(sessions.open(first)).isEmpty();
    List<Sessions.Session> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      all.add(open());
    }
    sessions.of(all.getFirst().id());
    open();
    assertThat(sessions.of(all.get(0).id())).as("used a moment ago").isPresent();
    assertThat(sessions.of(all.get(1).id())).as("not used for longest").isEmpty();
  }

  @Test
  void noticeIsToldOnce() {
    Sessions.Session session = open();
    session.leave(new Sessions.Notice(false, "done"));
    assertThat(session.take()).contains(new Sessions.Notice(false, "done"));
    assertThat(session.take()).isEmpty();
  }
}
