#!/usr/bin/env python3
"""Traffic whose every byte is checked: TCP by digest, UDP datagram by datagram with sequence numbers.

    flows.py serve PORT                  the other end of all that follows, until it is killed
    flows.py check ADDRESS:PORT...       both directions with each of them; status 1 if anything was lost, changed,
                                         duplicated or reordered
    flows.py load ADDRESS:PORT           as much as goes for some time, over whatever happens to the tunnel meanwhile; status 1
                                         if anything was changed or duplicated, or a stream stood still for too long

A UDP flow has a window: its sender waits for the receiver's word, so that nothing need be lost, however slow the machine
is. What gets lost all the same is counted, and the flow goes on. It begins with one datagram, and the rest follows its
answer: with the first answer Linux moves a flow to the interface's queue on which that came, and what is under way in
another queue at this moment may be overtaken ("a very small possibility of OOO", says the source of its TUN driver).
"""

import argparse
import hashlib
import json
import random
import socket
import struct
import sys
import threading
import time
import zlib

HEADER = struct.Struct("!III")  # flow, sequence number, CRC of both, length and body
ACK_FLOW = 0xFFFFFFFF
UDP_SEGMENT = 103
SO_RCVBUFFORCE = 33
BUFFER_BYTES = 8 << 20
BODY = random.Random(1).randbytes(1 << 17)
PATIENCE_S = 60  # for the other side to do anything at all: the machine may stand still for a while
ACK_WAIT_S = 2.0  # after this the sender takes a window for lost and goes on
FRAGMENT_BYTES = 1372  # what one packet carries in a tunnel with the usual MTU
IDLE_S = 3.0  # after the last datagram the receiver waits so long for more


def datagram(flow, number, size):
    start = (number * 31 + flow * 7) % 65536
    body = BODY[start : start + size - HEADER.size]
    return HEADER.pack(flow, number, checksum(flow, number, body)) + body


def checksum(flow, number, body):
    return zlib.crc32(body, zlib.crc32(struct.pack("!III", flow, number, len(body))))


def udp_socket():
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    return s


