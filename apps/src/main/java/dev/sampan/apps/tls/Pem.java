package dev.sampan.apps.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468). */
final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----");

  /** What a key can be; which of them one is stands inside. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

  private static final String KEY = "PRIVATE KEY";
  private static final String CERTIFICATE = "CERTIFICATE";

  private Pem() {}

  private record Block(String label, byte[] content) {}

  private static List<Block> blocks(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher found = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    while (found.find()) {
      try {
        byte[] content = Base64.getMimeDecoder().decode(found.group(2));
        blocks.add(new Block(found.group(1), content));
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ": what it begins as " + found.group(1) + " is no Base64", e);
      }
    }
    return blocks;
  }

  private static String labels(List<Block> blocks) {
    return blocks.isEmpty()
        ? "none"
        : String.join(", ", blocks.stream().map(Block::label).distinct().toList());
  }

  /**
   * The certificates in a file, at least one.
   *
   * @throws IOException if there is none, or one is not as it should be
   */
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<Block> blocks = blocks(file);
    List<X509Certificate> all = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label().equals(CERTIFICATE)) {
        try {
          CertificateFactory factory = CertificateFactory.getInstance("X.509");
          var content = new ByteArrayInputStream(block.content());
          all.add((X509Certificate) factory.generateCertificate(content));
        } catch (CertificateException e) {
          throw new IOException(file + ": a certificate is not understood: " + e.getMessage(), e);
        }
      }
    }
    if (all.isEmpty()) {
      throw new IOException(
          file + ": expected a certificate in PEM (BEGIN CERTIFICATE), found " + labels(blocks));
    }
    return all;
  }

  /**
   * The private key in a file.
   *
   * @throws IOException if there is none, or it is in a form that Java does not read
   */
  static PrivateKey key(Path file) throws IOException {
    List<Block> blocks = blocks(file);
    for (Block block : blocks) {
      if (block.label().equals(KEY)) {
        return key(file, block.content());
      }
    }
    String hint =
        blocks.stream().anyMatch(block -> block.label().endsWith(KEY))
            ? "; this makes one of it: openssl pkcs8 -topk8 -nocrypt -in " + file
            : "";
    throw new IOException(
        "%s: expected a private key in PEM, in PKCS #8 and not encrypted (BEGIN PRIVATE KEY), found %s%s"
            .formatted(file, labels(blocks), hint));
  }

  private static PrivateKey key(Path file, byte[] content) throws IOException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
      } catch (InvalidKeySpecException e) {
        // a key for something else
      } catch (GeneralSecurityException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
    }
    throw new IOException(
        file + ": expected a key of " + String.join(", ", ALGORITHMS) + ", found another one");
  }

  /** A block. */
  private static String text(String label, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  /** A key as text. */
  static String text(PrivateKey key) {
    return text(KEY, key.getEncoded());
  }

  /** A certificate as text. */
  static String text(X509Certificate certificate) throws CertificateException {
    return text(CERTIFICATE, certificate.getEncoded());
  }
}
