package dev.sampan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.NetworkGrant.Protocol;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A C program that uses the network, on this machine only. */
@ParameterizedClass
@EnumSource(ExecutionMode.class)
@Timeout(60)
class SocketProgramsTest {

  private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
  private static final int ACCES = 2;
  private static final int CONNREFUSED = 14;

  private final ExecutionMode mode;

  SocketProgramsTest(ExecutionMode mode) {
    this.mode = mode;
  }

  /** A program that runs, and what it prints. */
  private final class Running implements AutoCloseable {
    private final BufferedReader out;
    private final FutureTask<Integer> exitCode;

    Running(Wasi wasi, String... args) throws IOException {
      var program = CPrograms.get("sockets");
      PipedOutputStream pipe = new PipedOutputStream();
      out = new BufferedReader(new InputStreamReader(new PipedInputStream(pipe, 1 << 16), UTF_8));
      String[] all = new String[args.length + 1];
      all[0] = "sockets";
      System.arraycopy(args, 0, all, 1, args.length);
      Imports imports = Imports.create().with(wasi.args(all).stdout(pipe));
      exitCode =
          new FutureTask<>(
              () -> {
                try (pipe;
                    Engine engine = Engine.builder().mode(mode).build();
                    Instance instance = engine.load(program).instantiate(imports)) {
                  instance.function("_start").call();
                  return 0;
                } catch (ExitException e) {
                  return e.status();
                }
              });
      Thread.ofPlatform().daemon().start(exitCode);
    }

    String line() throws IOException {
      return out.readLine();
    }

    int exitCode() throws Exception {
      return exitCode.get();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 127.0.0.1", "1, ::1"})
  void aServerEchoes(String family, String address) throws Exception {
    Wasi wasi = Wasi.preview1().network(NetworkGrant.listen(address, 0));
    try (Running server = new Running(wasi, "serve", family)) {
      int port = Integer.parseInt(server.line());
      try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
        byte[] sent = "0123456789".repeat(10_000).getBytes(UTF_8);
        Thread writer =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        socket.getOutputStream().write(sent);
                        socket.shutdownOutput();
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    });
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
        writer.join();
      }
      assertThat(server.line()).isEqualTo("100000 bytes");
      assertThat(server.exitCode()).isZero();
    }
  }

  @Test
  void aServerWithoutAGrantCannotBind() throws Exception {
    Wasi wasi = Wasi.preview1().network(NetworkGrant.connect(Protocol.TCP, "127.0.0.1", 80));
    try (Running server = new Running(wasi, "serve", "0")) {
      assertThat(server.line()).isEqualTo("bind: " + ACCES);
      assertThat(server.exitCode()).isEqualTo(ACCES);
    }
  }

  /** Answers one connection with what it got, in upper case. */
  private static Thread shout(ServerSocket server) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = server.accept();
                  OutputStream out = socket.getOutputStream()) {
                String text = new String(socket.getInputStream().readAllBytes(), UTF_8);
                out.write(text.toUpperCase().getBytes(UTF_8));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "localhost"})
  void aClientFindsAHostAndTalksToIt(String host) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, V4)) {
      String port = String.valueOf(server.getLocalPort());
      Wasi wasi =
          Wasi.preview1().network(NetworkGrant.connect(Protocol.TCP, host, server.getLocalPort()));
      Thread answering = shout(server);
      try (Running client = new Running(wasi, "ask", host, port, "hello")) {
        assertThat(client.line()).isEqualTo("HELLO");
        assertThat(client.exitCode()).isZero();
      }
      answering.join();
    }
  }

  @Test
  void aClientIsToldWhatAnOperatingSystemWouldSay() throws Exception {
    int closed;
    try (ServerSocket server = new ServerSocket(0, 5, V4)) {
      closed = server.getLocalPort();
    }
    NetworkGrant grant = NetworkGrant.connect(Protocol.TCP, "127.0.0.1", closed);
    Wasi wasi = Wasi.preview1().network(grant);
    try (Running client = new Running(wasi, "ask", "127.0.0.1", String.valueOf(closed), "x")) {
      assertThat(client.line()).isEqualTo("connect: " + CONNREFUSED);
    }
    try (Running client = new Running(wasi, "ask", "example.com", "80", "x")) {
      assertThat(client.line()).isEqualTo("resolve: " + ACCES);
    }
    try (Running client = new Running(wasi, "ask", "127.0.0.2", String.valueOf(closed), "x")) {
      assertThat(client.line()).isEqualTo("connect: " + ACCES);
    }
  }

  @Test
  void datagramsComeBack() throws Exception {
    try (DatagramSocket peer = new DatagramSocket(0, V4)) {
      int port = peer.getLocalPort();
      Thread answering =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                      peer.receive(packet);
                      peer.send(packet);
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      Wasi wasi = Wasi.preview1().network(NetworkGrant.connect(Protocol.UDP, "127.0.0.1", port));
      try (Running client = new Running(wasi, "datagrams", String.valueOf(port), "ping")) {
        assertThat(client.line()).isEqualTo("ping from 1");
        assertThat(client.exitCode()).isZero();
      }
      answering.join();
    }
  }

  @Test
  void waitingByPollSeesConnectionsAndLines() throws Exception {
    Wasi wasi = Wasi.preview1().network(NetworkGrant.listen("127.0.0.1", 0));
    try (Running server = new Running(wasi, "poll")) {
      int port = Integer.parseInt(server.line());
      try (Socket socket = new Socket(V4, port)) {
        for (String line : new String[] {"one\n", "two\nth", "ree\n"}) {
          socket.getOutputStream().write(line.getBytes(UTF_8));
          Thread.sleep(10);
        }
        assertThat(server.line()).isEqualTo("one");
        assertThat(server.line()).isEqualTo("two");
        assertThat(server.line()).isEqualTo("three");
        assertThat(server.exitCode()).isZero();
      }
    }
  }
}
