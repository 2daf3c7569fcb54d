package dev.sampan.apps.store;

import dev.sampan.apps.store.RecordFormat.OfApp;
import dev.sampan.apps.store.RecordFormat.OfTenant;
import dev.sampan.apps.tenant.Tenant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The apps, modules and tenants that a host has, in a folder that it alone uses. May be used by any
 * number of threads.
 */
public final class Store implements AutoCloseable {

  /** A journal below this length is not worth to be written anew. */
  private static final long SMALL = 1 << 20;

  private final Path folder;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Journal journal;
  private final Modules modules;
  private final Map<String, AppRecord> apps = new TreeMap<>();
  private final Map<String, Tenant> tenants = new TreeMap<>();

  /** How long the journal was when it held nothing but what is. */
  private long smallest;

  private Store(FileChannel lockFile, FileLock lock, Path folder) throws IOException {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
    this.modules = new Modules(folder.resolve("modules"));
    List<byte[]> records = new ArrayList<>();
    this.journal = Journal.open(folder.resolve("journal"), records);
    boolean read = false;
    try {
      for (byte[] each : records) {
        switch (RecordFormat.decode(each)) {
          case OfApp change -> set(apps, change.name(), change.app());
          case OfTenant change -> set(tenants, change.name(), change.tenant());
        }
      }
      modules.deleteUnfinished();
      deleteUnused();
      smallest = journal.size();
      compact();
      read = true;
    } finally {
      if (!read) {
        journal.close();
      }
    }
  }

  private static <T> void set(Map<String, T> all, String name, @Nullable T now) {
    if (now == null) {
      all.remove(name);
    } else {
      all.put(name, now);
    }
  }

  /**
   * Opens the store in a folder, and makes it if there is none.
   *
   * @throws StoreException if another process uses it, or it is damaged
   */
  public static Store open(Path folder) throws IOException {
    Disk.makePrivateFolder(folder);
    Path lockPath = folder.resolve("lock");
    FileChannel lockFile =
        FileChannel.open(
            lockPath, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      FileLock lock = tryLock(lockFile);
      if (lock == null) {
        throw new StoreException(
            folder + ": in use by another host, process " + owner(lockFile) + "; stop that first");
      }
      byte[] self = String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      lockFile.truncate(0);
      Disk.write(lockFile.position(0), ByteBuffer.wrap(self));
      Store store = new Store(lockFile, lock, folder);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        lockFile.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String owner(FileChannel lockFile) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    lockFile.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    return pid.isEmpty() ? "unknown" : pid;
  }

  /**
   * Writes something that nobody needs, and deletes it.
   *
   * @throws IOException if the store could not keep anything now
   */
  public void tryWriting() throws IOException {
    journal.requireUndamaged();
    Disk.tryWriting(folder);
  }

  /** The modules. */
  public Modules modules() {
    return modules;
  }

  /** What is known of all apps, by name. */
  public synchronized List<AppRecord> apps() {
    return List.copyOf(apps.values());
  }

  /**
   * Keeps what is known of an app, instead of what was known of it before.
   *
   * @throws IOException if it cannot be written; then nothing has changed
   */
  public synchronized void put(AppRecord app) throws IOException {
    journal.append(RecordFormat.encode(new OfApp(app.name(), app)));
    AppRecord before = apps.put(app.name(), app);
    if (before != null && !before.revisions().equals(app.revisions())) {
      tidy();
    }
    compact();
  }

  /**
   * Forgets an app.
   *
   * @throws IOException if that cannot be written; then nothing has changed
   */
  public synchronized void remove(String name) throws IOException {
    if (apps.containsKey(name)) {
      journal.append(RecordFormat.encode(new OfApp(name, null)));
      apps.remove(name);
      tidy();
      compact();
    }
  }

  /** What is known of all tenants, by name. */
  public synchronized List<Tenant> tenants() {
    return List.copyOf(tenants.values());
  }

  /**
   * Keeps what is known of a tenant, instead of what was known of it before.
   *
   * @throws IOException if it cannot be written; then nothing has changed
   */
  public synchronized void put(Tenant tenant) throws IOException {
    journal.append(RecordFormat.encode(new OfTenant(tenant.name(), tenant)));
    tenants.put(tenant.name(), tenant);
    compact();
  }

  /**
   * Forgets a tenant.
   *
   * @throws IOException if that cannot be written; then nothing has changed
   */
  public synchronized void removeTenant(String name) throws IOException {
    if (tenants.containsKey(name)) {
      journal.append(RecordFormat.encode(new OfTenant(name, null)));
      tenants.remove(name);
      compact();
    }
  }

  /** Deletes modules that no app has any more. */
  public synchronized void tidy() {
    try {
      deleteUnused();
    } catch (IOException e) {
      // they are deleted when the store is opened the next time
    }
  }

  private void deleteUnused() throws IOException {
    Set<String> used = new HashSet<>();
    for (AppRecord app : apps.values()) {
      app.revisions().forEach(revision -> used.add(revision.digest()));
    }
    modules.deleteAllBut(used);
  }

  private void compact() {
    if (journal.size() < SMALL || journal.size() < 4 * smallest) {
      return;
    }
    try {
      List<byte[]> records = new ArrayList<>();
      for (AppRecord app : apps.values()) {
        records.add(RecordFormat.encode(new OfApp(app.name(), app)));
      }
      for (Tenant tenant : tenants.values()) {
        records.add(RecordFormat.encode(new OfTenant(tenant.name(), tenant)));
      }
      journal.rewrite(records);
      smallest = journal.size();
    } catch (IOException e) {
      // the journal is as it was, only long; it is tried again at its double length
      smallest = journal.size();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      journal.close();
    } finally {
      lock.release();
      lockFile.close();
    }
  }
}
