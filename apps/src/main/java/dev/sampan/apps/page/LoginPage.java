package dev.sampan.apps.page;

import java.util.Optional;

/** What somebody sees who has no session, and who gets one. */
public final class LoginPage {

  private LoginPage() {}

  /**
   * Says how to come in.
   *
   * @param problem what was wrong with the code that was given
   */
  public static String of(Layout layout, Optional<String> problem) {
    Html wrong =
        problem
            .map(text -> Html.of("<p class=\"notice error\" role=\"alert\">{}</p>", text))
            .orElse(Html.NONE);
    return layout.page(
        "Sign in – Sampan",
        Html.of(
            """
            <section class="card narrow">
            <h1>Sign in</h1>
            {}
            <p>Whoever may manage this host gets a link from it, which works once, within five
            minutes:</p>
            <pre><code>sampan ui</code></pre>
            <form method="post" action="/ui/login">
            <label for="code">Or enter the code from the link</label>
            <div class="row">
            <input id="code" name="code" autocomplete="off" autocapitalize="none" spellcheck="false"
              required>
            <button class="primary">Sign in</button>
            </div>
            </form>
            </section>
            """,
            wrong));
  }

  /**
   * Goes on to the page. Not the server does that but this page: of what the browser was sent to by
   * another site, it would not send the cookie along.
   */
  public static String welcome(Layout layout) {
    return layout.page(
        "Sampan",
        Html.of(
            """
            <section class="card narrow" data-forward="/ui">
            <h1>Signed in</h1>
            <p><a href="/ui">Go on to the apps of this host</a></p>
            </section>
            """));
  }
}
