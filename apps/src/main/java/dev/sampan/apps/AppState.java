package dev.sampan.apps;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What an app is doing. */
public sealed interface AppState {

  /** It was never started. */
  record Installed() implements AppState {}

  /** It runs, or as a function would run for a request. */
  record Running() implements AppState {}

  /** It is held where it was. */
  record Paused() implements AppState {}

  /**
   * It does not run any more.
   *
   * @param status the exit status of a program that has ended by itself
   */
  record Stopped(OptionalInt status) implements AppState {}

  /** It ended otherwise than it should, or could not begin. */
  record Failed(String why) implements AppState {}

  /** The state in one word. */
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** What else is to be said of it. */
  default Optional<String> reason() {
    return switch (this) {
      case Failed failed -> Optional.of(failed.why());
      case Stopped stopped when stopped.status().isPresent() ->
          Optional.of("ended with status " + stopped.status().getAsInt());
      case Installed _, Running _, Paused _, Stopped _ -> Optional.empty();
    };
  }
}