class Receiver:
    """Takes one flow and counts what is wrong with it."""

    def __init__(self, flow, count, window):
        self.flow, self.count, self.window = flow, count, window
        self.socket = udp_socket()
        self.socket.bind(("::", 0))
        self.port = self.socket.getsockname()[1]
        self.next = self.received = self.corrupt = self.duplicated = self.reordered = 0
        self.missing = set()
        self.longest_wait_s = 0.0
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.sender_done = threading.Event()
        self.thread.start()

    def run(self):
        self.socket.settimeout(0.1)
        last = begin = time.monotonic()
        while self.received < self.count:
            try:
                data, source = self.socket.recvfrom(65535)
            except TimeoutError:
                now = time.monotonic()
                if self.sender_done.is_set() and now - max(last, self.done_at) > IDLE_S or now - begin > 10 * PATIENCE_S:
                    return
                continue
            now = time.monotonic()
            self.longest_wait_s = max(self.longest_wait_s, now - last)
            last = now
            if self.take(data) and (self.received % max(1, self.window // 4) == 0 or self.received in (1, self.count)):
                self.socket.sendto(HEADER.pack(ACK_FLOW, self.next, checksum(ACK_FLOW, self.next, b"")), source)

    def take(self, data):
        if len(data) < HEADER.size:
            self.corrupt += 1
            return False
        flow, number, crc = HEADER.unpack_from(data)
        if flow != self.flow or crc != checksum(flow, number, data[HEADER.size :]):
            self.corrupt += 1
            return False
        if number >= self.next:
            self.missing.update(range(self.next, number))
            self.next = number + 1
        elif number in self.missing:
            self.missing.remove(number)
            self.reordered += 1
        else:
            self.duplicated += 1
            return False
        self.received += 1
        return True

    def finish(self):
        """To be called when all is sent: what is wrong."""
        self.done_at = time.monotonic()
        self.sender_done.set()
        self.thread.join()
        self.socket.close()
        return {
            "datagrams": self.received,
            "lost": self.count - self.received,
            "corrupt": self.corrupt,
            "duplicated": self.duplicated,
            "reordered": self.reordered,
        }


def send_flow(address, flow, count, sizes, segments, window, abrupt):
    """Sends a flow of datagrams with these sizes in turn, or of messages that the kernel cuts into so many segments."""
    s = udp_socket()
    s.connect(address)
    s.settimeout(ACK_WAIT_S)
    if segments > 1:
        s.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, sizes[0])
    number = known = 0
    while number < count:
        burst = min(segments, count - number) if number else 1
        while number + burst - known > window or 1 == number > known and not abrupt:
            try:
                mark, upto, crc = HEADER.unpack(s.recv(HEADER.size + 1))
                if mark != ACK_FLOW or crc != checksum(mark, upto, b""):
                    raise RuntimeError("a damaged answer")
                known = max(known, upto)
            except TimeoutError:
                known = number
            except ConnectionRefusedError:
                pass
        data = b"".join(datagram(flow, number + i, sizes[(number + i) % len(sizes)]) for i in range(burst))
        while True:
            try:
                s.send(data)
                break
            except ConnectionRefusedError:
                continue
        number += burst
    s.close()


def content(seed, size):
    """So many bytes in pieces, not two seeds alike."""
    start = seed % 65536
    for at in range(0, size, 65536):
        piece = bytearray(BODY[start : start + min(65536, size - at)])
        if len(piece) >= 8:
            struct.pack_into("!II", piece, 0, seed & 0xFFFFFFFF, at & 0xFFFFFFFF)
        yield bytes(piece)


def send_content(connection, seed, size):
    digest = hashlib.blake2b(digest_size=16)
    for piece in content(seed, size):
        digest.update(piece)
        connection.socket.sendall(piece)
        connection.moved(len(piece))
    return digest.hexdigest()


def receive_content(connection, size):
    digest = hashlib.blake2b(digest_size=16)
    left = size
    while left:
        piece = connection.file.read1(min(left, 1 << 17))
        if not piece:
            raise ConnectionError("the connection ended early")
        digest.update(piece)
        connection.moved(len(piece))
        left -= len(piece)
    return digest.hexdigest()


class Control:
    """A TCP connection with requests and answers, a JSON object a line; content of TCP flows goes between them."""

    def __init__(self, connected):
        self.socket = connected
        connected.settimeout(PATIENCE_S)
        self.file = connected.makefile("rb", 1 << 17)

    def moved(self, size):
        """So many bytes of content went in or out; for those who watch."""

    def tell(self, **what):
        self.socket.sendall(json.dumps(what).encode() + b"\n")

    def hear(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("the connection ended")
        return json.loads(line)

    def ask(self, **what):
        self.tell(**what)
        return self.hear()

    def close(self):
        self.file.close()
        self.socket.close()


# ---- the server


def serve(port):
    listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=512)
    while True:
        connected, source = listener.accept()
        threading.Thread(target=attend, args=(Control(connected), source), daemon=True).start()


def attend(control, source):
    try:
        while True:
            answer(control, source, control.hear())
    except (OSError, ValueError):
        pass
    finally:
        control.close()


def answer(control, source, request):
    what = request.pop("do")
    if what == "take-udp":
        receiver = Receiver(**request)
        control.tell(port=receiver.port)
        control.hear()
        control.tell(**receiver.finish())
    elif what == "give-udp":
        send_flow((source[0], request.pop("port"), 0, source[3]), **request)
        control.tell(sent=request["count"])
    elif what == "take-tcp":
        control.tell(digest=receive_content(control, request["size"]))
    elif what == "give-tcp":
        control.tell(digest=send_content(control, **request))


# ---- the client


def mapped(address):
    return address if ":" in address else "::ffff:" + address


def connect(target):
    address, port = target
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Control(socket.create_connection((address, port), timeout=PATIENCE_S))
        except (ConnectionRefusedError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def udp_up(control, target, spec):
    port = control.ask(do="take-udp", flow=spec["flow"], count=spec["count"], window=spec["window"])["port"]
    send_flow((mapped(target[0]), port), **spec)
    return control.ask(done=True)


def udp_down(control, target, spec):
    receiver = Receiver(spec["flow"], spec["count"], spec["window"])
    control.ask(do="give-udp", port=receiver.port, **spec)
    return receiver.finish()


def tcp_up(control, target, spec):
    control.tell(do="take-tcp", **spec)
    sent = send_content(control, **spec)
    return {"bytes": spec["size"], "corrupt": int(control.hear()["digest"] != sent)}


def tcp_down(control, target, spec):
    control.tell(do="give-tcp", **spec)
    got = receive_content(control, spec["size"])
    return {"bytes": spec["size"], "corrupt": int(control.hear()["digest"] != got)}


def run_flow(target, name, flow, spec, verdicts):
    begin = time.monotonic()
    try:
        control = connect(target)
        result = flow(control, target, spec)
        control.close()
    except (OSError, ValueError) as e:
        result = {"failed": f"{type(e).__name__}: {e}"}
    bad = any(result.get(k) for k in ("lost", "corrupt", "duplicated", "reordered", "failed"))
    verdicts.append((bad, f"{target[0]} {name}: {json.dumps(result)} {time.monotonic() - begin:.2f} s"))


def plan(options, seed):
    """Name, function and description of every flow with one target."""
    numbers = random.Random(seed)
    for direction, udp, tcp in (("there", udp_up, tcp_up), ("back", udp_down, tcp_down)):
        if options.tcp:
            yield f"TCP {direction}", tcp, {"seed": numbers.getrandbits(16), "size": options.tcp}
        for words in options.udp:
            sizes, _, segments = words.partition("x")
            spec = {
                "flow": numbers.getrandbits(31),
                "count": options.count,
                "sizes": [int(size) for size in sizes.split("+")],
                "segments": int(segments or 1),
                "abrupt": options.abrupt,
                "window": max(4, int(segments or 1) * 3 // 2, options.window // -(-max(map(int, sizes.split("+"))) // FRAGMENT_BYTES)),
            }
            yield f"UDP {words} {direction}", udp, spec


def check(options):
    verdicts, threads = [], []
    for place, word in enumerate(options.targets):
        address, _, port = word.rpartition(":")
        for name, flow, spec in plan(options, options.seed + place):
            arguments = ((address.strip("[]"), int(port)), name, flow, spec, verdicts)
            if options.parallel:
                threads.append(threading.Thread(target=run_flow, args=arguments))
                threads[-1].start()
            else:
                run_flow(*arguments)
    for thread in threads:
        thread.join()
    bad = [line for is_bad, line in verdicts if is_bad]
    for line in bad if options.quiet else [line for _, line in verdicts]:
        print(line)
    print(f"seed {options.seed}: {len(verdicts)} flows, {len(bad)} of them with faults")
    return 1 if bad else 0


class Stream(threading.Thread):
    """The same flow with one target again and again, each time with other content."""

    def __init__(self, name, target, flow, spec):
        super().__init__(daemon=True)
        self.label, self.target, self.flow, self.spec = name, target, flow, spec
        self.bytes = self.rounds = self.broken = self.corrupt = self.duplicated = self.reordered = self.lost = 0
        self.moved_at = time.monotonic()
        self.longest_stall_s = 0.0
        self.last_error = ""

    def moved(self, size):
        now = time.monotonic()
        self.longest_stall_s = max(self.longest_stall_s, now - self.moved_at)
        self.moved_at = now
        self.bytes += size

    def excuse(self, seconds):
        """The whole machine stood still so long."""
        self.moved_at += seconds

    def stall_s(self):
        return max(self.longest_stall_s, time.monotonic() - self.moved_at)

    def run(self):
        numbers = random.Random(self.spec.get("seed", self.spec.get("flow")))
        while True:
            key = "seed" if "seed" in self.spec else "flow"
            try:
                control = connect(self.target)
                control.moved = self.moved
                result = self.flow(control, self.target, dict(self.spec, **{key: numbers.getrandbits(16)}))
                control.close()
            except (OSError, ValueError, struct.error) as e:
                self.broken += 1
                self.last_error = f"{type(e).__name__}: {e}"
                time.sleep(0.1)
                continue
            self.rounds += 1
            for what in ("corrupt", "duplicated", "reordered", "lost"):
                setattr(self, what, getattr(self, what) + result.get(what, 0))
            if "datagrams" in result:
                self.moved(result["datagrams"] * self.spec["sizes"][0])


def load(options):
    global ACK_WAIT_S, IDLE_S, PATIENCE_S
    ACK_WAIT_S, IDLE_S, PATIENCE_S = 0.1, 1.0, options.stall
    address, _, port = options.target.rpartition(":")
    target = (address.strip("[]"), int(port))
    udp = {"flow": 1, "count": 4000, "sizes": [1300], "segments": 20, "abrupt": False, "window": 400}
    streams = [
        Stream("TCP there", target, tcp_up, {"seed": options.seed + 1, "size": 100 << 20}),
        Stream("TCP back", target, tcp_down, {"seed": options.seed + 2, "size": 100 << 20}),
        Stream("UDP there", target, udp_up, dict(udp, flow=options.seed + 3)),
        Stream("UDP back", target, udp_down, dict(udp, flow=options.seed + 4)),
    ]
    for stream in streams:
        stream.start()
    begin = tick = shown = time.monotonic()
    bytes_before = [0] * len(streams)
    status = 0
    while tick - begin < options.seconds and not status:
        time.sleep(0.25)
        now = time.monotonic()
        if now - tick > 2:
            print(f"the machine stood still for {now - tick:.1f} s", flush=True)
            begin += now - tick
            shown += now - tick
            for stream in streams:
                stream.excuse(now - tick)
        tick = now
        for stream in streams:
            if stream.corrupt or stream.duplicated:
                print(f"FAULT {stream.label}: {stream.corrupt} changed, {stream.duplicated} duplicated", flush=True)
                status = 1
            if stream.stall_s() > options.stall:
                print(f"FAULT {stream.label} stands still since {stream.stall_s():.1f} s; {stream.last_error}", flush=True)
                status = 1
        if now - shown >= 10 or status:
            parts = [f"{s.label} {(s.bytes - b) * 8 / 1e6 / max(now - shown, 0.1):.0f}" for s, b in zip(streams, bytes_before)]
            print(
                f"{now - begin:.0f} s: {', '.join(parts)} Mbit/s; so far {sum(s.bytes for s in streams) / 1e9:.1f} GB, "
                f"{sum(s.rounds for s in streams)} rounds, {sum(s.broken for s in streams)} broken off, "
                f"UDP lost {sum(s.lost for s in streams)}, reordered {sum(s.reordered for s in streams)}, "
                f"longest stall {max(s.stall_s() for s in streams):.1f} s",
                flush=True,
            )
            shown, bytes_before = now, [s.bytes for s in streams]
    if not all(s.rounds for s in streams):
        print("FAULT: not every stream completed a round", flush=True)
        status = 1
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve")
    server.add_argument("port", type=int)
    client = commands.add_parser("check")
    client.add_argument("targets", nargs="+", metavar="ADDRESS:PORT")
    client.add_argument("--tcp", type=int, default=0, metavar="BYTES", help="a TCP transfer in each direction")
    client.add_argument("--udp", action="append", default=[], metavar="SIZE+...[xN]",
                        help="a UDP flow in each direction with datagrams of these sizes; N: handed to the kernel N at a time")
    client.add_argument("--count", type=int, default=400, help="datagrams in each UDP flow")
    client.add_argument("--window", type=int, default=60,
                        help="packets of a flow that may be under way; Debian's wireguard-go loses more than 90 at once")
    client.add_argument("--abrupt", action="store_true", help="UDP flows begin with all that the window allows")
    client.add_argument("--parallel", action="store_true", help="all flows at the same time")
    client.add_argument("--quiet", action="store_true", help="only what went wrong")
    client.add_argument("--seed", type=int, default=random.getrandbits(24))
    loader = commands.add_parser("load")
    loader.add_argument("target", metavar="ADDRESS:PORT")
    loader.add_argument("--seconds", type=float, default=60)
    loader.add_argument("--stall", type=float, default=20, help="seconds for which no stream may stand still")
    loader.add_argument("--seed", type=int, default=random.getrandbits(24))
    options = parser.parse_args()
    if options.command == "serve":
        serve(options.port)
    sys.exit(load(options) if options.command == "load" else check(options))


if __name__ == "__main__":
    main()
