package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The open descriptors of one instance by their numbers. A new one gets the lowest number that is
 * free. Must not refer to the instance: it is what gets closed when the instance is garbage.
 */
final class FdTable implements Closeable {

  private final int maxOpen;
  private @Nullable Fd[] slots;
  private boolean closed;

  /** A table for a number of descriptors at once. */
  FdTable(int maxOpen) {
    this.maxOpen = maxOpen;
    this.slots = new Fd[Math.min(8, maxOpen)];
  }

  /** The descriptor of a number. */
  synchronized Fd get(int number) throws ErrnoException {
    Fd fd = number >= 0 && number < slots.length ? slots[number] : null;
    if (fd == null) {
      throw new ErrnoException(Errno.BADF);
    }
    return fd;
  }

  private int lowestFree() {
    int number = 0;
    while (number < slots.length && slots[number] != null) {
      number++;
    }
    return number;
  }

  /** Fails if no more descriptor can be added. */
  synchronized void requireRoom() throws ErrnoException {
    if (lowestFree() == maxOpen) {
      throw new ErrnoException(Errno.MFILE, "more open files than " + maxOpen);
    }
  }

  /** Adds a descriptor, or closes it if there is no room or the table is closed. */
  synchronized int add(Fd fd) throws IOException {
    if (closed || lowestFree() == maxOpen) {
      fd.descriptor().close();
      requireRoom();
      throw new ErrnoException(Errno.BADF);
    }
    int number = lowestFree();
    if (number == slots.length) {
      slots = Arrays.copyOf(slots, Math.min(2 * slots.length, maxOpen));
    }
    slots[number] = fd;
    return number;
  }

  /** Closes a descriptor; its number is free even if that fails. */
  synchronized void close(int number) throws IOException {
    Fd fd = get(number);
    slots[number] = null;
    fd.descriptor().close();
  }

  /** Gives a descriptor the number of another, which is closed. */
  synchronized void renumber(int from, int to) throws IOException {
    Fd fd = get(from);
    Fd replaced = get(to);
    if (from != to) {
      slots[to] = fd;
      slots[from] = null;
      replaced.descriptor().close();
    }
  }

  /** Closes all. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    IOException failure = null;
    for (Fd fd : slots) {
      if (fd != null) {
        try {
          fd.descriptor().close();
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    Arrays.fill(slots, null);
    if (failure != null) {
      throw failure;
    }
  }
}
