package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.preview1.SocketCall;
import dev.sampan.wasi.preview1.Syscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Looks at the sources of the tests: no call and no reason to fail may be without one. */
class CoverageTest {

  /**
   * What is thrown in states that a test cannot bring about: a machine without interfaces, a lookup
   * that fails as no lookup does, and lists of arguments of 2 GiB.
   */
  private static final List<Errno> OUT_OF_REACH = List.of(Errno.OVERFLOW, Errno.FAULT);

  private static String sources(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".java") && !file.endsWith("CoverageTest.java"))
          .map(CoverageTest::text)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyCallHasATest() throws IOException {
    String tests = sources("src/test/java");
    Stream<String> calls =
        Stream.concat(
            Stream.of(Syscall.values()).map(Syscall::wasmName),
            Stream.of(SocketCall.values()).map(SocketCall::wasmName));
    assertThat(calls)
        .allSatisfy(
            call -> {
              // tests of options put their names together
              String option = call.replaceFirst("sock_[gs]et_", "");
              assertThat(
                      tests.contains('"' + call + '"')
                          || !option.equals(call) && tests.contains('"' + option + '"'))
                  .as(call)
                  .isTrue();
            });
  }

  @Test
  void everyErrnoThatIsThrownHasATest() throws IOException {
    String tests = sources("src/test/java");
    String main = sources("src/main/java");
    List<Errno> thrown =
        Stream.of(Errno.values())
            .filter(errno -> errno != Errno.SUCCESS && !OUT_OF_REACH.contains(errno))
            .filter(
                errno ->
                    Pattern.compile(
                            "(ErrnoException\\(|refused\\(\\s*|return )Errno\\." + errno + "\\b")
                        .matcher(main)
                        .find())
            .toList();
    assertThat(thrown)
        .hasSizeGreaterThan(30)
        .allSatisfy(
            errno ->
                assertThat(tests).as(errno.name()).containsPattern("Errno\\." + errno + "\\b"));
  }
}
