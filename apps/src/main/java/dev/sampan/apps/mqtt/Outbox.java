package dev.sampan.apps.mqtt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages that wait for the broker, in their order; if there are too many, the oldest go. */
final class Outbox {

  /** A message as the broker is to get it. */
  record Message(String topic, int format, byte[] payload, int qos) {}

  private final int capacity;
  private final Deque<Message> waiting = new ArrayDeque<>();

  Outbox(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds a message.
   *
   * @return whether another one was lost for it
   */
  synchronized boolean add(Message message) {
    boolean full = waiting.size() >= capacity;
    if (full) {
      waiting.removeFirst();
    }
    waiting.addLast(message);
    notifyAll();
    return full;
  }

  /** Puts messages back in front that the broker has not taken. */
  synchronized void putBack(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      waiting.addFirst(messages.get(i));
    }
  }

  /** The next message, or null if there is none in so many milliseconds. */
  synchronized @Nullable Message next(long millis) throws InterruptedException {
    if (waiting.isEmpty() && millis > 0) {
      wait(millis);
    }
    return waiting.pollFirst();
  }

  /** Lets whoever waits for a message find that there is none. */
  synchronized void wake() {
    notifyAll();
  }

  synchronized int size() {
    return waiting.size();
  }
}
