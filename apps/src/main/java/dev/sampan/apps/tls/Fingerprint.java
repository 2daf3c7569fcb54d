package dev.sampan.apps.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** What people compare to know a certificate: its SHA-256. */
public final class Fingerprint {

  private static final String PREFIX = "sha256:";

  private Fingerprint() {}

  /** A certificate's, as {@code sha256:} and 64 hexadecimal digits. */
  public static String of(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return PREFIX + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a certificate that was read has an encoding", e);
    }
  }

  /**
   * One that somebody has written, as {@link #of} writes it: with or without {@code sha256:}, with
   * small or capital digits, with or without colons between them.
   *
   * @return empty if it is none
   */
  public static Optional<String> parse(String text) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    if (digits.startsWith(PREFIX)) {
      digits = digits.substring(PREFIX.length());
    }
    digits = digits.replace(":", "");
    return digits.matches("[0-9a-f]{64}") ? Optional.of(PREFIX + digits) : Optional.empty();
  }
}
