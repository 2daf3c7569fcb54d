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
    long pid = host.ask("GET", "/v1/host").path("pid").asLong();
    host.ask("POST", "/v1/host/stop");
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    boolean own = pid == ProcessHandle.current().pid();
    try {
      if (process.isPresent() && !own) {
        process.get().onExit().get(WAIT_SECONDS, TimeUnit.SECONDS);
      }
      console.println("stopped");
      return ExitCode.SUCCESS;
    } catch (TimeoutException | ExecutionException e) {
      throw new Failure(
          ExitCode.FAILED, "process " + pid + " runs still after " + WAIT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }
}
