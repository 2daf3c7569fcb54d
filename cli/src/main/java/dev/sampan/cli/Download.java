package dev.sampan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A file fetched from the web: not longer than a host accepts, not for ever, and not from anywhere
 * that it is sent to.
 */
final class Download {

  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int CHUNK = 1 << 16;

  private final String given;
  private final long maxBytes;
  private final long end;

  private Download(String given, long maxBytes, Duration time) {
    this.given = given;
    this.maxBytes = maxBytes;
    this.end = System.nanoTime() + time.toNanos();
  }

  /** Whether a text is the address of something on the web. */
  static boolean isUrl(String text) {
    String begin = text.toLowerCase(Locale.ROOT);
    return begin.startsWith("http://") || begin.startsWith("https://");
  }

  /**
   * Fetches.
   *
   * @param to where it is written
   * @param time how long all of it may take
   * @throws Failure if it cannot be had, or is too long
   */
  static void fetch(String url, Path to, long maxBytes, Duration time) {
    Download download = new Download(url, maxBytes, time);
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory())) {
      try (InputStream body = download.open(client);
          OutputStream out = Files.newOutputStream(to)) {
        // what comes bit by bit, or not at all, is waited for only so long
        var stop = timer.schedule(client::shutdownNow, download.left(), TimeUnit.NANOSECONDS);
        download.copy(body, out);
        stop.cancel(false);
      }
      timer.shutdownNow();
    } catch (IllegalArgumentException e) {
      throw Failure.usage("no URL: " + e.getMessage());
    } catch (IOException e) {
      throw download.failure(
          download.left() == 0 ? "it takes longer than " + time.toSeconds() + " s" : message(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw download.failure("interrupted", e);
    }
  }

  private static String message(IOException e) {
    if (e instanceof ConnectException) {
      return e.getCause() instanceof UnresolvedAddressException
          ? "there is no machine of that name"
          : "nobody takes connections there";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private Failure failure(String message, Exception cause) {
    return new Failure(ExitCode.FAILED, given + ": " + message, cause);
  }

  private Failure failure(String message) {
    return new Failure(ExitCode.FAILED, given + ": " + message, null);
  }

  private long left() {
    return Math.max(0, end - System.nanoTime());
  }

  private InputStream open(HttpClient client) throws IOException, InterruptedException {
    URI url = URI.create(given);
    for (int redirects = 0; ; redirects++) {
      HttpRequest request =
          HttpRequest.newBuilder(url).timeout(Duration.ofNanos(Math.max(1, left()))).build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      int status = response.statusCode();
      Optional<String> location = response.headers().firstValue("Location");
      if (REDIRECTS.contains(status) && location.isPresent()) {
        response.body().close();
        if (redirects == MAX_REDIRECTS) {
          throw failure("expected at most " + MAX_REDIRECTS + " redirects, found more");
        }
        url = redirected(url, location.get());
        continue;
      }
      if (status != 200) {
        response.body().close();
        throw failure("expected status 200, found " + status);
      }
      long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
      if (length > maxBytes) {
        response.body().close();
        throw tooLong(String.valueOf(length));
      }
      return response.body();
    }
  }

  private URI redirected(URI from, String location) {
    URI to = from.resolve(location);
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    if (!secure && !scheme.equals("http")) {
      throw failure("is redirected to '" + to + "', which is not on the web");
    }
    if (!secure && "https".equalsIgnoreCase(from.getScheme())) {
      throw failure("is redirected from https to http, where it could be changed on its way");
    }
    return to;
  }

  private Failure tooLong(String found) {
    return failure("expected at most " + maxBytes + " bytes, found " + found);
  }

  private void copy(InputStream body, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long total = 0;
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      total += n;
      if (total > maxBytes) {
        throw tooLong("more");
      }
      out.write(chunk, 0, n);
    }
  }
}
