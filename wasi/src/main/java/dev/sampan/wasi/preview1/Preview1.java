package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.HostErrors;
import dev.sampan.wasi.capability.OutputMeter;
import dev.sampan.wasi.capability.Quota;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasi.capability.StreamSocket;
import dev.sampan.wasm.Call;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.MemoryType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Preview 1 for one instance: its descriptors, and the way from a function to its chapter. */
public final class Preview1 implements ImportSource, AutoCloseable {

  private static final Cleaner CLEANER = Cleaner.create();

  private final Cleaner.Cleanable cleanable;
  private final Settings settings;
  private final Gate gate;
  private final Threads threads;
  private final Arguments arguments;
  private final Clock clock;
  private final Descriptors descriptors;
  private final Statuses statuses;
  private final Transfers transfers;
  private final DirectoryEntries entries;
  private final Opening opening;
  private final Paths paths;
  private final Polling polling;
  private final Sockets sockets;
  private final SocketOptions socketOptions;

  /**
   * Opens what is granted.
   *
   * @throws UncheckedIOException if a granted directory or listener cannot be opened
   */
  public Preview1(Settings settings) {
    this.settings = settings;
    this.gate = new Gate(settings);
    this.threads = new Threads(settings, gate);
    FdTable table = new FdTable(settings.limits().openFiles());
    this.cleanable = CLEANER.register(this, () -> close(table));
    this.arguments = new Arguments(settings);
    this.clock = new Clock(settings, gate);
    this.descriptors = new Descriptors(table);
    this.statuses = new Statuses(table, clock, gate);
    this.entries = new DirectoryEntries(table);
    this.opening = new Opening(table, gate);
    this.paths = new Paths(table, gate);
    this.polling = new Polling(table, clock);
    this.sockets = new Sockets(table, new Network(settings, gate), settings.hostNames());
    this.socketOptions = new SocketOptions(table);
    this.transfers = new Transfers(table, sockets);
    try {
      addStandardStreams(table);
      addDirectories(table);
      addListeners(table);
    } catch (UncheckedIOException e) {
      close();
      throw e;
    }
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
    OutputMeter meter = new OutputMeter(settings.limits().outputBytes());
    Settings.Input in = settings.stdin();
    Settings.Output out = settings.stdout();
    Settings.Output err = settings.stderr();
    add(table, Fd.of(new StandardInput(in.stream(), in.type()), reading, 0));
    add(table, Fd.of(new StandardOutput(out.stream(), out.type(), meter), writing, 0));
    add(table, Fd.of(new StandardOutput(err.stream(), err.type(), meter), writing, 0));
  }

  private static void add(FdTable table, Fd fd) {
    try {
      table.add(fd);
    } catch (IOException e) {
      throw new UncheckedIOException("more is granted than files may be open", e);
    }
  }

  private void addDirectories(FdTable table) {
    Quota.Whole disk = new Quota.Whole(settings.limits().diskBytes());
    for (Settings.Grant grant : settings.directories()) {
      Directory directory;
      try {
        directory = Directory.open(grant.host(), new Quota(grant.maxBytes(), disk));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot open the granted directory " + grant.host(), e);
      }
      add(table, Fd.granted(directory, grant));
    }
  }

  private void addListeners(FdTable table) {
    for (InetSocketAddress address : settings.listeners()) {
      StandardProtocolFamily family =
          address.getAddress() instanceof Inet4Address
              ? StandardProtocolFamily.INET
              : StandardProtocolFamily.INET6;
      StreamSocket listener;
      try {
        listener = StreamSocket.listening(family, address);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen at " + address, e);
      }
      add(table, Fd.of(listener, Right.SOCKET, 0));
    }
  }

  @Override
  public boolean makes(ImportType wanted) {
    return wanted.type() instanceof MemoryType type && type.shared() && threads.isAllowed();
  }

  @Override
  public Optional<? extends Importable> resolve(ImportType wanted) {
    if (threads.provides(wanted)) {
      HostFunction spawn = threads::spawn;
      return Optional.of(spawn);
    }
    Optional<SocketCall> socketCall = SocketCall.of(wanted);
    return socketCall.isPresent()
        ? socketCall.map(this::function)
        : Syscall.of(wanted).map(syscall -> function(syscall, wanted.module()));
  }

  private HostFunction function(SocketCall socketCall) {
    return call -> call.result(errno(socketCall.wasmName(), () -> run(socketCall, call)).number());
  }

  private HostFunction function(Syscall syscall, String module) {
    Snapshot snapshot = Objects.requireNonNull(Snapshot.of(module));
    return syscall == Syscall.PROC_EXIT
        ? this::exit
        : call ->
            call.result(errno(syscall.wasmName(), () -> run(syscall, snapshot, call)).number());
  }

