package dev.sampan.apps.service;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What waits for an app, in the order in which it came. */
final class Inbox {

  /** Waiting without end. */
  static final long FOREVER = TimeUnit.DAYS.toNanos(1);

  private static final int SMALL = 1_000;

  /** What has become of a message. */
  enum Outcome {
    TAKEN,
    /** Too many wait. */
    FULL,
    /** The app is held. */
    PAUSED,
    /** The app takes no more. */
    CLOSED
  }

  private final int capacity;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Message> waiting = new ArrayDeque<>();

  /** How many of those that wait were offered. */
  private int offered;

  /** How long the payloads are that wait. */
  private long bytes;

  private boolean woken;
  private boolean paused;
  private boolean retired;
  private boolean closed;

  /**
   * An empty inbox.
   *
   * @param capacity how many messages that were offered may wait
   * @param maxBytes how long the payloads of all that waits may be together
   */
  Inbox(int capacity, long maxBytes) {
    this.capacity = capacity;
    this.maxBytes = maxBytes;
  }

  private boolean fits(Message message) {
    return bytes + message.size() <= maxBytes;
  }

  private void add(Message message) {
    waiting.add(message);
    bytes += message.size();
    changed.signal();
  }

  /** Puts a message in if there is room. */
  Outcome offer(Message message) {
    lock.lock();
    try {
      if (retired || closed) {
        return Outcome.CLOSED;
      }
      if (paused && message instanceof Message.Asked) {
        return Outcome.PAUSED; // who asks is told at once; what has happened may wait
      }
      if (offered == capacity || !fits(message)) {
        return Outcome.FULL;
      }
      offered++;
      add(message);
      return Outcome.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a message in of which there are only so many anyway.
   *
   * @return whether its payload fits; one of a few hundred bytes does always
   */
  boolean put(Message message) {
    lock.lock();
    try {
      boolean room = message.size() <= SMALL || fits(message);
      if (room && !closed) {
        add(message);
      }
      return room;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the next message.
   *
   * @param nanos how long to wait at most
   * @return null if there is none, or {@link #wake} was called
   */
  @Nullable Message next(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!woken && left > 0 && (paused || waiting.isEmpty())) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      Message next = paused ? null : waiting.poll();
      if (next != null) {
        bytes -= next.size();
      }
      if (next instanceof Message.Asked || next instanceof Message.Told) {
        offered--;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Ends waiting. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Holds what waits, or lets it go on. */
  void pause(boolean hold) {
    lock.lock();
    try {
      paused = hold && !retired;
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isPaused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more that is offered; what waits is still to be handled. */
  void retire() {
    lock.lock();
    try {
      retired = true;
      paused = false;
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more at all, and gives what nobody has handled. */
  List<Message> close() {
    lock.lock();
    try {
      closed = true;
      List<Message> left = new ArrayList<>(waiting);
      waiting.clear();
      bytes = 0;
      return left;
    } finally {
      lock.unlock();
    }
  }
}
