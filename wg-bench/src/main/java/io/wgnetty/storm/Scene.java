package io.wgnetty.storm;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.udp.ManySourceSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** What all loads are made of: the server's identity, the clients' sockets, loop and keys. */
final class Scene implements AutoCloseable {
  /** More would only cost the generator time. */
  static final int MAX_SOCKETS = 32;

  private final SeededKeys keys;
  private final PrivateKey serverKey;
  private final RemoteIdentity server;
  private final Endpoint target;
  private final StormCrypto crypto = StormCrypto.fastest();
  private final EpochClock clock = EpochClock.ofSystem();
  private final SplittableRandom random;
  private final List<ManySourceSocket> sockets = new ArrayList<>();
  private final ClientLoop loop;

  Scene(StormOptions options) throws IOException {
    keys = new SeededKeys(options.seed);
    random = new SplittableRandom(options.seed);
    serverKey = keys.key("server", 0);
    server = new RemoteIdentity(serverKey.publicKey(crypto.x25519()));
    target = Endpoint.of(new InetSocketAddress(options.serverAddress, options.serverPort));
    int wanted = Math.ceilDiv(options.totalClients(), options.addresses);
    for (int i = 0; i < Math.clamp(wanted, 1, MAX_SOCKETS); i++) {
      sockets.add(new ManySourceSocket(Addresses.CLIENT_PORT + i, target));
    }
    loop = new ClientLoop(sockets, options.addresses, options.totalClients());
  }

  SeededKeys keys() {
    return keys;
  }

  /** The key of the first client, or newcomer. */
  PublicKey anyPeer() {
    return keys.key("client", 0).publicKey(crypto.x25519());
  }

  RemoteIdentity server() {
    return server;
  }

  Endpoint target() {
    return target;
  }

  /** The primitives of the loop's thread; until it runs, of whoever prepares. */
  StormCrypto crypto() {
    return crypto;
  }

  EpochClock clock() {
    return clock;
  }

  /** A random number generator of one's own, the same in each run. */
  SplittableRandom random() {
    return random.split();
  }

  ClientLoop loop() {
    return loop;
  }

  /** The server's configuration, in which there is no peer yet. */
  ServerConfiguration configuration(StormOptions options) throws IOException {
    return new ServerConfiguration(options.configurationFile(), serverKey, options.serverPort);
  }

  /** The clients of a load, numbers from 0 on, at as many addresses as it has for them. */
  List<Client> crowd(StormOptions options) {
    return clients(0, options.clients, index -> Addresses.crowd(index % options.addresses));
  }

  /** Clients with numbers from {@code first} on, all cores at work. */
  List<Client> clients(int first, int count, IntUnaryOperator addressOfIndex) {
    ThreadLocal<StormCrypto> cryptos = ThreadLocal.withInitial(StormCrypto::fastest);
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(
            index ->
                new Client(
                    cryptos.get(), keys, first + index, addressOfIndex.applyAsInt(index), server))
        .toList();
  }

  /** Datagrams of the clients' sockets. Right once the loop has ended. */
  long sent() {
    return sockets.stream().mapToLong(ManySourceSocket::sent).sum();
  }

  long received() {
    return sockets.stream().mapToLong(ManySourceSocket::received).sum();
  }

  long refused() {
    return sockets.stream().mapToLong(ManySourceSocket::refused).sum();
  }

  @Override
  public void close() {
    sockets.forEach(ManySourceSocket::close);
  }
}
