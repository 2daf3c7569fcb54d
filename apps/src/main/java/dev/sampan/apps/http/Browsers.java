package dev.sampan.apps.http;

import java.util.Locale;
import java.util.Optional;

/**
 * Keeps pages of the web from asking the host in the name of whoever looks at them. A browser says
 * where a page is from that asks; programs say nothing.
 */
final class Browsers {

  private Browsers() {}

  /**
   * Lets a request through that no page of somebody else makes.
   *
   * @throws HttpFailure if one does
   */
  static void requireOwnPage(Exchange exchange) {
    String site = exchange.header("Sec-Fetch-Site").orElse("none");
    if (!site.equals("none") && !site.equals("same-origin")) {
      throw refusal("a page of another site (Sec-Fetch-Site: " + site + ")");
    }
    Optional<String> origin = exchange.header("Origin");
    if (origin.isPresent() && !origin.get().toLowerCase(Locale.ROOT).equals(own(exchange))) {
      throw refusal("a page of " + origin.get());
    }
  }

  private static String own(Exchange exchange) {
    String scheme = exchange.request().isSecure() ? "https://" : "http://";
    return (scheme + exchange.header("Host").orElse("")).toLowerCase(Locale.ROOT);
  }

  private static HttpFailure refusal(String who) {
    return new HttpFailure(403, "expected no page of the web, or one of this host, found " + who);
  }
}
