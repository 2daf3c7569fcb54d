package dev.sampan.apps.page;

import dev.sampan.apps.AppState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be done with an app, depending on what it is doing. */
public enum Verbs {
  /** Starts it. */
  START("Start", "primary", Optional.empty()),
  /** Lets it go on. */
  RESUME("Resume", "primary", Optional.empty()),
  /** Holds it. */
  PAUSE("Pause", "", Optional.empty()),
  /** Stops and starts it. */
  RESTART("Restart", "", Optional.of("Restart %s? What it is doing ends.")),
  /** Stops it. */
  STOP("Stop", "", Optional.of("Stop %s? It answers nobody until it is started again.")),
  /** Removes it. */
  REMOVE(
      "Remove",
      "danger",
      Optional.of("Remove %s with all its revisions and its log? This cannot be undone.")),
  /** Lets an earlier revision take over. */
  ROLLBACK("Roll back", "", Optional.of("Let another revision of %s take over?"));

  private final String label;
  private final String look;
  private final Optional<String> question;

  Verbs(String label, String look, Optional<String> question) {
    this.label = label;
    this.look = look;
    this.question = question;
  }

  /** What is on its button. */
  public String label() {
    return label;
  }

  /** The word of it in paths. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is to be asked before it is done, if anything. */
  public Optional<String> question(String app) {
    return question.map(text -> text.formatted(app));
  }

  /** The verb of a word, if it is one. */
  public static Optional<Verbs> of(String word) {
    for (Verbs each : values()) {
      if (each.word().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Those that make sense for an app in a state. */
  static List<Verbs> in(AppState state) {
    List<Verbs> verbs = new ArrayList<>();
    switch (state) {
      case AppState.Running _ -> verbs.addAll(List.of(PAUSE, RESTART, STOP));
      case AppState.Paused _ -> verbs.addAll(List.of(RESUME, STOP));
      case AppState.Installed _, AppState.Stopped _, AppState.Failed _ -> verbs.add(START);
    }
    return verbs;
  }

  /** A form with nothing but a button that does it. */
  Html button(Layout layout, String app) {
    return form(layout, app, Html.NONE, label);
  }

  /** The button that lets a revision take over. */
  static Html rollback(Layout layout, String app, int revision) {
    return ROLLBACK.form(
        layout,
        app,
        Html.of("<input type=\"hidden\" name=\"revision\" value=\"{}\">", revision),
        "Roll back to " + revision);
  }

  private Html form(Layout layout, String app, Html fields, String text) {
    Html confirm =
        question(app).map(asked -> Html.of(" data-confirm=\"{}\"", asked)).orElse(Html.NONE);
    return Html.of(
        "<form method=\"post\" action=\"/ui/apps/{}/{}\"{}>{}{}"
            + "<button class=\"{}\" aria-label=\"{} {}\">{}</button></form>",
        app,
        word(),
        confirm,
        layout.token(),
        fields,
        look,
        text,
        app,
        text);
  }
}
