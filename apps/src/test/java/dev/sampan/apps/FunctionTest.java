package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Header;
import dev.sampan.apps.function.Responder;
import dev.sampan.wasi.Policy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class FunctionTest {

  private static final Trigger.Http HTTP = Trigger.Http.DEFAULT;

  @TempDir Path home;
  private AppHost host;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  private record Answer(int status, List<Header> headers, String body) {}

  private void deploy(String name, Trigger.Http http, String module) {
    host.deploy(name, Optional.of(Manifest.FUNCTION.trigger(http)), TestGuests.module(module));
  }

  private static FunctionRequest request(InputStream body, long length, Header... headers) {
    return new FunctionRequest(
        "POST",
        "/fn/f",
        "/a b",
        "/fn/f/a%20b?x=1",
        "x=1",
        "HTTP/1.1",
        "localhost",
        8080,
        "127.0.0.1",
        List.of(headers),
        length,
        body);
  }

  private Answer call(String name, FunctionRequest request) throws IOException, FunctionException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int[] status = new int[1];
    List<Header> headers = new ArrayList<>();
    host.handle(
        name,
        request,
        (given, all) -> {
          status[0] = given;
          headers.addAll(all);
          return body;
        });
    return new Answer(status[0], headers, body.toString(StandardCharsets.UTF_8));
  }

  private Answer call(String name) throws IOException, FunctionException {
    return call(name, request(InputStream.nullInputStream(), 0));
  }

  private int refusal(String name) throws IOException {
    try {
      return call(name).status();
    } catch (FunctionException e) {
      return e.status();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Isolation.class,
      names = {"FRESH", "POOLED"})
  void answerIsWhatTheGuestWrites(Isolation isolation) throws Exception {
    deploy(
        "f",
        HTTP.isolation(isolation),
        TestGuests.says("Status: 418 Teapot\r\nX-A: b\r\n\r\nhello"));
    for (int i = 0; i < 3; i++) {
      assertThat(call("f")).isEqualTo(new Answer(418, List.of(new Header("X-A", "b")), "hello"));
    }
    assertThat(host.stats("f").calls()).isEqualTo(3);
    assertThat(host.stats("f").errors()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Isolation.class,
      names = {"FRESH", "POOLED"})
  void bodyGoesInAndOut(Isolation isolation) throws Exception {
    deploy("f", HTTP.isolation(isolation), TestGuests.echo());
    for (String body : List.of("", "some text", "long ".repeat(100_000))) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      assertThat(call("f", request(new ByteArrayInputStream(bytes), -1)).body()).isEqualTo(body);
    }
  }

  @Test
  void revisionThatNeverStartsIsNotTriedForEver() throws Exception {
    Trigger.Http http = HTTP.timeLimit(Duration.ofMillis(200));
    deploy("f", http, TestGuests.text("well"));
    assertThatThrownBy(() -> deploy("f", http, TestGuests.neverStarts()))
        .hasMessageContaining("revision 1 stays: time exhausted");
    Duration used = host.cpuTime("f");
    Thread.sleep(300);
    assertThat(host.cpuTime("f")).isEqualTo(used);
  }

  @Test
  void requestThatNeverStartsEndsWithItsFunction() throws Exception {
    deploy("f", HTTP.timeLimit(Duration.ofHours(1)), TestGuests.neverStarts());
    try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
      Future<Integer> status = caller.submit(() -> refusal("f"));
      Thread.sleep(100);
      host.stop("f");
      assertThat(status.get(1, TimeUnit.SECONDS)).isEqualTo(503);
    }
  }

  @Test
  void nameIsFreeWhenNothingIsLeftOfWhatHadIt() throws Exception {
    deploy("f", HTTP, TestGuests.sleeps(800, "late"));
    try (ExecutorService others = Executors.newFixedThreadPool(2)) {
      Future<Integer> request = others.submit(() -> refusal("f"));
      Thread.sleep(200);
      Future<?> removal = others.submit(() -> host.remove("f", true));
      Thread.sleep(200);
      assertThatThrownBy(() -> deploy("f", HTTP, TestGuests.text("next")))
          .isInstanceOf(AppException.class);
      removal.get(10, TimeUnit.SECONDS);
      request.get(10, TimeUnit.SECONDS);
    }
    deploy("f", HTTP, TestGuests.text("next"));
    assertThat(call("f").body()).isEqualTo("next");
    assertThat(host.log("f").tail(10)).hasSize(1).first().asString().contains("started");
  }

  @Test
  void onlySharedInstancesRemember() throws Exception {
    deploy("fresh", HTTP, TestGuests.counts());
    deploy("pooled", HTTP.isolation(Isolation.POOLED), TestGuests.counts());
    deploy("shared", HTTP.isolation(Isolation.SHARED), TestGuests.counts());
    for (String digit : List.of("1", "2", "3")) {
      assertThat(call("fresh").body()).isEqualTo("1");
      assertThat(call("pooled").body()).isEqualTo("1");
      assertThat(call("shared").body()).isEqualTo(digit);
    }
  }

  @Test
  void programCannotBeShared() {
    assertThatThrownBy(() -> deploy("f", HTTP.isolation(Isolation.SHARED), TestGuests.text("x")))
        .hasMessageContaining("expected a reactor that exports 'handle', found '_start'");
    assertThat(host.list()).isEmpty();
  }

  @Test
  void moduleThatIsNoFunctionIsRefused() {
    assertThatThrownBy(() -> deploy("f", HTTP, "(module)"))
        .hasMessageContaining("expected a function to be a program");
  }

  @Test
  void moduleThatCannotBeLinkedDoesNotTakeOver() throws Exception {
    deploy("f", HTTP, TestGuests.text("one"));
    assertThatThrownBy(
            () ->
                deploy(
                    "f", HTTP, "(module (import \"a\" \"b\" (func)) (func (export \"_start\")))"))
        .hasMessageContaining("revision 2 does not come up, revision 1 stays: cannot be linked");
    assertThat(call("f").body()).isEqualTo("one");
  }

  @Test
  void revisionThatIsNotWellDoesNotTakeOver() throws Exception {
    deploy("f", HTTP.health("/ok"), TestGuests.text("one"));
    assertThatThrownBy(
            () -> deploy("f", HTTP.health("/ok"), TestGuests.says("Status: 500\n\nbroken")))
        .hasMessageContaining("expected /ok to answer with 200 to 299, found 500");
    assertThat(call("f").body()).isEqualTo("one");
    assertThat(host.status("f").current()).isEqualTo(1);
  }

  @Test
  void outputThatIsNoResponseIsBadGateway() throws Exception {
    deploy("none", HTTP, TestGuests.says(""));
    deploy("hello", HTTP, TestGuests.says("Hello, world\n"));
    assertThatThrownBy(() -> call("none"))
        .hasMessageContaining("the function gave no response")
        .hasMessageContaining("found 'nothing'");
    assertThatThrownBy(() -> call("hello")).hasMessageContaining("found 'Hello, world'");
    assertThat(refusal("hello")).isEqualTo(502);
    assertThat(host.stats("hello").errors()).isEqualTo(2);
  }

  @Test
  void headersCannotBeInjected() throws Exception {
    for (String header :
        List.of(
            "Status: 99",
            "Status: 200 x\rSet-Cookie: a",
            "X: a\rSet-Cookie: b",
            "X\u0001: a",
            "X Y: a",
            ": a",
            "Transfer-Encoding: chunked",
            "Connection: close",
            "Content-Length: -1")) {
      String name = "f" + Math.floorMod(header.hashCode(), 1_000_000);
      deploy(name, HTTP, TestGuests.says(header + "\n\nbody"));
      assertThat(refusal(name)).as(header).isEqualTo(502);
    }
  }

  @Test
  void trapIsServerErrorAndItsBacktraceIsInTheLog() throws Exception {
    deploy("f", HTTP, TestGuests.says("A: b\n\nx", "unreachable"));
    assertThatThrownBy(() -> call("f"))
        .isInstanceOfSatisfying(FunctionException.class, e -> assertThat(e.status()).isEqualTo(500))
        .hasMessage("the function failed: trap: unreachable");
    assertThat(String.join("", host.log("f").tail(10))).contains("at f!");
  }

  @ParameterizedTest
  @EnumSource(
      value = Isolation.class,
      names = {"FRESH", "POOLED"})
  void functionThatTakesTooLongIsGatewayTimeout(Isolation isolation) throws Exception {
    deploy(
        "f",
        HTTP.isolation(isolation).timeLimit(Duration.ofMillis(200)),
        TestGuests.says("A: b\n\nx", "(loop $l (br $l))"));
    assertThat(refusal("f")).isEqualTo(504);
    assertThat(refusal("f")).isEqualTo(504);
  }

  /** A body that comes never. */
  private static final class Silence extends InputStream {
    final CountDownLatch reading = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      reading.countDown();
      try {
        end.await();
        return -1;
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }
  }

  @Test
  void functionThatWaitsForItsBodyIsStoppedInTime() throws Exception {
    deploy("f", HTTP.timeLimit(Duration.ofMillis(200)), TestGuests.echo());
    assertThatThrownBy(() -> call("f", request(new Silence(), -1)))
        .isInstanceOfSatisfying(
            FunctionException.class, e -> assertThat(e.status()).isEqualTo(504));
  }

  /** Calls in a thread for guests, and gives what is left there. */
  private <T> T inGuestThread(Callable<T> call) throws Exception {
    FutureTask<T> task = new FutureTask<>(call);
    host.guestThreads().execute(task);
    return task.get();
  }

  /** The thread in which a guest writes. */
  private Thread guestThread() throws IOException, FunctionException {
    Thread[] thread = new Thread[1];
    host.handle(
        "f",
        request(InputStream.nullInputStream(), 0),
        (status, headers) -> {
          thread[0] = Thread.currentThread();
          return OutputStream.nullOutputStream();
        });
    return thread[0];
  }

  @Test
  void guestRunsInTheCallingThreadIfThatIsForGuests() throws Exception {
    deploy("f", HTTP, TestGuests.text("x"));
    boolean same = inGuestThread(() -> guestThread() == Thread.currentThread());
    assertThat(same).isTrue();
    assertThat(guestThread()).isNotSameAs(Thread.currentThread());
  }

  @Test
  void callingThreadIsAsBeforeWhenItsGuestWasStopped() throws Exception {
    deploy("f", HTTP.timeLimit(Duration.ofMillis(200)), TestGuests.echo());
    boolean interrupted =
        inGuestThread(
            () -> {
              assertThatThrownBy(() -> call("f", request(new Silence(), -1)))
                  .isInstanceOfSatisfying(
                      FunctionException.class, e -> assertThat(e.status()).isEqualTo(504));
              return Thread.currentThread().isInterrupted();
            });
    assertThat(interrupted).isFalse();
    assertThat(host.stats("f").errors()).isEqualTo(1);
  }

  @Test
  void whoAsksNeedNotWaitForGuestThatCannotBeStopped() throws Exception {
    deploy("f", HTTP.timeLimit(Duration.ofMillis(100)), TestGuests.echo());
    CompletableFuture<FunctionException> givenUp = new CompletableFuture<>();
    CountDownLatch end = new CountDownLatch(1);
    Responder responder =
        new Responder() {
          @Override
          public OutputStream begin(int status, List<Header> headers) {
            while (end.getCount() > 0) {
              Thread.interrupted(); // it does not listen
              Thread.onSpinWait();
            }
            return OutputStream.nullOutputStream();
          }

          @Override
          public void giveUp(FunctionException reason) {
            givenUp.complete(reason);
          }
        };
    host.guestThreads()
        .execute(
            () -> {
              try {
                host.handle("f", request(InputStream.nullInputStream(), 0), responder);
              } catch (IOException | FunctionException e) {
                // comes too late for anybody
              }
            });
    try {
      assertThat(givenUp.get().status()).isEqualTo(504);
      assertThat(givenUp.get()).hasMessage("the function could not be stopped in time");
    } finally {
      end.countDown();
    }
  }

  @Test
  void startFunctionThatLoopsDoesNotTakeOverAndDoesNotGoOn() throws Exception {
    String loops = "(module (func $s (loop $l (br $l))) (start $s) (func (export \"_start\")))";
    deploy("f", HTTP.timeLimit(Duration.ofMillis(200)), TestGuests.text("x"));
    assertThatThrownBy(() -> host.upgrade("f", Optional.empty(), TestGuests.module(loops), 1))
        .isInstanceOf(AppException.class)
        .hasMessageContaining("time exhausted");
    assertThat(guestsThatRun()).isZero();
  }

  /** How many threads are in code of guests. */
  private static long guestsThatRun() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            frames ->
                Arrays.stream(frames).anyMatch(each -> each.getClassName().startsWith("wasm.")))
        .count();
  }

  @Test
  void bodyThatHasFailedIsNotReadAgainHoweverOftenTheGuestTries() {
    deploy("f", HTTP.timeLimit(Duration.ofMillis(200)), TestGuests.echo());
    AtomicInteger reads = new AtomicInteger();
    InputStream fails =
        new InputStream() {
          @Override
          public int read() throws IOException {
            if (reads.incrementAndGet() == 1) {
              return 'x';
            }
            throw new IOException("the client has gone");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            bytes[offset] = (byte) read();
            return 1;
          }
        };
    assertThatThrownBy(() -> call("f", request(fails, -1))).isInstanceOf(FunctionException.class);
    assertThat(reads).hasValue(2);
  }

  @Test
  void bodyThatIsTooLongIsRefused() throws Exception {
    deploy("f", HTTP.maxBytes(1000, 1 << 20), TestGuests.echo());
    byte[] body = new byte[1001];
    assertThatThrownBy(() -> call("f", request(new ByteArrayInputStream(body), 1001)))
        .hasMessage("expected a body of at most 1000 bytes, found 1001");
    assertThatThrownBy(() -> call("f", request(new ByteArrayInputStream(body), -1)))
        .isInstanceOfSatisfying(
            FunctionException.class, e -> assertThat(e.status()).isEqualTo(413));
  }

  @Test
  void responseThatIsTooLongIsBrokenOff() {
    deploy("f", HTTP.maxBytes(1 << 20, 100), TestGuests.echo());
    assertThatThrownBy(() -> call("f", request(new ByteArrayInputStream(new byte[101]), -1)))
        .isInstanceOf(FunctionException.class)
        .hasMessageContaining("output exhausted: limit 100 bytes");
  }

  @Test
  void moreRequestsThanMayWaitAreRefused() throws Exception {
    deploy("f", HTTP.concurrency(1, 1), TestGuests.echo());
    Silence first = new Silence();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> one = threads.submit(() -> call("f", request(first, -1)));
      first.reading.await();
      List<Future<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        others.add(threads.submit(() -> refusal("f")));
      }
      // whichever comes first waits, the others are told so at once
      while (others.stream().filter(Future::isDone).count() < 2) {
        Thread.sleep(1);
      }
      first.end.countDown();
      assertThat(one.get().status()).isEqualTo(200);
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> other : others) {
        statuses.add(other.get());
      }
      assertThat(statuses).containsExactlyInAnyOrder(200, 429, 429);
    }
    assertThat(host.stats("f").refused()).isEqualTo(2);
  }

  @Test
  void stoppedAndPausedFunctionsAreUnavailable() throws Exception {
    deploy("f", HTTP, TestGuests.text("x"));
    host.pause("f");
    assertThat(refusal("f")).isEqualTo(503);
    host.resume("f");
    assertThat(refusal("f")).isEqualTo(200);
    host.stop("f");
    assertThat(refusal("f")).isEqualTo(503);
    assertThat(refusal("unknown")).isEqualTo(404);
    host.install("p", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    assertThat(refusal("p")).isEqualTo(404);
  }

  @Test
  void stoppingWaitsForRequestsOnlySomeTime() throws Exception {
    deploy("f", HTTP, TestGuests.echo());
    Silence body = new Silence();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> call =
          threads.submit(
              () -> {
                try {
                  return call("f", request(body, -1)).status();
                } catch (FunctionException e) {
                  return e.status();
                }
              });
      body.reading.await();
      host.stop("f");
      assertThat(call.get()).isEqualTo(503);
    }
  }

  @Test
  void noRequestIsLostWhileRevisionsChange() throws Exception {
    deploy("f", HTTP.concurrency(4, 1000), TestGuests.text("1"));
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    Map<String, Integer> answers = new ConcurrentHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        callers.add(
            threads.submit(
                () -> {
                  int last = 0;
                  while (!over.get()) {
                    Answer answer = call("f");
                    assertThat(answer.status()).isEqualTo(200);
                    int revision = Integer.parseInt(answer.body());
                    assertThat(revision).isGreaterThanOrEqualTo(last);
                    last = revision;
                    answers.merge(answer.body(), 1, Integer::sum);
                    calls.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (int revision = 2; revision <= 30; revision++) {
        int before = calls.get();
        host.upgrade("f", Optional.empty(), TestGuests.module(TestGuests.text("" + revision)), 2);
        assertThat(call("f").body()).isEqualTo("" + revision);
        while (calls.get() < before + 20 && callers.stream().noneMatch(Future::isDone)) {
          Thread.sleep(1);
        }
      }
      over.set(true);
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
    assertThat(answers).hasSizeGreaterThan(10);
    assertThat(host.stats("f").errors()).isZero();
  }

  @Test
  void grantedVariablesStandAboveThoseOfTheClient() throws Exception {
    // prints the environment's bytes behind an empty header
    String printsEnvironment =
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "environ_get"
            (func $get (param i32 i32) (result i32)))
          (memory (export "memory") 2)
          (data (i32.const 200) "A: b\\n\\n")
          (func (export "_start")
            (drop (call $get (i32.const 1024) (i32.const 8192)))
            (i32.store (i32.const 0) (i32.const 200))
            (i32.store (i32.const 4) (i32.const 6))
            (i32.store (i32.const 8) (i32.const 8192))
            (i32.store (i32.const 12) (i32.const 8192))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 16)))))
        """;
    host.deploy(
        "f",
        Optional.of(
            Manifest.FUNCTION.permissions(
                Permissions.of(
                    Policy.standard().env("HTTP_X_SECRET", "granted").env("KEY", "value")))),
        TestGuests.module(printsEnvironment));
    Answer answer =
        call(
            "f",
            request(
                InputStream.nullInputStream(),
                0,
                new Header("X-Secret", "sent"),
                new Header("Proxy", "evil"),
                new Header("Accept", "a"),
                new Header("accept", "b")));
    List<String> variables = List.of(answer.body().split("\0+"));
    assertThat(variables)
        .contains(
            "HTTP_X_SECRET=granted",
            "KEY=value",
            "HTTP_ACCEPT=a, b",
            "REQUEST_METHOD=POST",
            "SCRIPT_NAME=/fn/f",
            "PATH_INFO=/a b",
            "QUERY_STRING=x=1",
            "CONTENT_LENGTH=0")
        .noneMatch(each -> each.startsWith("HTTP_PROXY"));
  }
}
