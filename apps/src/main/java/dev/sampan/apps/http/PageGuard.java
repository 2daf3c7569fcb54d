package dev.sampan.apps.http;

import dev.sampan.apps.page.Sessions;
import dev.sampan.apps.page.Sessions.Session;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Keeps the web page to itself. Functions answer at the same origin, with whatever pages and
 * scripts they like, so a cookie alone says nothing: their scripts could ask for the page, and use
 * it in the user's name. Therefore a session counts
 *
 * <ul>
 *   <li>if the browser says that the page is what the user goes to, as a document of its own; no
 *       script sees what comes of that, for a window of the page is in nobody else's hands
 *       (Cross-Origin-Opener-Policy), and functions cannot join it ({@link #KEPT_BACK});
 *   <li>or if the request has the session's token, which stands in the page.
 * </ul>
 *
 * What changes something needs the token in any case.
 */
final class PageGuard {

  /**
   * Headers of functions that would reach beyond them: to share windows with the page, to stand
   * between it and the browser, or to end its sessions.
   */
  static final Set<String> KEPT_BACK =
      Set.of("cross-origin-opener-policy", "service-worker-allowed", "clear-site-data");

  private static final String COOKIE = "sampan-page";
  private static final String TOKEN = "Sampan-Page-Token";
  private static final int NONCE_BYTES = 16;

  private final Sessions sessions;
  private final SecureRandom random = new SecureRandom();

  PageGuard(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Says what a browser may do with the response; gives what it shall know our script by. */
  String secure(Exchange exchange) {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    String nonce = Base64.getEncoder().encodeToString(bytes);
    HttpFields.Mutable headers = exchange.response().getHeaders();
    headers.put(
        "Content-Security-Policy",
        ("default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; img-src 'self';"
                + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                + " frame-ancestors 'none'")
            .formatted(nonce, nonce));
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    return nonce;
  }

  /**
   * Lets nobody in who can be listened to.
   *
   * @throws HttpFailure if the request comes from another machine, in the clear
   */
  void requirePrivate(Exchange exchange) {
    SocketAddress remote = exchange.request().getConnectionMetaData().getRemoteSocketAddress();
    boolean far =
        remote instanceof InetSocketAddress address
            && (address.getAddress() == null || !address.getAddress().isLoopbackAddress());
    if (far && !exchange.request().isSecure()) {
      throw new HttpFailure(403, "From other machines the page needs TLS.");
    }
  }

  // ---- sessions ----

  /** The session that a request's cookie is of. */
  Optional<Session> session(Exchange exchange) {
    // a function could set another cookie of this name, which must not hide the right one
    for (HttpCookie cookie : Request.getCookies(exchange.request())) {
      if (cookie.getName().equals(COOKIE)) {
        Optional<Session> session = sessions.of(String.valueOf(cookie.getValue()));
        if (session.isPresent()) {
          return session;
        }
      }
    }
    return Optional.empty();
  }

  /** Has the browser keep a session. */
  void keep(Exchange exchange, Session session) {
    setCookie(exchange, session.id(), -1);
  }

  /** Has the browser forget it. */
  void forget(Exchange exchange) {
    setCookie(exchange, "", 0);
  }

  private static void setCookie(Exchange exchange, String value, long maxAge) {
    HttpCookie cookie =
        HttpCookie.build(COOKIE, value)
            .path("/ui")
            .httpOnly(true)
            .secure(exchange.request().isSecure())
            .sameSite(HttpCookie.SameSite.STRICT)
            .maxAge(maxAge)
            .build();
    Response.putCookie(exchange.response(), cookie);
  }

  // ---- who asks ----

  /** Whether the user goes to a page, or sends a form, as the browser says. */
  static boolean isNavigation(Exchange exchange) {
    return exchange.header("Sec-Fetch-Mode").orElse("").equals("navigate");
  }

  /**
   * Refuses what is neither asked by the user nor by our script.
   *
   * @throws HttpFailure if it is so
   */
  void requireOwnPage(Exchange exchange, Session session) {
    boolean document =
        isNavigation(exchange) && exchange.header("Sec-Fetch-Dest").orElse("").equals("document");
    if (document) {
      return;
    }
    requireToken(session, exchange.header(TOKEN).or(() -> exchange.query("token")));
  }

  /**
   * Refuses what does not come from a page of the session.
   *
   * @throws HttpFailure if it is so
   */
  void requireToken(Session session, Optional<String> token) {
    if (token.isEmpty() || !session.isToken(token.get())) {
      throw new HttpFailure(403, "The request does not come from a page of this session.");
    }
  }
}
