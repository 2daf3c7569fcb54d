package dev.sampan.apps.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who may see the page. Whoever may manage the host gets a code from it, which opens one session,
 * once and soon; a session ends when it is not used for a while. All of it goes with the process.
 *
 * <p>May be used by any number of threads.
 */
public final class Sessions {

  /** How long a code can be used. */
  public static final Duration CODE_LIFE = Duration.ofMinutes(5);

  /** How long a session stays that is not used. */
  public static final Duration SESSION_LIFE = Duration.ofHours(12);

  private static final int MAX_CODES = 16;
  private static final int MAX_SESSIONS = 64;
  private static final int SECRET_BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanos;
  private final Map<String, Long> codes = new LinkedHashMap<>();

  /** The session that was used last comes last. */
  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  /** Without sessions. */
  public Sessions() {
    this(System::nanoTime);
  }

  Sessions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Somebody who may see the page. */
  public static final class Session {
    private final String id;
    private final String token;
    private volatile long used;
    private Optional<Notice> notice = Optional.empty();

    private Session(String id, String token, long used) {
      this.id = id;
      this.token = token;
      this.used = used;
    }

    /** What the browser keeps in a cookie, which no script can read. */
    public String id() {
      return id;
    }

    /**
     * What only a page of this session knows. Whatever asks for more than to see a page must show
     * it: cookies are sent along by pages of others, too.
     */
    public String token() {
      return token;
    }

    /** Whether this is the token. Takes as long for a wrong one as for the right one. */
    public boolean isToken(String given) {
      return MessageDigest.isEqual(
          given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves something to be told on the next page. */
    public synchronized void leave(Notice told) {
      notice = Optional.of(told);
    }

    /** Takes what is to be told. */
    public synchronized Optional<Notice> take() {
      Optional<Notice> taken = notice;
      notice = Optional.empty();
      return taken;
    }
  }

  /**
   * What has become of something that was asked for.
   *
   * @param error whether it could not be done
   */
  public record Notice(boolean error, String text) {}

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A code that opens a session. Only the latest ones count. */
  public synchronized String code() {
    codes.values().removeIf(made -> isOver(made, CODE_LIFE));
    dropEldest(codes, MAX_CODES);
    String code = secret();
    codes.put(code, nanos.getAsLong());
    return code;
  }

  /** Opens a session, if the code is one and was not used before. */
  public synchronized Optional<Session> open(String code) {
    Long made = codes.remove(code);
    if (made == null || isOver(made, CODE_LIFE)) {
      return Optional.empty();
    }
    sessions.values().removeIf(each -> isOver(each.used, SESSION_LIFE));
    dropEldest(sessions, MAX_SESSIONS);
    Session session = new Session(secret(), secret(), nanos.getAsLong());
    sessions.put(session.id, session);
    return Optional.of(session);
  }

  /** The session of a cookie, which is used by this. */
  public synchronized Optional<Session> of(String id) {
    Session session = sessions.get(id);
    if (session == null || isOver(session.used, SESSION_LIFE)) {
      sessions.remove(id);
      return Optional.empty();
    }
    session.used = nanos.getAsLong();
    return Optional.of(session);
  }

  /** Ends a session. */
  public synchronized void close(Session session) {
    sessions.remove(session.id);
  }

  private boolean isOver(long since, Duration life) {
    return nanos.getAsLong() - since > life.toNanos();
  }

  private static <T> void dropEldest(Map<String, T> map, int max) {
    var each = map.entrySet().iterator();
    while (map.size() >= max && each.hasNext()) {
      each.next();
      each.remove();
    }
  }
}
