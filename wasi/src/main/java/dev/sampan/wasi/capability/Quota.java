package dev.sampan.wasi.capability;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * By how much what lies in a granted directory may grow: the bytes of its files, and {@value
 * #ENTRY_BYTES} for each name, so that empty files are not free. What is removed or cut off counts
 * back. The room of a file without a name is free when nobody has it open any more.
 *
 * <p>Counts what happens through one instance; what others do in the same directory does not count.
 */
public final class Quota {

  /** What a name costs. */
  static final int ENTRY_BYTES = 256;

  /**
   * A file that is open at least once. All that have it open share this object, so that what one of
   * them cuts off another cannot write again for nothing.
   */
  final class OpenSize {
    private final Object key;
    private long size;
    private int holders;
    private boolean nameless;

    private OpenSize(Object key, long size) {
      this.key = key;
      this.size = size;
    }

    /**
     * Takes room for a write.
     *
     * @return how many of the bytes may be written, at least 1
     * @throws ErrnoException if there is no room for any
     */
    int extend(long at, int length) throws ErrnoException {
      synchronized (Quota.this) {
        long growth = at + length - size;
        if (growth <= 0) {
          return length;
        }
        long room = maxBytes - used;
        if (growth > room && size + room <= at) {
          throw exceeded(growth);
        }
        long taken = Math.min(growth, room);
        used += taken;
        size += taken;
        return (int) (size - at);
      }
    }

    /** Takes room for another size, or gives it back. */
    void resize(long newSize) throws ErrnoException {
      synchronized (Quota.this) {
        take(newSize - size);
        size = newSize;
      }
    }

    /** One holder less. */
    void release() {
      synchronized (Quota.this) {
        if (--holders == 0) {
          open.remove(key);
          if (nameless) {
            used -= size;
          }
        }
      }
    }
  }

  private final long maxBytes;
  private final Map<Object, OpenSize> open = new HashMap<>();
  private final Set<Object> linked = new HashSet<>();
  private long used;

  /** A quota of a number of bytes. */
  public Quota(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  private ErrnoException exceeded(long wanted) {
    return new ErrnoException(
        Errno.DQUOT,
        "a quota of %d bytes for the directory, found %d".formatted(used + wanted, maxBytes));
  }

  private void take(long bytes) throws ErrnoException {
    if (bytes > 0 && bytes > maxBytes - used) {
      throw exceeded(bytes);
    }
    used += bytes;
  }

  /** Takes the room of a new name. */
  synchronized void addName() throws ErrnoException {
    take(ENTRY_BYTES);
  }

  /** Gives back the room of a name that was not made, or is gone. */
  synchronized void removeName() {
    used -= ENTRY_BYTES;
  }

  /** Notes that a file has a further name. */
  synchronized void addLink(FileStatus status) {
    if (!status.linksKnown() && status.key() != null) {
      linked.add(status.key());
    }
  }

  /** Notes that a file is open. */
  synchronized OpenSize open(Object key, long size) {
    OpenSize file = open.computeIfAbsent(key, each -> new OpenSize(each, size));
    file.holders++;
    return file;
  }

  /**
   * Gives back what a name and, if it was the last one, its file took.
   *
   * @param status as it was before the name was removed
   * @param key what {@link #open} was given for the file
   */
  synchronized void removed(FileStatus status, Object key) {
    removeName();
    boolean last =
        status.type() == FileType.REGULAR_FILE && status.links() <= 1 && !linked.contains(key);
    if (last) {
      OpenSize holder = open.get(key);
      if (holder == null) {
        used -= status.size();
      } else {
        holder.nameless = true;
      }
    }
  }
}
