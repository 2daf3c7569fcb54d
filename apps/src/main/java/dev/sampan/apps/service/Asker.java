package dev.sampan.apps.service;

import dev.sampan.apps.wire.Response;

/** Who has asked an app. Hears of what becomes of that in any thread, and must not wait. */
interface Asker {

  /** The app has answered. */
  void answered(Response response);

  /** The app has not answered, and will not. */
  void refused(int status, String why);

  /** The asker itself has given it up, by asking something else under the same number. */
  default void givenUp() {}
}
