package dev.sampan.apps.page;

/** Says what is wrong. */
public final class ProblemPage {

  private ProblemPage() {}

  /** The page. */
  public static String of(Layout layout, String message) {
    return layout.page(
        "Sampan",
        Html.of(
            """
            <section class="card narrow">
            <h1>That is not possible</h1>
            <p class="notice error" role="alert">{}</p>
            <p><a href="/ui">All apps</a></p>
            </section>
            """,
            message));
  }
}
