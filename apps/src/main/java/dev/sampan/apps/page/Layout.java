package dev.sampan.apps.page;

import dev.sampan.apps.page.Sessions.Notice;
import dev.sampan.apps.page.Sessions.Session;
import java.util.Optional;

/**
 * What all pages have in common.
 *
 * @param nonce what the browser knows our script and style sheet by; another one for each response
 * @param session who looks at it, if that is known
 */
public record Layout(String nonce, Optional<Session> session) {

  /** A whole page. */
  String page(String title, Html content) {
    Html notice = session.flatMap(Session::take).map(Layout::notice).orElse(Html.NONE);
    Html leave =
        session
            .map(
                who ->
                    Html.of(
                        "<form method=\"post\" action=\"/ui/logout\">{}"
                            + "<button class=\"quiet\">Sign out</button></form>",
                        token()))
            .orElse(Html.NONE);
    return Html.of(
            """
            <!DOCTYPE html>
            <html lang="en" data-token="{}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{}</title>
            <link rel="icon" href="/ui/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/ui/style.css" nonce="{}">
            <script src="/ui/page.js" nonce="{}" defer></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header class="top">
            <a class="brand" href="/ui"><img src="/ui/icon.svg" alt="" width="28" height="28">\
            <span>Sampan</span></a>
            {}
            </header>
            <main id="main" tabindex="-1">
            <div id="notices" role="status" aria-live="polite">{}</div>
            {}
            </main>
            </body>
            </html>
            """,
            session.map(Session::token).orElse(""),
            title,
            nonce,
            nonce,
            leave,
            notice,
            content)
        .text();
  }

  /** The field by which a form shows that it is of this session's page. */
  Html token() {
    return session
        .map(who -> Html.of("<input type=\"hidden\" name=\"token\" value=\"{}\">", who.token()))
        .orElse(Html.NONE);
  }

  private static Html notice(Notice notice) {
    return Html.of(
        "<p class=\"notice {}\"{}>{}</p>",
        notice.error() ? "error" : "done",
        new Html(notice.error() ? " role=\"alert\"" : ""),
        notice.text());
  }
}
