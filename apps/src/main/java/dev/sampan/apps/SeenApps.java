package dev.sampan.apps;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The apps that whoever asks may see: all of them, or those of one tenant. Everything that is asked
 * of an app by its name finds it here, so that no verb has to think of tenants.
 *
 * @param tenant whose apps alone are seen, or empty for all
 */
record SeenApps(Apps apps, Optional<String> tenant) {

  private boolean isSeen(ManagedApp app) {
    return tenant.isEmpty() || tenant.equals(app.tenant());
  }

  /** The app of that name, if there is one to be seen. */
  Optional<ManagedApp> find(String name) {
    return apps.find(name).filter(this::isSeen);
  }

  /**
   * The app of that name.
   *
   * @throws AppException if there is none to be seen
   */
  ManagedApp require(String name) {
    return find(name)
        .orElseThrow(
            () -> AppException.notFound("there is no app '" + AppName.require(name) + "'"));
  }

  /**
   * Makes sure that a name can be that of another app.
   *
   * @throws AppException if it is none, or taken, be it by an app that is not seen
   */
  void requireFree(String name) {
    Optional<ManagedApp> known = apps.find(AppName.require(name));
    if (known.isPresent()) {
      String message =
          isSeen(known.get())
              ? "there is an app '" + name + "' already; upgrade it, or remove it first"
              : "the name '" + name + "' is taken on this host; choose another one";
      throw new AppException(AppException.Reason.EXISTS, message, null);
    }
  }

  private Stream<ManagedApp> all() {
    return apps.names().stream().flatMap(name -> find(name).stream());
  }

  /** Their names, in order. */
  List<String> names() {
    return all().map(ManagedApp::name).toList();
  }

  /** All of them as they are now, by name. */
  List<AppStatus> list() {
    return all().map(ManagedApp::status).toList();
  }
}
