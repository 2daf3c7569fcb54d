package dev.sampan.wasi.preview1;

import dev.sampan.wasi.Clocks;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.capability.FileType;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What a configuration grants. The methods named as the components return a changed copy. */
public record Settings(
    List<String> args,
    Map<String, String> env,
    List<Grant> directories,
    Input stdin,
    Output stdout,
    Output stderr,
    Clocks clocks,
    RandomGenerator random) {

  /** A directory with the name that the guest knows it by. */
  public record Grant(Path host, String guest, Rights rights) {}

  /** A stream to read, and what the guest takes it for. */
  public record Input(InputStream stream, FileType type) {}

  /** A stream to write, and what the guest takes it for. */
  public record Output(OutputStream stream, FileType type) {}

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
          new SecureNumbers());

  /** With another command line. */
  public Settings args(List<String> newArgs) {
    return new Settings(
        List.copyOf(newArgs), env, directories, stdin, stdout, stderr, clocks, random);
  }

  /** With another variable, behind the present ones. */
  public Settings env(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(env);
    all.put(name, value);
    Map<String, String> kept = Collections.unmodifiableMap(all);
    return new Settings(args, kept, directories, stdin, stdout, stderr, clocks, random);
  }

  /** With another directory, behind the present ones. */
  public Settings directory(Grant grant) {
    List<Grant> all = new ArrayList<>(directories);
    all.add(grant);
    return new Settings(args, env, List.copyOf(all), stdin, stdout, stderr, clocks, random);
  }

  /** With another standard input. */
  public Settings stdin(Input input) {
    return new Settings(args, env, directories, input, stdout, stderr, clocks, random);
  }

  /** With another standard output. */
  public Settings stdout(Output output) {
    return new Settings(args, env, directories, stdin, output, stderr, clocks, random);
  }

  /** With another standard error. */
  public Settings stderr(Output output) {
    return new Settings(args, env, directories, stdin, stdout, output, clocks, random);
  }

  /** With other clocks. */
  public Settings clocks(Clocks newClocks) {
    return new Settings(args, env, directories, stdin, stdout, stderr, newClocks, random);
  }

  /** With another source of random numbers. */
  public Settings random(RandomGenerator newRandom) {
    return new Settings(args, env, directories, stdin, stdout, stderr, clocks, newRandom);
  }
}
