package dev.sampan.apps.service;

import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request in the hands of an app that has not answered it. */
final class Exchange {

  private final int sender;
  private final int id;
  private final Asker asker;
  private final CallStats stats;
  private final long began = System.nanoTime();
  private final AtomicBoolean over = new AtomicBoolean();

  /** A request that has come. */
  Exchange(Request request, Asker asker, CallStats stats) {
    this.sender = request.sender();
    this.id = request.id();
    this.asker = asker;
    this.stats = stats;
  }

  /** Who has asked, as messages name him. */
  int sender() {
    return sender;
  }

  /** The asker's number for it. */
  int id() {
    return id;
  }

  /** For how many nanoseconds it is there. */
  long age() {
    return System.nanoTime() - began;
  }

  /** Whether it has been answered. */
  boolean isOver() {
    return over.get();
  }

  /** Answers, the first time. */
  void answer(Response response) {
    if (end(response.status())) {
      asker.answered(response);
    }
  }

  /** Answers in place of the app. */
  void refuse(int status, String why) {
    if (end(status)) {
      asker.refused(status, why);
    }
  }

  /** Ends without an answer. */
  void giveUp() {
    if (over.compareAndSet(false, true)) {
      asker.givenUp();
    }
  }

  private boolean end(int status) {
    boolean first = over.compareAndSet(false, true);
    if (first) {
      stats.call(age(), status >= Status.INTERNAL_ERROR);
    }
    return first;
  }
}
