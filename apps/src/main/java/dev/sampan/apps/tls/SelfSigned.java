package dev.sampan.apps.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An identity that nobody else vouches for: a host makes it for itself when it first needs one, and
 * clients know it by its fingerprint. The certificate is made by {@code keytool} of the Java that
 * runs us, as Java has no public interface for that.
 */
public final class SelfSigned {

  private static final String DAYS = "3650";
  private static final long SECONDS = 60;

  private SelfSigned() {}

  /** The file of the certificate. */
  public static Path certificate(Path folder) {
    return folder.resolve("cert.pem");
  }

  /** The file of the key. */
  public static Path key(Path folder) {
    return folder.resolve("key.pem");
  }

  /**
   * Makes an identity in a folder, if there is none.
   *
   * @param address where the host is to be found, as an address or name
   */
  public static void make(Path folder, String address) throws IOException, InterruptedException {
    if (Files.exists(certificate(folder)) && Files.exists(key(folder))) {
      return;
    }
    Files.createDirectories(folder);
    if (isPosix(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    Identity made = generate(folder, address);
    try {
      // the certificate comes last: it says that there is an identity
      put(key(folder), Pem.text(made.key()));
      put(certificate(folder), Pem.text(made.certificate()));
    } catch (GeneralSecurityException e) {
      throw new IOException("the host's certificate cannot be written: " + e.getMessage(), e);
    }
  }

  private static boolean isPosix(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void put(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    if (isPosix(file)) {
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Identity generate(Path folder, String address)
      throws IOException, InterruptedException {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path store = folder.resolve("new.p12");
    Files.deleteIfExists(store);
    try {
      keytool(store, password, address);
      KeyStore made = KeyStore.getInstance(store.toFile(), password.toCharArray());
      String alias = made.aliases().nextElement();
      PrivateKey key = (PrivateKey) made.getKey(alias, password.toCharArray());
      return new Identity(key, List.of((X509Certificate) made.getCertificate(alias)));
    } catch (GeneralSecurityException e) {
      throw new IOException("keytool has made no key store that Java reads: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static void keytool(Path store, String password, String address)
      throws IOException, InterruptedException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    ProcessBuilder command =
        new ProcessBuilder(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            "host",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-sigalg",
            "SHA256withECDSA",
            "-dname",
            "CN=sampan host",
            "-ext",
            "san=" + String.join(",", names(address)),
            "-validity",
            DAYS,
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass:env",
            "SAMPAN_STORE_PASSWORD");
    command.environment().put("SAMPAN_STORE_PASSWORD", password);
    Process process;
    try {
      process = command.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          keytool
              + " makes the host's certificate, and cannot be run; install a whole JDK, or give the"
              + " host a certificate and its key",
          e);
    }
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(keytool + " could not make the host's certificate: " + said.strip());
    }
  }

  /** By what the host may be called. */
  private static Set<String> names(String address) {
    Set<String> names = new LinkedHashSet<>(List.of("dns:localhost", "ip:127.0.0.1", "ip:::1"));
    try {
      InetAddress given = InetAddress.ofLiteral(address);
      if (!given.isAnyLocalAddress()) {
        names.add("ip:" + given.getHostAddress().replaceFirst("%.*", ""));
      }
    } catch (IllegalArgumentException e) {
      addName(names, address);
    }
    try {
      addName(names, InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // a machine that does not know its own name
    }
    return names;
  }

  private static void addName(Set<String> names, String name) {
    if (name.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})")) {
      names.add("dns:" + name);
    }
  }
}
