package dev.sampan.apps.http;

import static dev.sampan.apps.http.TestServer.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.tls.Fingerprint;
import dev.sampan.apps.tls.Identity;
import dev.sampan.apps.tls.SelfSigned;
import dev.sampan.apps.tls.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a host and its clients make sure of each other. */
@Timeout(120)
class TlsTest {

  @TempDir Path home;

  private static String refusal(URI url, Trust trust) {
    HostClient client = HostClient.remote(url, trust, TestServer.OPERATOR);
    try {
      ask(client, "GET", "/v1/host");
    } catch (SSLException e) {
      return e.getMessage();
    } catch (IOException e) {
      return "another failure: " + e;
    }
    return "none";
  }

  @Test
  void clientTrustsTheHostItMeansAndNoOther() throws Exception {
    Path certificate = SelfSigned.certificate(TestServer.tls());
    String fingerprint = TestServer.identity().fingerprint();
    try (TestServer test = TestServer.open(home)) {
      assertThat(test.server.fingerprint()).contains(fingerprint);
      assertThat(refusal(test.url(), Trust.inFingerprint(fingerprint))).isEqualTo("none");
      assertThat(refusal(test.url(), Trust.inAuthority(certificate))).isEqualTo("none");
      assertThat(refusal(test.url(), Trust.inSystem())).contains("unable to find valid");
      String other = "sha256:" + "0".repeat(64);
      assertThat(refusal(test.url(), Trust.inFingerprint(other)))
          .contains("expected a certificate with the fingerprint " + other + ", found ")
          .contains(fingerprint);
      // by an authority the name counts, by a fingerprint it does not
      URI elsewhere = URI.create("https://127.0.0.2:" + test.url().getPort());
      assertThat(refusal(elsewhere, Trust.inFingerprint(fingerprint)))
          .startsWith("another failure: java.net.ConnectException");
      URI named = URI.create("https://localhost:" + test.url().getPort());
      assertThat(refusal(named, Trust.inAuthority(certificate))).isEqualTo("none");
    }
  }

  @Test
  void nameMustBeThatOfTheCertificate() throws Exception {
    Path other = home.resolve("other");
    SelfSigned.make(other, "example.com");
    // what is for localhost and this machine by nature is not for 127.0.0.2
    try (TestServer test = onAllAddresses(other)) {
      URI elsewhere = URI.create("https://127.0.0.2:" + test.url().getPort());
      Path certificate = SelfSigned.certificate(other);
      assertThat(refusal(elsewhere, Trust.inAuthority(certificate))).contains("127.0.0.2");
      String fingerprint = Identity.read(certificate, SelfSigned.key(other)).fingerprint();
      assertThat(refusal(elsewhere, Trust.inFingerprint(fingerprint))).isEqualTo("none");
    }
  }

  private TestServer onAllAddresses(Path tls) throws IOException, InterruptedException {
    return TestServer.open(
        HostSettings.at(home),
        settings ->
            settings.https(
                new ServerSettings.Https(
                    new InetSocketAddress("0.0.0.0", 0),
                    SelfSigned.certificate(tls),
                    SelfSigned.key(tls))));
  }

  @Test
  void identityIsMadeOnceAndForTheOwnerAlone() throws Exception {
    Path folder = home.resolve("tls");
    SelfSigned.make(folder, "host.example.com");
    Path key = SelfSigned.key(folder);
    byte[] before = Files.readAllBytes(key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    SelfSigned.make(folder, "host.example.com");
    assertThat(Files.readAllBytes(key)).isEqualTo(before);
    Identity made = Identity.read(SelfSigned.certificate(folder), key);
    assertThat(made.certificate().getSubjectAlternativeNames())
        .extracting(each -> String.valueOf(each.get(1)))
        .contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "host.example.com");
    assertThat(Files.list(folder)).hasSize(2);
  }

  @Test
  void certificateIsExchangedWhileTheHostRuns() throws Exception {
    Path tls = home.resolve("tls");
    Path next = home.resolve("next");
    SelfSigned.make(tls, "127.0.0.1");
    SelfSigned.make(next, "127.0.0.1");
    Certificate certificate = new Certificate(SelfSigned.certificate(tls), SelfSigned.key(tls));
    String before = certificate.fingerprint();
    certificate.tls().start();
    Files.writeString(SelfSigned.certificate(tls), "nonsense");
    certificate.refresh();
    assertThat(certificate.fingerprint()).isEqualTo(before);
    for (Path file : new Path[] {SelfSigned.certificate(next), SelfSigned.key(next)}) {
      Path to = tls.resolve(file.getFileName());
      Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(to, FileTime.from(Instant.now().plusSeconds(5)));
    }
    certificate.refresh();
    assertThat(certificate.fingerprint())
        .isNotEqualTo(before)
        .isEqualTo(Identity.read(SelfSigned.certificate(next), SelfSigned.key(next)).fingerprint());
    certificate.tls().stop();
  }

  @Test
  void filesThatAreNoIdentityAreNamed() throws Exception {
    Path cert = SelfSigned.certificate(TestServer.tls());
    Path key = SelfSigned.key(TestServer.tls());
    Path other = home.resolve("other");
    SelfSigned.make(other, "127.0.0.1");
    Path empty = Files.writeString(home.resolve("empty.pem"), "");
    Path old = Files.writeString(home.resolve("old.pem"), block("RSA PRIVATE KEY", "AAAA"));
    Path locked =
        Files.writeString(home.resolve("locked.pem"), block("ENCRYPTED PRIVATE KEY", "AAAA"));
    Path broken = Files.writeString(home.resolve("broken.pem"), block("CERTIFICATE", "AAAA"));
    wrong(cert, empty, "expected a private key in PEM, in PKCS #8 and not encrypted (BEGIN");
    wrong(cert, old, "found RSA PRIVATE KEY; this makes one of it: openssl pkcs8 -topk8 -nocrypt");
    wrong(cert, locked, "found ENCRYPTED PRIVATE KEY; this makes one of it: openssl pkcs8");
    wrong(key, key, "expected a certificate in PEM (BEGIN CERTIFICATE), found PRIVATE KEY");
    wrong(broken, key, "a certificate is not understood");
    wrong(cert, SelfSigned.key(other), "is not the key of the first certificate in " + cert);
    wrong(home.resolve("none"), key, "none");
  }

  private static String block(String label, String content) {
    return "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
  }

  private static void wrong(Path certificates, Path key, String message) {
    assertThatThrownBy(() -> Identity.read(certificates, key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void fingerprintsAreReadAsPeopleWriteThem() {
    String digits = "0123456789abcdef".repeat(4);
    assertThat(Fingerprint.parse(digits)).contains("sha256:" + digits);
    assertThat(Fingerprint.parse("SHA256:" + digits.toUpperCase(Locale.ROOT)))
        .contains("sha256:" + digits);
    assertThat(Fingerprint.parse(digits.replaceAll("..(?=.)", "$0:"))).contains("sha256:" + digits);
    assertThat(Fingerprint.parse(digits + "0")).isEmpty();
    assertThat(Fingerprint.parse("")).isEmpty();
  }
}
