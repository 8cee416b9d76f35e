#!/usr/bin/env python3
"""Fills a tunnel in one direction, cheaply: datagrams of one flow in super-packets, as fast as the interface takes them and little faster.

    feed.py ADDRESS INTERFACE SECONDS

An interface drops what it has no room for and tells nobody, so its counter of drops says how fast to go.
"""

import socket
import sys
import time

PORT = 7200
UDP_SEGMENT = 103
PAYLOAD_BYTES = 1392  # with IPv4 and UDP the 1420 of the interface
SEGMENTS = 45  # in one system call: less than 64 KiB
LOOK_S = 0.05
FIRST_RATE = 2000.0  # super-packets a second
FASTER, SLOWER = 1.03, 0.95


def feed(address, interface, seconds):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, PAYLOAD_BYTES)
    sock.connect((address, PORT))
    body = bytes(PAYLOAD_BYTES * SEGMENTS)
    with open(f"/sys/class/net/{interface}/statistics/tx_dropped") as counter:

        def dropped():
            counter.seek(0)
            return int(counter.read())

        rate, drops = FIRST_RATE, dropped()
        now = look = due = time.monotonic()
        end = now + seconds
        while now < end:
            while due <= now:
                sock.send(body)
                due += 1 / rate
            if now - look >= LOOK_S:
                look, before, drops = now, drops, dropped()
                rate *= FASTER if drops == before else SLOWER
                due = now  # what could not be sent in time is not sent at once
            time.sleep(max(0, min(due, look + LOOK_S) - time.monotonic()))
            now = time.monotonic()


feed(sys.argv[1], sys.argv[2], float(sys.argv[3]))
