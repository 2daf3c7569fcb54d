package dev.sampan.apps.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Debian's broker, at a port of its own. */
public final class Mosquitto implements AutoCloseable {

  private final Path folder;
  private final int port;
  private final List<String> settings;
  private @Nullable Process process;

  /**
   * A broker that is not started yet.
   *
   * @param folder where its configuration is written
   * @param settings further lines of that
   */
  public Mosquitto(Path folder, String... settings) throws IOException {
    this.folder = folder;
    this.settings = List.of(settings);
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = any.getLocalPort();
    }
  }

  /** Skips the test, loudly, if a program is not there. */
  public static String require(String program) {
    Optional<Path> found =
        Stream.concat(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                Stream.of("/usr/sbin"))
            .map(each -> Path.of(each, program))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      System.err.println(
          "SKIPPED: a test of MQTT needs " + program + " (Debian package mosquitto)");
    }
    assumeTrue(found.isPresent(), "no " + program);
    return found.orElseThrow().toString();
  }

  public int port() {
    return port;
  }

  /** Starts it and waits until it can be reached. */
  public Mosquitto start() throws IOException, InterruptedException {
    String program = require("mosquitto");
    Path config = folder.resolve("mosquitto.conf");
    StringBuilder text = new StringBuilder("listener " + port + " 127.0.0.1\npersistence false\n");
    if (System.getProperty("user.name", "").equals("root")) {
      text.append("user root\n"); // else it could not read what is in the test's folder
    }
    settings.forEach(line -> text.append(line).append('\n'));
    Files.writeString(config, text);
    Process started =
        new ProcessBuilder(program, "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
    process = started;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!answers()) {
      assertThat(started.isAlive()).as(Files.readString(folder.resolve("mosquitto.log"))).isTrue();
      assertThat(System.nanoTime()).as("mosquitto does not answer").isLessThan(end);
      Thread.sleep(20);
    }
    return this;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(10, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    }
  }
}
