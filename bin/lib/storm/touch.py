#!/usr/bin/env python3
"""Sends a small UDP packet to each of COUNT addresses from ADDRESS on, in turn and for ever, RATE packets a second.

usage: touch.py ADDRESS COUNT RATE
"""
import ipaddress
import socket
import sys
import time

first, count, rate = int(ipaddress.IPv4Address(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
addresses = [str(ipaddress.IPv4Address(first + i)) for i in range(count)]
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begin = time.monotonic()
sent = 0
while True:
    due = int((time.monotonic() - begin) * rate)
    while sent < due:
        try:
            sender.sendto(b"\0", (addresses[sent % count], 9))
        except OSError:
            pass  # unreachable, says an earlier one, or the queue is full
        sent += 1
    time.sleep(0.001)
