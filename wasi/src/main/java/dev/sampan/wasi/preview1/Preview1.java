package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.HostErrors;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasm.Call;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;

/** Preview 1 for one instance: its descriptors, and the way from a function to its chapter. */
public final class Preview1 implements ImportSource, AutoCloseable {

  private static final Cleaner CLEANER = Cleaner.create();

  private final Cleaner.Cleanable cleanable;
  private final Settings settings;
  private final Arguments arguments;
  private final Clock clock;
  private final Descriptors descriptors;
  private final Statuses statuses;
  private final Transfers transfers;
  private final DirectoryEntries entries;
  private final Opening opening;
  private final Paths paths;
  private final Polling polling;

  /**
   * Opens what is granted.
   *
   * @throws UncheckedIOException if a granted directory cannot be opened
   */
  public Preview1(Settings settings) {
    this.settings = settings;
    FdTable table = new FdTable();
    this.cleanable = CLEANER.register(this, () -> close(table));
    this.arguments = new Arguments(settings);
    this.clock = new Clock(settings.clocks());
    this.descriptors = new Descriptors(table);
    this.statuses = new Statuses(table, clock);
    this.transfers = new Transfers(table);
    this.entries = new DirectoryEntries(table);
    this.opening = new Opening(table);
    this.paths = new Paths(table);
    this.polling = new Polling(table, clock);
    addStandardStreams(table);
    addDirectories(table);
  }

  private static void close(FdTable table) {
    try {
      table.close();
    } catch (IOException e) {
      // everything was written when it was written; nobody is left to be told
    }
  }

  private void addStandardStreams(FdTable table) {
    long reading = Right.STREAM | Right.FD_READ.mask();
    long writing = Right.STREAM | Right.FD_WRITE.mask();
    Settings.Input in = settings.stdin();
    table.add(new Fd(new StandardInput(in.stream(), in.type()), reading, 0, 0, null));
    Settings.Output out = settings.stdout();
    table.add(new Fd(new StandardOutput(out.stream(), out.type()), writing, 0, 0, null));
    Settings.Output err = settings.stderr();
    table.add(new Fd(new StandardOutput(err.stream(), err.type()), writing, 0, 0, null));
  }

  private void addDirectories(FdTable table) {
    for (Settings.Grant grant : settings.directories()) {
      try {
        table.requireRoom();
        long rights = Right.of(grant.rights());
        Directory directory = Directory.open(grant.host());
        table.add(new Fd(directory, rights & Right.DIRECTORY, rights, 0, grant.guest()));
      } catch (IOException e) {
        close();
        throw new UncheckedIOException("cannot open the granted directory " + grant.host(), e);
      }
    }
  }

  @Override
  public Optional<? extends Importable> resolve(ImportType wanted) {
    return Syscall.of(wanted).map(this::function);
  }

  private HostFunction function(Syscall syscall) {
    return syscall == Syscall.PROC_EXIT
        ? this::exit
        : call -> call.result(errno(syscall, call).number());
  }

  private void exit(Call call) {
    close();
    throw new ExitException(call.i32(0));
  }

  private Errno errno(Syscall syscall, Call call) {
    try {
      run(syscall, call);
      return Errno.SUCCESS;
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw new Trap(Trap.Kind.INTERRUPTED);
    } catch (IOException e) {
      return HostErrors.errno(e);
    }
  }

  private void run(Syscall syscall, Call call) throws IOException {
    switch (syscall) {
      case ARGS_GET -> arguments.args(call);
      case ARGS_SIZES_GET -> arguments.argsSizes(call);
      case ENVIRON_GET -> arguments.environ(call);
      case ENVIRON_SIZES_GET -> arguments.environSizes(call);

      case CLOCK_RES_GET -> clock.resolution(call);
      case CLOCK_TIME_GET -> clock.time(call);

      case FD_ADVISE -> descriptors.advise(call);
      case FD_ALLOCATE -> descriptors.allocate(call);
      case FD_CLOSE -> descriptors.close(call);
      case FD_DATASYNC -> descriptors.sync(call, Right.FD_DATASYNC);
      case FD_FDSTAT_GET -> descriptors.stat(call);
      case FD_FDSTAT_SET_FLAGS -> descriptors.setFlags(call);
      case FD_FDSTAT_SET_RIGHTS -> descriptors.setRights(call);
      case FD_FILESTAT_GET -> statuses.ofDescriptor(call);
      case FD_FILESTAT_SET_SIZE -> descriptors.setSize(call);
      case FD_FILESTAT_SET_TIMES -> statuses.setTimesOfDescriptor(call);
      case FD_PREAD -> transfers.readAt(call);
      case FD_PRESTAT_DIR_NAME -> descriptors.preopenName(call);
      case FD_PRESTAT_GET -> descriptors.preopen(call);
      case FD_PWRITE -> transfers.writeAt(call);
      case FD_READ -> transfers.read(call);
      case FD_READDIR -> entries.read(call);
      case FD_RENUMBER -> descriptors.renumber(call);
      case FD_SEEK -> descriptors.seek(call);
      case FD_SYNC -> descriptors.sync(call, Right.FD_SYNC);
      case FD_TELL -> descriptors.tell(call);
      case FD_WRITE -> transfers.write(call);

      case PATH_CREATE_DIRECTORY -> paths.createDirectory(call);
      case PATH_FILESTAT_GET -> statuses.ofPath(call);
      case PATH_FILESTAT_SET_TIMES -> statuses.setTimesOfPath(call);
      case PATH_LINK -> paths.link(call);
      case PATH_OPEN -> opening.open(call);
      case PATH_READLINK -> paths.readLink(call);
      case PATH_REMOVE_DIRECTORY -> paths.removeDirectory(call);
      case PATH_RENAME -> paths.rename(call);
      case PATH_SYMLINK -> paths.symlink(call);
      case PATH_UNLINK_FILE -> paths.unlinkFile(call);

      case POLL_ONEOFF -> polling.poll(call);
      case PROC_EXIT -> throw new AssertionError("proc_exit returned, please report");
      case PROC_RAISE -> throw new ErrnoException(Errno.NOSYS);
      case RANDOM_GET -> random(call);
      case SCHED_YIELD -> Thread.yield();

      case SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN -> descriptors.notSocket(call);
    }
  }

  private void random(Call call) throws ErrnoException {
    GuestMemory memory = GuestMemory.of(call);
    int address = call.i32(0);
    long length = Integer.toUnsignedLong(call.i32(1));
    memory.check(address, length);
    byte[] chunk = new byte[(int) Math.min(length, Transfers.CHUNK)];
    for (long done = 0; done < length; done += chunk.length) {
      settings.random().nextBytes(chunk);
      int count = (int) Math.min(chunk.length, length - done);
      memory.write(GuestMemory.plus(address, done), chunk, 0, count);
    }
  }

  /** Closes all descriptors; the functions then answer that they are bad. */
  @Override
  public void close() {
    cleanable.clean();
  }
}
