package dev.sampan.cli;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code sampan host stop}: ends the container host; its apps come back when it is started. */
final class HostStopCommand implements Verb {

  private static final long WAIT_SECONDS = 60;

  @Override
  public Syntax syntax() {
    return HostConnection.verb(
        "stop",
        "Stops the container host.",
        "Requests that are being handled may end. What runs comes back when the host is started"
            + " again.");
  }

  @Override
  public int run(Line line, Console console) {
    HostConnection host = HostConnection.of(line);
    long pid = host.ask("GET", "/v1/host").path("pid").asLong(0);
    host.ask("POST", "/v1/host/stop");
    try {
      if (host.isRemote()) {
        awaitSilence(host);
      } else if (pid != ProcessHandle.current().pid()) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isPresent()) {
          process.get().onExit().get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
      }
      console.println("stopped");
      return ExitCode.SUCCESS;
    } catch (TimeoutException | ExecutionException e) {
      throw new Failure(ExitCode.FAILED, "the host runs still after " + WAIT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private static void awaitSilence(HostConnection host)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (host.isThere()) {
      if (System.nanoTime() > end) {
        throw new TimeoutException();
      }
      Thread.sleep(100);
    }
  }
}
