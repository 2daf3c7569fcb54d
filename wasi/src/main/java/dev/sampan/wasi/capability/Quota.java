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
 * The quotas of an instance share a whole that limits them together.
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
      synchronized (whole) {
        long growth = at + length - size;
        if (growth <= 0) {
          return length;
        }
        long room = room();
        if (growth > room && size + room <= at) {
          throw exceeded(growth);
        }
        long taken = Math.min(growth, room);
        use(taken);
        size += taken;
        return (int) (size - at);
      }
    }

    /** Takes room for another size, or gives it back. */
    void resize(long newSize) throws ErrnoException {
      synchronized (whole) {
        take(newSize - size);
        size = newSize;
      }
    }

    /** One holder less. */
    void release() {
      synchronized (whole) {
        if (--holders == 0) {
          open.remove(key);
          if (nameless) {
            use(-size);
          }
        }
      }
    }
  }

  /** What limits the quotas of an instance together, and is what they are locked by. */
  public static final class Whole {
    private final long maxBytes;
    private long used;

    /** A limit of a number of bytes. */
    public Whole(long maxBytes) {
      this.maxBytes = maxBytes;
    }
  }

  private final long maxBytes;
  private final Whole whole;
  private final Map<Object, OpenSize> open = new HashMap<>();
  private final Set<Object> linked = new HashSet<>();
  private long used;

  /** A quota of a number of bytes that is limited by a whole, too. */
  public Quota(long maxBytes, Whole whole) {
    this.maxBytes = maxBytes;
    this.whole = whole;
  }

  private long room() {
    return Math.min(maxBytes - used, whole.maxBytes - whole.used);
  }

  private void use(long bytes) {
    used += bytes;
    whole.used += bytes;
  }

  private ErrnoException exceeded(long wanted) {
    boolean own = wanted > maxBytes - used;
    return new ErrnoException(
        Errno.DQUOT,
        own
            ? "a quota of %d bytes for the directory, found %d".formatted(used + wanted, maxBytes)
            : "a disk limit of %d bytes, found %d".formatted(whole.used + wanted, whole.maxBytes));
  }

  private void take(long bytes) throws ErrnoException {
    if (bytes > 0 && bytes > room()) {
      throw exceeded(bytes);
    }
    use(bytes);
  }

  /** Takes the room of a new name. */
  void addName() throws ErrnoException {
    synchronized (whole) {
      take(ENTRY_BYTES);
    }
  }

  /** Gives back the room of a name that was not made, or is gone. */
  void removeName() {
    synchronized (whole) {
      use(-ENTRY_BYTES);
    }
  }

  /** Notes that a file has a further name. */
  void addLink(FileStatus status) {
    synchronized (whole) {
      if (!status.linksKnown() && status.key() != null) {
        linked.add(status.key());
      }
    }
  }

  /** Notes that a file is open. */
  OpenSize open(Object key, long size) {
    synchronized (whole) {
      OpenSize file = open.computeIfAbsent(key, each -> new OpenSize(each, size));
      file.holders++;
      return file;
    }
  }

  /**
   * Gives back what a name and, if it was the last one, its file took.
   *
   * @param status as it was before the name was removed
   * @param key what {@link #open} was given for the file
   */
  void removed(FileStatus status, Object key) {
    synchronized (whole) {
      removeName();
      boolean last =
          status.type() == FileType.REGULAR_FILE && status.links() <= 1 && !linked.contains(key);
      if (last) {
        OpenSize holder = open.get(key);
        if (holder == null) {
          use(-status.size());
        } else {
          holder.nameless = true;
        }
      }
    }
  }
}
