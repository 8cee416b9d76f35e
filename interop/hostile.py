#!/usr/bin/env python3
"""Sends a node what must not be answered: random, malformed, forged and replayed datagrams, from many sources.

What is replayed, and what is changed by a bit, a byte or its length, was really sent to the node: it comes from a
capture. The seed decides everything else. No faster than the node takes it in, so that every datagram is judged and not
lost in a full socket buffer.

The last line on standard output tells how many of each kind were sent. The exit status is 1 if anything came back.
"""
import argparse
import base64
import collections
import hashlib
import random
import select
import socket
import struct
import sys
import time

INITIATION, RESPONSE, COOKIE_REPLY, TRANSPORT = 1, 2, 3, 4
LENGTHS = {INITIATION: 148, RESPONSE: 92, COOKIE_REPLY: 64}
MACS = 32  # mac1 and mac2 end both handshake messages
MAX_WAITING_BYTES = 1 << 20  # of the node's 7 MiB of socket buffer; leaves the tunnel beside its room
BURST = 64


def captured(path, port):
    """The UDP payloads sent to this port, from a pcap file of Ethernet frames with IPv4."""
    data = open(path, "rb").read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, payloads = 24, []
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        frame = data[at + 16 : at + 16 + length]
        at += 16 + length
        if frame[12:14] == b"\x08\x00" and frame[23] == socket.IPPROTO_UDP:
            udp = frame[14 + (frame[14] & 15) * 4 :]
            if struct.unpack_from(">H", udp, 2)[0] == port:
                payloads.append(udp[8 : struct.unpack_from(">H", udp, 4)[0]])
    return payloads


