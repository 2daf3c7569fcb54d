package dev.sampan.apps.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** How a client makes sure that it speaks to the host that it means. */
public final class Trust {

  private final SSLContext context;

  /** Whether the certificate must be one for the name that was asked for. */
  private final boolean byName;

  private Trust(boolean byName, TrustManager... managers) {
    this.byName = byName;
    try {
      this.context = SSLContext.getInstance("TLS");
      context.init(null, managers.length == 0 ? null : managers, new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has TLS", e);
    }
  }

  /** By those whom Java trusts: the certificate is signed by one of them, for the host's name. */
  public static Trust inSystem() {
    return new Trust(true);
  }

  /**
   * By a certificate in a PEM file: the host's is signed by it, or is that one, and is for the
   * host's name.
   */
  public static Trust inAuthority(Path file) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (X509Certificate each : Pem.certificates(file)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new Trust(true, factory.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * By the fingerprint of its certificate, whatever name that is for and whoever has signed it.
   *
   * @param fingerprint as {@link Fingerprint#of} writes it
   */
  public static Trust inFingerprint(String fingerprint) {
    return new Trust(false, new Pinned(fingerprint));
  }

  /** A secure connection over one that is there; nothing has been sent yet. */
  public SSLSocket over(Socket socket, String host, int port) throws IOException {
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
    if (byName) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
    }
    return secure;
  }

  /** Takes one certificate and no other. */
  private static final class Pinned extends X509ExtendedTrustManager {
    private final String fingerprint;

    Pinned(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      String found = Fingerprint.of(chain[0]);
      if (!found.equals(fingerprint)) {
        throw new CertificateException(
            "expected a certificate with the fingerprint " + fingerprint + ", found " + found);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("clients have no certificates here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
