package io.wgnetty.peers;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.wgnetty.setup.DirectoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the options say of TLS, out of files in PEM. Netty reads them; the JDK speaks. */
final class Tls {
  private Tls() {}

  /**
   * {@code null} if nothing is said, and the JVM's own is good.
   *
   * @throws IOException if a file cannot be used; the message names it
   */
  static @Nullable SSLContext of(DirectoryOptions options) throws IOException {
    Path authorities = options.authorities();
    Path certificate = options.certificate();
    Path key = options.key();
    if (authorities == null && certificate == null) {
      return null;
    }
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    try {
      if (authorities != null) {
        builder.trustManager(authorities.toFile());
      }
      if (certificate != null && key != null) {
        builder.keyManager(certificate.toFile(), key.toFile());
      }
      return ((JdkSslContext) builder.build()).context();
    } catch (IllegalArgumentException e) {
      boolean ofKey = String.valueOf(e.getMessage()).contains("private key");
      throw new IOException(
          e.getMessage() + (ofKey ? " (PKCS #8: openssl pkcs8 -topk8 -nocrypt)" : ""), e);
    } catch (SSLException e) {
      throw new IOException("certificates: " + e.getMessage(), e);
    }
  }
}
