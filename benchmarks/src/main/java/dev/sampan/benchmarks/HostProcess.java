package dev.sampan.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A container host as a process of its own, at a port of its choice, which ends with this one. */
final class HostProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  private final Path home;
  private final Process process;
  private final URI http;

  private HostProcess(Path home, Process process, URI http) {
    this.home = home;
    this.process = process;
    this.http = http;
  }

  static HostProcess start(Path sampan, String javaOptions) throws IOException {
    Path home = Files.createTempDirectory("host");
    ProcessBuilder builder =
        new ProcessBuilder(sampan.toString(), "host", "start", "--http", "127.0.0.1:0");
    builder.environment().put("SAMPAN_HOME", home.toString());
    builder.environment().put("SAMPAN_JAVA_OPTS", javaOptions);
    Path output = home.resolve("output.txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    for (int wait = 0; wait < 300 && process.isAlive(); wait++) {
      Matcher found = ADDRESS.matcher(Files.readString(output));
      if (found.find()) {
        return new HostProcess(home, process, URI.create(found.group()));
      }
      pause(100);
    }
    process.destroyForcibly();
    throw new IOException("the host does not start: " + Files.readString(output));
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  URI at(String path) {
    return http.resolve(path);
  }

  /** The memory of the process, in MiB. */
  long residentMemory() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }

  /** Asks the management, by its socket; yields the body of the answer, which must be a success. */
  String manage(String method, String path, byte[] body, String... headers) throws IOException {
    Path file = Files.createTempFile(home, "body", "");
    Files.write(file, body);
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "--fail-with-body", "-X", method, "--unix-socket"));
    command.add(home.resolve("host.sock").toString());
    for (String header : headers) {
      command.addAll(List.of("-H", header));
    }
    if (body.length > 0) {
      command.addAll(List.of("--data-binary", "@" + file, "-H", "Content-Type: application/wasm"));
    }
    command.add("http://host" + path);
    try {
      return run(command);
    } finally {
      Files.delete(file);
    }
  }

  /** Runs a command to its end. */
  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.onExit().join().exitValue();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code + ": " + output);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().join();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
