#!/usr/bin/env python3
"""Prints COUNT records of peers that exist nowhere, one in a line: random keys, an address each, and an endpoint.

usage: records.py COUNT
"""
import base64
import ipaddress
import secrets
import sys

count = int(sys.argv[1])
first = int(ipaddress.IPv4Address("100.64.0.0"))
for i in range(count):
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    address = ipaddress.IPv4Address(first + i)
    print(f'{{"public_key":"{key}","allowed_ips":["{address}/32"],"endpoint":"198.51.100.1:9"}}')
