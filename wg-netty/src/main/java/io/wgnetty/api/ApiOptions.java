package io.wgnetty.api;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the API is served.
 *
 * @param address where it listens; port 0 for any
 * @param token what clients show; {@code null} if their certificates are enough
 * @param tls {@code null} for HTTP alone
 * @param pages for people
 */
record ApiOptions(
    InetSocketAddress address,
    @Nullable ApiToken token,
    @Nullable SslContext tls,
    WebPages pages) {}