  private void exit(Call call) {
    int status = call.i32(0);
    cleanable.clean();
    throw new ExitException(status);
  }

  /** What a function does, or throws. */
  private interface Action {
    void run() throws IOException;
  }

  private Errno errno(String name, Action action) {
    try {
      action.run();
      return Errno.SUCCESS;
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw new Trap(Trap.Kind.INTERRUPTED);
    } catch (OutputMeter.Exceeded e) {
      gate.tell(name, false, "output of at least %d bytes".formatted(e.written()));
      throw new ExhaustedException(Resource.OUTPUT, e.limit(), e.written());
    } catch (ErrnoException e) {
      e.needed().ifPresent(needed -> gate.tell(name, false, needed));
      return e.errno();
    } catch (IOException e) {
      return HostErrors.errno(e);
    } catch (ReadOnlyFileSystemException e) {
      return Errno.ROFS;
    } catch (UnsupportedOperationException e) {
      return Errno.NOTSUP; // a file system that can do less than that of the machine
    } catch (ClosedFileSystemException e) {
      return Errno.NODEV;
    }
  }

  private void run(Syscall syscall, Snapshot snapshot, Call call) throws IOException {
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
      case FD_FILESTAT_GET -> statuses.ofDescriptor(call, snapshot);
      case FD_FILESTAT_SET_SIZE -> descriptors.setSize(call);
      case FD_FILESTAT_SET_TIMES -> statuses.setTimesOfDescriptor(call);
      case FD_PREAD -> transfers.readAt(call);
      case FD_PRESTAT_DIR_NAME -> descriptors.preopenName(call);
      case FD_PRESTAT_GET -> descriptors.preopen(call);
      case FD_PWRITE -> transfers.writeAt(call);
      case FD_READ -> transfers.read(call);
      case FD_READDIR -> entries.read(call);
      case FD_RENUMBER -> descriptors.renumber(call);
      case FD_SEEK -> descriptors.seek(call, snapshot);
      case FD_SYNC -> descriptors.sync(call, Right.FD_SYNC);
      case FD_TELL -> descriptors.tell(call);
      case FD_WRITE -> transfers.write(call);

      case PATH_CREATE_DIRECTORY -> paths.createDirectory(call);
      case PATH_FILESTAT_GET -> statuses.ofPath(call, snapshot);
      case PATH_FILESTAT_SET_TIMES -> statuses.setTimesOfPath(call);
      case PATH_LINK -> paths.link(call);
      case PATH_OPEN -> opening.open(call);
      case PATH_READLINK -> paths.readLink(call);
      case PATH_REMOVE_DIRECTORY -> paths.removeDirectory(call);
      case PATH_RENAME -> paths.rename(call);
      case PATH_SYMLINK -> paths.symlink(call);
      case PATH_UNLINK_FILE -> paths.unlinkFile(call);

      case POLL_ONEOFF -> polling.poll(call, snapshot);
      case PROC_EXIT -> throw new AssertionError("proc_exit returned, please report");
      case PROC_RAISE -> throw new ErrnoException(Errno.NOSYS);
      case RANDOM_GET -> random(call);
      case SCHED_YIELD -> Thread.yield();

      case SOCK_ACCEPT -> sockets.accept(call);
      case SOCK_RECV -> transfers.receive(call);
      case SOCK_SEND -> transfers.send(call);
      case SOCK_SHUTDOWN -> sockets.shutdown(call);
    }
  }

  private void run(SocketCall socketCall, Call call) throws IOException {
    switch (socketCall) {
      case SOCK_OPEN -> sockets.open(call);
      case SOCK_BIND -> sockets.bind(call);
      case SOCK_CONNECT -> sockets.connect(call);
      case SOCK_LISTEN -> sockets.listen(call);
      case SOCK_CLOSE -> throw new ErrnoException(Errno.NOSYS); // guests close by fd_close
      case SOCK_ADDR_LOCAL -> sockets.localAddress(call);
      case SOCK_ADDR_REMOTE -> sockets.remoteAddress(call);
      case SOCK_ADDR_RESOLVE -> sockets.resolve(call);
      case SOCK_RECV_FROM -> transfers.receiveFrom(call);
      case SOCK_SEND_TO -> transfers.sendTo(call);

      case SOCK_GET_BROADCAST -> socketOptions.getFlag(call, "SO_BROADCAST");
      case SOCK_SET_BROADCAST -> socketOptions.setFlag(call, "SO_BROADCAST");
      case SOCK_GET_KEEP_ALIVE -> socketOptions.getFlag(call, "SO_KEEPALIVE");
      case SOCK_SET_KEEP_ALIVE -> socketOptions.setFlag(call, "SO_KEEPALIVE");
      case SOCK_GET_REUSE_ADDR -> socketOptions.getFlag(call, "SO_REUSEADDR");
      case SOCK_SET_REUSE_ADDR -> socketOptions.setFlag(call, "SO_REUSEADDR");
      case SOCK_GET_REUSE_PORT -> socketOptions.getFlag(call, "SO_REUSEPORT");
      case SOCK_SET_REUSE_PORT -> socketOptions.setFlag(call, "SO_REUSEPORT");
      case SOCK_GET_TCP_NO_DELAY -> socketOptions.getFlag(call, "TCP_NODELAY");
      case SOCK_SET_TCP_NO_DELAY -> socketOptions.setFlag(call, "TCP_NODELAY");
      case SOCK_GET_TCP_QUICK_ACK -> socketOptions.getFlag(call, "TCP_QUICKACK");
      case SOCK_SET_TCP_QUICK_ACK -> socketOptions.setFlag(call, "TCP_QUICKACK");
      case SOCK_GET_IPV6_ONLY -> socketOptions.getV6Only(call);
      case SOCK_SET_IPV6_ONLY -> socketOptions.setV6Only(call);
      case SOCK_GET_RECV_BUF_SIZE -> socketOptions.getNumber(call, "SO_RCVBUF");
      case SOCK_SET_RECV_BUF_SIZE -> socketOptions.setNumber(call, "SO_RCVBUF");
      case SOCK_GET_SEND_BUF_SIZE -> socketOptions.getNumber(call, "SO_SNDBUF");
      case SOCK_SET_SEND_BUF_SIZE -> socketOptions.setNumber(call, "SO_SNDBUF");
      case SOCK_GET_TCP_KEEP_IDLE -> socketOptions.getNumber(call, "TCP_KEEPIDLE");
      case SOCK_SET_TCP_KEEP_IDLE -> socketOptions.setNumber(call, "TCP_KEEPIDLE");
      case SOCK_GET_TCP_KEEP_INTVL -> socketOptions.getNumber(call, "TCP_KEEPINTERVAL");
      case SOCK_SET_TCP_KEEP_INTVL -> socketOptions.setNumber(call, "TCP_KEEPINTERVAL");
      case SOCK_GET_RECV_TIMEOUT -> socketOptions.getReceiveTimeout(call);
      case SOCK_SET_RECV_TIMEOUT -> socketOptions.setReceiveTimeout(call);
      case SOCK_GET_SEND_TIMEOUT -> socketOptions.getSendTimeout(call);
      case SOCK_SET_SEND_TIMEOUT -> socketOptions.setSendTimeout(call);
      case SOCK_GET_IP_MULTICAST_TTL -> socketOptions.getMulticastTtl(call);
      case SOCK_SET_IP_MULTICAST_TTL -> socketOptions.setMulticastTtl(call);
      case SOCK_GET_LINGER -> socketOptions.getLinger(call);
      case SOCK_SET_LINGER -> socketOptions.setLinger(call);
      case SOCK_GET_IP_MULTICAST_LOOP -> socketOptions.getMulticastLoop(call);
      case SOCK_SET_IP_MULTICAST_LOOP -> socketOptions.setMulticastLoop(call);
      case SOCK_SET_IP_ADD_MEMBERSHIP -> sockets.membership(call, true);
      case SOCK_SET_IP_DROP_MEMBERSHIP -> sockets.membership(call, false);
      case SOCK_GET_TCP_FASTOPEN_CONNECT,
          SOCK_SET_TCP_FASTOPEN_CONNECT,
          SOCK_GET_IP_TTL,
          SOCK_SET_IP_TTL ->
          socketOptions.unknown(call);
    }
  }

  private void random(Call call) throws ErrnoException {
    RandomGenerator source = settings.random();
    if (source == null) {
      throw gate.refused(Errno.NOTCAPABLE, Syscall.RANDOM_GET.wasmName(), "random");
    }
    GuestMemory memory = GuestMemory.of(call);
    int address = call.i32(0);
    long length = Integer.toUnsignedLong(call.i32(1));
    memory.check(address, length);
    byte[] chunk = new byte[(int) Math.min(length, Transfers.CHUNK)];
    for (long done = 0; done < length; done += chunk.length) {
      source.nextBytes(chunk);
      int count = (int) Math.min(chunk.length, length - done);
      memory.write(GuestMemory.plus(address, done), chunk, 0, count);
    }
  }

  /**
   * Closes all descriptors, so that the functions answer that they are bad, and waits for the
   * guest's threads, which the engine has ended.
   *
   * @throws IllegalStateException if one of them goes on
   */
  @Override
  public void close() {
    cleanable.clean();
    threads.close();
  }
}
