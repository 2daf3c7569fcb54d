package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.page.AppPage;
import dev.sampan.apps.page.Layout;
import dev.sampan.apps.page.Sessions.Notice;
import dev.sampan.apps.page.Sessions.Session;
import dev.sampan.apps.page.Verbs;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jetty.util.Fields;

/** Forms of the page that say what to do with an app, some of which are asked back. */
final class PageVerbs {

  private final AppHost host;

  PageVerbs(AppHost host) {
    this.host = host;
  }

  /**
   * Does what a form says, or asks whether that is meant.
   *
   * @throws AppException if there is no such app
   */
  void perform(
      Exchange exchange,
      Layout layout,
      Session session,
      String name,
      Verbs verb,
      Fields form,
      PageUploads.Outcome outcome) {
    host.status(name); // there must be such an app
    String revision = Optional.ofNullable(form.getValue("revision")).orElse("");
    Optional<String> question = verb.question(name);
    if (question.isPresent() && form.getValue("sure") == null) {
      String page = AppPage.question(layout, name, verb, question.get(), revision);
      exchange.text(200, PageRequests.HTML, page);
      return;
    }
    String back = verb == Verbs.REMOVE ? "/ui" : "/ui/apps/" + name;
    Notice notice;
    try {
      notice = new Notice(false, perform(name, verb, revision));
    } catch (AppException e) {
      notice = new Notice(true, String.valueOf(e.getMessage()));
    }
    outcome.tell(exchange, session, notice, notice.error() ? "/ui/apps/" + name : back);
  }

  private String perform(String name, Verbs verb, String revision) {
    return switch (verb) {
      case START -> told(host.start(name));
      case STOP -> told(host.stop(name));
      case PAUSE -> told(host.pause(name));
      case RESUME -> told(host.resume(name));
      case RESTART -> told(host.restart(name));
      case ROLLBACK -> {
        OptionalInt number =
            revision.matches("[0-9]{1,9}")
                ? OptionalInt.of(Integer.parseInt(revision))
                : OptionalInt.empty();
        yield told(host.rollback(name, number));
      }
      case REMOVE -> {
        host.remove(name, true);
        yield name + " is removed.";
      }
    };
  }

  private static String told(AppStatus app) {
    return "%s is %s, at revision %d.".formatted(app.name(), app.state().word(), app.current());
  }
}
