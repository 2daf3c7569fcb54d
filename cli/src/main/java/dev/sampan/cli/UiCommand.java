package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** {@code sampan ui}: gives a link to the web page of the container host. */
final class UiCommand implements Verb {

  private static final String OPEN = "--open";

  @Override
  public Syntax syntax() {
    return HostConnection.verb(
            "ui",
            "Gives a link to the web page of the container host.",
            "The link opens a session in one browser, once, within some minutes. Whoever has the"
                + " session may do with the host what this command may.")
        .option(Option.flag(OPEN, "Open the page in the browser, too."));
  }

  @Override
  public int run(Line line, Console console) {
    JsonNode link = HostConnection.of(line).ask("POST", "/v1/host/page");
    String url = link.path("url").asString();
    console.println(url);
    console.flush();
    if (line.has(OPEN)) {
      open(HostConnection.home(line).resolve("page.html"), url);
    }
    return ExitCode.SUCCESS;
  }

  /**
   * Writes a file that sends the browser on, and that nobody else may read. The link itself must
   * not be on a command line, which all users can see.
   */
  static void redirect(Path file, String url) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent()); // a host elsewhere has none here
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    String page =
        """
        <!DOCTYPE html>
        <meta charset="utf-8">
        <title>Sampan</title>
        <meta http-equiv="refresh" content="0; url=%s">
        """;
    Files.writeString(file, page.formatted(url));
  }

  private static void open(Path file, String url) {
    try {
      redirect(file, url);
      Process process =
          new ProcessBuilder(opener(file))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      // some go on as the browser; that of others is only told to open it
      if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() != 0) {
        throw new Failure(ExitCode.FAILED, "no browser can be opened; use the link", null);
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "no browser can be opened: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> opener(Path file) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String page = file.toUri().toString();
    if (system.startsWith("windows")) {
      return List.of("rundll32", "url.dll,FileProtocolHandler", page);
    }
    return List.of(system.startsWith("mac") ? "open" : "xdg-open", page);
  }
}
