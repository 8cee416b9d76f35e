package io.wgnetty.api;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.wgnetty.node.CommandFailure;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Who may ask, as a command line says it; what would be open to everybody is refused. */
public record ApiAccess(
    @Nullable Path tokenFile,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path clientCa) {
  /**
   * Reads the files.
   *
   * @throws CommandFailure if they cannot be used, or would not be enough at this address
   */
  ApiOptions at(InetSocketAddress address, boolean web) throws CommandFailure {
    if (tokenFile == null && clientCa == null) {
      throw CommandFailure.usage(
          "who may ask? --token-file FILE, or --cert, --key and --client-ca for certificates");
    }
    if ((certificate == null) != (key == null)) {
      throw CommandFailure.usage("--cert and --key go together");
    }
    if (clientCa != null && certificate == null) {
      throw CommandFailure.usage("--client-ca needs --cert and --key");
    }
    if (certificate == null && !address.getAddress().isLoopbackAddress()) {
      throw CommandFailure.usage(
          "a token would be read on the way to "
              + address.getAddress().getHostAddress()
              + ": --cert and --key, or an address that is this machine's alone, such as 127.0.0.1");
    }
    return new ApiOptions(
        address,
        tokenFile == null ? null : ApiToken.read(tokenFile),
        tls(),
        web ? WebPages.all() : WebPages.NONE);
  }

  private @Nullable SslContext tls() throws CommandFailure {
    if (certificate == null || key == null) {
      return null;
    }
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(readable(certificate), readable(key))
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2");
      if (clientCa != null) {
        builder.trustManager(readable(clientCa)).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new CommandFailure(
          "these are no certificate and key in PEM: " + CommandFailure.firstLine(e));
    }
  }

  private static File readable(Path file) throws CommandFailure {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailure("cannot read " + file);
    }
    return file.toFile();
  }
}
