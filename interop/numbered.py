#!/usr/bin/env python3
"""Numbered datagrams both ways at a steady rate: what was lost, doubled or overtaken, and the longest silence.

    numbered.py ADDRESS PORT RATE SECONDS    one end; the other is the same command with the first one's address

Both ends send and receive on PORT, and begin when they have heard each other. Prints one JSON object.
"""

import json
import socket
import struct
import sys
import threading
import time

NUMBER = struct.Struct("!Q")
BODY = bytes(1192)
CALLS, HEARD = 2**64 - 2, 2**64 - 1  # no numbers of datagrams
LINGER_S = 3.0  # after the last that was sent
BUFFER_BYTES = 8 << 20
SO_RCVBUFFORCE = 33


class Receiver(threading.Thread):
    def __init__(self, sock, begin, until):
        super().__init__(daemon=True)
        self.sock, self.begin, self.until = sock, begin, until
        self.seen = set()
        self.doubled = self.overtaken = 0
        self.silence_s = 0.0
        self.by_second = []

    def count(self, second):
        while len(self.by_second) <= second:
            self.by_second.append(0)
        self.by_second[second] += 1

    def run(self):
        greatest = -1
        last = None
        self.sock.settimeout(0.2)
        while time.monotonic() < self.until:
            try:
                number = NUMBER.unpack_from(self.sock.recv(2048))[0]
            except TimeoutError:
                continue
            except ConnectionError:
                continue  # the other end is not there yet, or not any more
            if number >= CALLS:
                continue
            now = time.monotonic()
            self.count(int(now - self.begin))
            if last is not None:
                self.silence_s = max(self.silence_s, now - last)
            last = now
            if number in self.seen:
                self.doubled += 1
            elif number < greatest:
                self.overtaken += 1
            greatest = max(greatest, number)
            self.seen.add(number)


def meet(sock):
    """Returns when both ends receive: what is sent before that would count as lost."""
    sock.settimeout(0.02)
    state = CALLS
    other = None
    while other is None or other == CALLS:
        try:
            sock.send(NUMBER.pack(state))
            other = NUMBER.unpack_from(sock.recv(2048))[0]
            state = HEARD
        except (TimeoutError, ConnectionError):
            continue  # the other end is not there yet
    for _ in range(10):
        sock.send(NUMBER.pack(HEARD))


def main():
    address, port, rate, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    sock.bind(("", port))
    sock.connect((address, port))
    meet(sock)
    begin = time.monotonic()
    receiver = Receiver(sock, begin, begin + seconds + LINGER_S)
    receiver.start()
    count = int(rate * seconds)
    for number in range(count):
        wait = begin + number / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            sock.send(NUMBER.pack(number) + BODY)
        except OSError:
            pass  # it counts as lost
    receiver.join()
    print(json.dumps({
        "sent": count,
        "lost": count - len(receiver.seen),
        "doubled": receiver.doubled,
        "overtaken": receiver.overtaken,
        "silence_ms": round(receiver.silence_s * 1000, 1),
        "by_second": receiver.by_second,
    }))


main()
