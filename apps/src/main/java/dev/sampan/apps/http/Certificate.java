package dev.sampan.apps.http;

import dev.sampan.apps.tls.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The host's identity as the server uses it; when its files change, the server changes with them.
 */
final class Certificate {

  private static final System.Logger LOG = System.getLogger(Certificate.class.getName());

  private final Path certificates;
  private final Path key;
  private final SslContextFactory.Server tls = new SslContextFactory.Server();
  private volatile Identity identity;
  private List<FileTime> times;

  /**
   * Reads the identity.
   *
   * @throws IOException if it cannot be used
   */
  Certificate(Path certificates, Path key) throws IOException {
    this.certificates = certificates;
    this.key = key;
    this.times = times();
    this.identity = Identity.read(certificates, key);
    tls.setRenegotiationAllowed(false);
    put(tls, identity);
  }

  private List<FileTime> times() throws IOException {
    return List.of(Files.getLastModifiedTime(certificates), Files.getLastModifiedTime(key));
  }

  private static void put(SslContextFactory to, Identity identity) {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    to.setKeyStore(identity.keyStore(password.toCharArray()));
    to.setKeyStorePassword(password);
  }

  SslContextFactory.Server tls() {
    return tls;
  }

  /** What clients may compare. */
  String fingerprint() {
    return identity.fingerprint();
  }

  /** Reads the identity again if its files have changed; what cannot be used changes nothing. */
  void refresh() {
    try {
      List<FileTime> now = times();
      if (now.equals(times)) {
        return;
      }
      times = now;
      Identity next = Identity.read(certificates, key);
      tls.reload(factory -> put(factory, next));
      identity = next;
      LOG.log(System.Logger.Level.INFO, "the certificate is now " + next.fingerprint());
    } catch (Exception e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the certificate stays as it was, as the new one cannot be used: " + e.getMessage());
    }
  }
}