class Hostility:
    """The kinds of datagrams. Each method makes one."""

    def __init__(self, rng, messages, public_key):
        self.rng = rng
        of_type = lambda t: [m for m in messages if m[0] == t]
        self.initiations, self.responses, self.transports = of_type(INITIATION), of_type(RESPONSE), of_type(TRANSPORT)
        if not (self.initiations and self.responses and len(self.transports) >= 50):
            sys.exit(f"the capture lacks messages: {collections.Counter(m[0] for m in messages)}")
        self.handshakes = self.initiations + self.responses
        self.messages = self.handshakes + self.transports[-200:]
        # The newest transport messages carry the index of the live session; a response carries one of a handshake.
        self.live_index = self.transports[-1][4:8]
        self.indices = [self.live_index] + [m[8:12] for m in self.responses]
        self.mac1_key = hashlib.blake2s(b"mac1----" + public_key).digest()
        self.kinds = [  # in 100,000
            (self.random, 20_000),
            (self.typed, 20_000),
            (self.forged, 10_000),
            (self.truncated, 10_000),
            (self.wrong_length, 9_000),
            (self.wrong_reserved_byte, 8_000),
            (self.wrong_mac, 8_000),
            (self.changed_transport, 6_950),
            (self.replayed_transport, 7_000),
            # These have a true mac1, and cost the node an X25519 or two. Many at once would be load, and then the
            # protocol wants a cookie reply: so they are few.
            (self.replayed_handshake, 500),
            (self.true_mac1, 500),
            (self.large, 50),
        ]

    def random(self):
        return self.rng.randbytes(self.rng.randrange(1473))

    def typed(self):
        kind = self.rng.choice((INITIATION, RESPONSE, COOKIE_REPLY))
        body = bytearray(self.rng.randbytes(LENGTHS[kind]))
        body[:4] = bytes((kind, 0, 0, 0))
        if kind != INITIATION and self.rng.random() < 0.5:
            at = 4 if kind == COOKIE_REPLY else 8
            body[at : at + 4] = self.rng.choice(self.indices)
        return body

    def forged(self):
        """Transport data for the live session, from somebody without its key."""
        counter = self.rng.choice((0, 1, self.rng.randrange(1 << 14), self.rng.getrandbits(64), (1 << 64) - 1))
        length = self.rng.choice((0, 1, 15, 16, 17, 32, 96, self.rng.randrange(1441)))
        return b"\4\0\0\0" + self.live_index + counter.to_bytes(8, "little") + self.rng.randbytes(length)

    def truncated(self):
        message = self.rng.choice(self.messages)
        return message[: self.rng.randrange(len(message))]

    def wrong_length(self):
        return self.rng.choice(self.messages) + self.rng.randbytes(self.rng.choice((1, 4, 16, self.rng.randrange(1, 300))))

    def wrong_reserved_byte(self):
        message = bytearray(self.rng.choice(self.messages))
        message[self.rng.randrange(1, 4)] = self.rng.randrange(1, 256)
        return message

    def wrong_mac(self):
        """One bit of what mac1 covers, or of mac1."""
        message = self.rng.choice(self.handshakes)
        return self.with_bit_flipped(message, 4, len(message) - MACS // 2)

    def changed_transport(self):
        message = self.rng.choice(self.transports[-200:])
        return self.with_bit_flipped(message, 4, len(message))

    def with_bit_flipped(self, message, start, end):
        changed = bytearray(message)
        changed[self.rng.randrange(start, end)] ^= 1 << self.rng.randrange(8)
        return changed

    def replayed_transport(self):
        return self.rng.choice(self.transports)

    def replayed_handshake(self):
        return self.rng.choice(self.handshakes)

    def true_mac1(self):
        """From somebody who knows the node's public key, as everybody may, and nothing else."""
        kind = self.rng.choice((INITIATION, RESPONSE))
        covered = bytes((kind, 0, 0, 0)) + self.rng.randbytes(LENGTHS[kind] - MACS - 4)
        mac1 = hashlib.blake2s(covered, key=self.mac1_key, digest_size=16).digest()
        return covered + mac1 + self.rng.choice((bytes(16), self.rng.randbytes(16)))

    def large(self):
        """Arrives in fragments."""
        return self.rng.choice((b"", b"\4\0\0\0" + self.live_index)) + self.rng.randbytes(self.rng.randrange(1473, 65480))


def waiting_bytes(process, port):
    """What waits in the sockets of the node on this port."""
    waiting, suffix = 0, ":%04X" % port
    for table in ("udp", "udp6"):
        try:
            lines = open(f"/proc/{process}/net/{table}").read().splitlines()[1:]
        except FileNotFoundError:
            continue  # a machine without IPv6
        for line in lines:
            fields = line.split()
            if fields[1].endswith(suffix):
                waiting += int(fields[4].split(":")[1], 16)
    return waiting


def sockets(sources, ports_each):
    made = []
    for source in sources:
        family = socket.AF_INET6 if ":" in source else socket.AF_INET
        for _ in range(ports_each):
            made.append(socket.socket(family, socket.SOCK_DGRAM))
            made[-1].bind((source, 0))
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", required=True)
    parser.add_argument("--warm-up", action="store_true", help="who gets an answer is of no matter for the exit status")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--capture", required=True, help="pcap file of messages that the node got")
    parser.add_argument("--public-key", required=True, help="the node's, base64")
    parser.add_argument("--process", type=int, required=True, help="the node's process id")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", nargs="+", required=True, help="the node's addresses, at most one of each family")
    parser.add_argument("--source", nargs="+", required=True, help="addresses to send from")
    args = parser.parse_args()

    rng = random.Random(args.seed)
    hostility = Hostility(rng, captured(args.capture, args.port), base64.b64decode(args.public_key))
    makers, weights = zip(*hostility.kinds)
    targets = {socket.AF_INET6 if ":" in t else socket.AF_INET: (t, args.port) for t in args.target}
    sources = sockets([s for s in args.source if (socket.AF_INET6 if ":" in s else socket.AF_INET) in targets], 100)
    sent, waited_s, begin = collections.Counter(), 0.0, time.monotonic()
    for first in range(0, args.count, BURST):
        while waiting_bytes(args.process, args.port) > MAX_WAITING_BYTES:
            time.sleep(0.002)
            waited_s += 0.002
        for make in rng.choices(makers, weights, k=min(BURST, args.count - first)):
            source = rng.choice(sources)
            source.sendto(make(), targets[source.family])
            sent[make.__name__] += 1
    while waiting_bytes(args.process, args.port) > 0:
        time.sleep(0.01)
    time.sleep(0.5)  # for answers that are still being computed
    poller = select.poll()
    for source in sources:
        poller.register(source, select.POLLIN | select.POLLERR)
    answered = len(poller.poll(0))
    elapsed = time.monotonic() - begin
    print(f"seed {args.seed}: {sum(sent.values())} datagrams from {len(sources)} ports of {len(args.source)} addresses in "
          f"{elapsed:.1f} s, of which waited for the node {waited_s:.1f} s; {answered} sockets got an answer or an error")
    print(", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in sent.most_common()))
    sys.exit(answered > 0 and not args.warm_up)


main()
