package dev.sampan.apps.service;

import dev.sampan.apps.run.Resident.Identity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Writes into an app's log what it may not or cannot do, each thing once. */
final class Complaints {

  private static final int MAX = 500;
  private static final int MAX_LENGTH = 500;

  private final Identity identity;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  Complaints(Identity identity) {
    this.identity = identity;
  }

  /** Says something, unless it was said before, or too much was. */
  void say(String text) {
    String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    if (said.size() < MAX && said.add(shown)) {
      identity.say(shown);
    }
  }

  /** Says what was refused, and by which grant it would be allowed. */
  void refused(String what, String grant, String value) {
    say("refused: %s; needed: a grant in permissions.%s for \"%s\"".formatted(what, grant, value));
  }
}
