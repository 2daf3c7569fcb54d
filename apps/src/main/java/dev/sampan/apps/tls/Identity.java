package dev.sampan.apps.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A private key with the certificates that say whose it is.
 *
 * @param chain the key's own first
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {

  /** Keeps the chain as it is. */
  public Identity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads an identity from PEM files.
   *
   * @param certificates the key's own first, then those of whoever has signed it
   * @throws IOException if they cannot be read, do not belong together, or are out of date
   */
  public static Identity read(Path certificates, Path key) throws IOException {
    Identity read = new Identity(Pem.key(key), Pem.certificates(certificates));
    try {
      if (!read.belongsTogether()) {
        throw new IOException(key + ": is not the key of the first certificate in " + certificates);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(key + ": " + e.getMessage(), e);
    }
    Instant end = read.certificate().getNotAfter().toInstant();
    if (end.isBefore(Instant.now())) {
      throw new IOException(certificates + ": the certificate has been out of date since " + end);
    }
    return read;
  }

  private boolean belongsTogether() throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    if (!certificate().getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    byte[] something = "sampan".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(certificate().getPublicKey());
    signature.update(something);
    return signature.verify(signed);
  }

  /** The key's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** What people compare to know it. */
  public String fingerprint() {
    return Fingerprint.of(certificate());
  }

  /** The same as Java's servers take it, in memory. */
  public KeyStore keyStore(char[] password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("host", key, password, chain.toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("a key store in memory takes every key", e);
    }
  }
}
