package dev.sampan.wasi.preview1;

import dev.sampan.wasi.AuditEvent;
import dev.sampan.wasi.Clocks;
import dev.sampan.wasi.HostNames;
import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.capability.FileType;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration grants.
 *
 * @param clocks null if the guest must not know the time
 * @param random null if the guest gets no random numbers
 * @param lookups names of hosts that the guest may look up beside those of the network's grants
 * @param listeners addresses of sockets that the guest finds open and listening
 * @param threadFactory makes the guest's further threads; null for the usual ones
 * @param audit is told of each decision; null for nobody
 */
public record Settings(
    List<String> args,
    Map<String, String> env,
    List<Grant> directories,
    Input stdin,
    Output stdout,
    Output stderr,
    @Nullable Clocks clocks,
    @Nullable RandomGenerator random,
    List<NetworkGrant> network,
    List<String> lookups,
    List<InetSocketAddress> listeners,
    HostNames hostNames,
    Limits limits,
    @Nullable ThreadFactory threadFactory,
    @Nullable Consumer<AuditEvent> audit) {

  /**
   * A directory with the name that the guest knows it by.
   *
   * @param maxBytes by how much what lies in it may grow
   */
  public record Grant(Path host, String guest, Rights rights, long maxBytes) {}

  /** A stream to read, and what the guest takes it for. */
  public record Input(InputStream stream, FileType type) {}

  /** A stream to write, and what the guest takes it for. */
  public record Output(OutputStream stream, FileType type) {}

  /**
   * What an instance may use at most.
   *
   * @param openFiles descriptors of all kinds, the standard streams among them
   * @param outputBytes what it writes to standard output and error, together
   * @param diskBytes by how much what lies in all granted directories may grow, together
   * @param threads threads beside the one that calls the instance; 0 for none
   */
  public record Limits(int openFiles, long outputBytes, long diskBytes, int threads) {}

  private static final Output DISCARD =
      new Output(OutputStream.nullOutputStream(), FileType.UNKNOWN);

  /** Nothing but clocks and random numbers. */
  public static final Settings NOTHING =
      new Settings(
          List.of(),
          Map.of(),
          List.of(),
          new Input(InputStream.nullInputStream(), FileType.UNKNOWN),
          DISCARD,
          DISCARD,
          Clocks.system(),
          new SecureNumbers(),
          List.of(),
          List.of(),
          List.of(),
          HostNames.system(),
          new Limits(1024, 16L << 30, Long.MAX_VALUE, 0),
          null,
          null);

  /**
   * A copy to be changed; its fields are those of the settings. Lists and maps are replaced and not
   * changed, so that a copy costs nothing: hosts make some for each request.
   */
  public static final class Draft {
    public List<String> args;
    public Map<String, String> env;
    public List<Grant> directories;
    public Input stdin;
    public Output stdout;
    public Output stderr;
    public @Nullable Clocks clocks;
    public @Nullable RandomGenerator random;
    public List<NetworkGrant> network;
    public List<String> lookups;
    public List<InetSocketAddress> listeners;
    public HostNames hostNames;
    public Limits limits;
    public @Nullable ThreadFactory threadFactory;
    public @Nullable Consumer<AuditEvent> audit;

    private Draft(Settings from) {
      args = from.args;
      env = from.env;
      directories = from.directories;
      stdin = from.stdin;
      stdout = from.stdout;
      stderr = from.stderr;
      clocks = from.clocks;
      random = from.random;
      network = from.network;
      lookups = from.lookups;
      listeners = from.listeners;
      hostNames = from.hostNames;
      limits = from.limits;
      threadFactory = from.threadFactory;
      audit = from.audit;
    }

    private Settings settings() {
      return new Settings(
          args,
          env,
          directories,
          stdin,
          stdout,
          stderr,
          clocks,
          random,
          network,
          lookups,
          listeners,
          hostNames,
          limits,
          threadFactory,
          audit);
    }
  }

  /** A list with more at its end. */
  public static <T> List<T> plus(List<T> list, List<T> more) {
    List<T> longer = new ArrayList<>(list);
    longer.addAll(more);
    return List.copyOf(longer);
  }

  /** A map with more, which replaces what it has under the same names. */
  public static <V> Map<String, V> plus(Map<String, V> map, Map<String, V> more) {
    Map<String, V> larger = new LinkedHashMap<>(map);
    larger.putAll(more);
    return Collections.unmodifiableMap(larger);
  }

  /** A changed copy. */
  public Settings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }
}
