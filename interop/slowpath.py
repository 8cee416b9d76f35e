#!/usr/bin/env python3
"""A path that takes its time: hands datagrams between two hosts on, each a fixed time after it came.

usage: slowpath.py LEFT_LOCAL LEFT_REMOTE RIGHT_LOCAL RIGHT_REMOTE DELAY_FILE     each an ADDRESS:PORT

What comes to LEFT_LOCAL goes to RIGHT_REMOTE from RIGHT_LOCAL, and the other way round. DELAY_FILE holds the delay in
milliseconds; it is read anew for each datagram.
"""
import heapq
import select
import socket
import sys
import time


def place(text):
    address, port = text.rsplit(":", 1)
    return address, int(port)


def bound(text):
    it = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    it.bind(place(text))
    return it


left, right = bound(sys.argv[1]), bound(sys.argv[3])
ways = {left: (right, place(sys.argv[4])), right: (left, place(sys.argv[2]))}
waiting, number = [], 0
print("ready", flush=True)
while True:
    wait = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
    for came in select.select(list(ways), [], [], wait)[0]:
        datagram = came.recv(65536)
        with open(sys.argv[5]) as file:
            due = time.monotonic() + float(file.read()) / 1000
        number += 1
        heapq.heappush(waiting, (due, number, came, datagram))
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, came, datagram = heapq.heappop(waiting)
        out, to = ways[came]
        try:
            out.sendto(datagram, to)
        except ConnectionRefusedError:
            pass  # an ICMP error for the datagram before
