"""Attacks on a server of Parapet's stack, each with what has to come of it.

attacks.py PROGRAM NAME...     runs these and prints one line of JSON for each; exit 1 if one is not answered
attacks.py PROGRAM --all       all of them, as a table
attacks.py --names             what there is

Each attack has a server of its own. While it runs, and for half a second behind it, another process calls the server
on a connection of its own; its slowest call counts. The server's memory is taken before, at its highest, and after.
"""

import gzip
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time

from peer import *

ATTACKS = {}
# Less than 1 for a server that was not optimised, where what handlers do is slow.
SCALE = float(os.environ.get("ABUSE_SCALE", "1"))
# What may stay of the memory that an attack has cost: the allocator keeps some, and streams are pooled.
MARGIN_KIB = 6 << 10
# Above the second that is aimed at, since a busy machine pauses the client too; the figure itself is printed.
SLOWEST_CALL_S = 10


def attack(*options, peak_mib=64):
    """Registers an attack; `options` are the server's. `peak_mib` bounds what it may cost while it runs."""
    def register(function):
        ATTACKS[function.__name__] = (function, options, peak_mib)
        return function
    return register


def memory(pid, name="VmRSS"):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(name + r":\s+(\d+)", status.read())[1])


class Server:
    def __init__(self, program, options):
        self.process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.rsplit(":", 1)[1])
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def peer(self, initial=(), **options):
        peer = Peer(self.port, initial=initial, **options)
        peer.settings = peer.handshake()
        peer.send(window_update(0, 1 << 24))
        return peer

    def warm_up(self):
        """What an honest client costs is not the attack's."""
        peer = self.peer()
        for stream in range(1, 513, 2):
            peer.send(peer.call(stream, "Wait", target(100, b"x" * 2000)))
        for stream in range(1, 513, 2):
            peer.answer(stream)
        peer.close()


def flood(peer, frames, limit=200_000, code=ENHANCE_YOUR_CALM, within=10, batch=200):
    """Sends frames until the server ends the connection with `code`."""
    sender = Frames(peer, batch)
    try:
        for data in frames:
            sender.add(data)
            if sender.count >= limit:
                break
        sender.flush()
    except Closed:
        pass
    got, closed = peer.end(within)
    assert closed, f"the connection is open after {sender.count} frames"
    assert got == code or isinstance(code, tuple) and got in code, f"ended with code {got} instead of {code}"
    return {"frames": sender.count, "code": got}


def flood_in_step(peer, frames, limit=1000, batch=50):
    """As flood(), of frames that each open a stream and have it reset: never so many at once that this is the error."""
    count = 0
    try:
        while count < limit:
            peer.send(b"".join(frames(2 * number + 1) for number in range(count, count + batch)))
            count += batch
            peer.wait(lambda f: f.kind == GOAWAY or f.kind == RESET and f.stream == 2 * count - 1)
    except Closed:
        pass
    got, closed = peer.end()
    assert closed, f"the connection is open after {count} streams"
    assert got == ENHANCE_YOUR_CALM, f"ended with code {got} instead of {ENHANCE_YOUR_CALM}"
    return {"frames": count, "code": got}


def streams():
    number = 1
    while True:
        yield number
        number += 2


# Resets

@attack()
def rapid_reset(server):
    """CVE-2023-44487."""
    peer = server.peer()
    return flood(peer, (peer.call(s, "Wait", target(10_000)) + reset(s) for s in streams()))


@attack()
def rapid_reset_of_stubborn_handlers(server):
    """Handlers that do not end when they are cancelled count until they have ended."""
    peer = server.peer()
    for stream in range(1, 401, 2):
        peer.send(peer.call(stream, "Stubborn", target(3000)))
    peer.send(ping())
    peer.wait(lambda f: f.kind == PING and f.flags & ACK)
    peer.send(b"".join(reset(stream) for stream in range(1, 401, 2)))
    for stream in range(401, 601, 2):
        peer.send(peer.call(stream, "Stubborn", target(3000)))
    fields, _ = peer.answer(599)
    assert fields["grpc-status"] == "8", fields
    assert "256 calls of the connection run" in fields["grpc-message"], fields
    return {"answer": "RESOURCE_EXHAUSTED"}


# CVE-2025-8671: the client makes the server reset.

@attack()
def made_you_reset_by_window_overflow(server):
    peer = server.peer()
    return flood(peer, (peer.headers(s) + window_update(s, 0x7FFFFFFF) for s in streams()),
                 code=(FLOW_CONTROL_ERROR, PROTOCOL_ERROR), batch=20)


@attack()
def made_you_reset_by_content_length(server):
    peer = server.peer()
    fields = peer.request(fields=[("content-length", "1")])
    return flood_in_step(peer, lambda s: peer.headers(s, fields) + frame(DATA, END_STREAM, s, b"1234"))


@attack()
def made_you_reset_by_bad_fields(server):
    peer = server.peer()
    fields = peer.request(fields=[("Upper", "case")])
    return flood_in_step(peer, lambda s: peer.headers(s, fields, end=True))


@attack()
def made_you_reset_by_empty_window_update(server):
    peer = server.peer()
    return flood(peer, (peer.headers(s) + window_update(s, 0) for s in streams()), code=PROTOCOL_ERROR, batch=20)


@attack()
def made_you_reset_by_data_after_the_end(server):
    peer = server.peer()
    return flood(peer, (peer.call(s, "Wait", target(10_000)) + frame(DATA, 0, s, b"x") for s in streams()),
                 code=(STREAM_CLOSED, PROTOCOL_ERROR), batch=20)


@attack()
def made_you_reset_by_priority_on_itself(server):
    peer = server.peer()
    return flood(peer, (peer.headers(s) + frame(PRIORITY, 0, s, struct.pack(">IB", s, 1)) for s in streams()),
                 code=PROTOCOL_ERROR)


@attack()
def made_you_reset_by_priority_length(server):
    peer = server.peer()
    return flood(peer, (peer.headers(s) + frame(PRIORITY, 0, s, b"1234") for s in streams()), code=FRAME_SIZE_ERROR)


@attack()
def refused_streams(server):
    """Streams over the limit, before the server's settings are acknowledged."""
    peer = Peer(server.port)
    return flood(peer, (peer.headers(s) for s in streams()))


@attack()
def streams_over_the_limit(server):
    peer = server.peer()
    assert dict(peer.settings)[MAX_CONCURRENT_STREAMS] == 256
    return flood(peer, (peer.headers(s) for s in streams()), code=PROTOCOL_ERROR)


@attack(peak_mib=16)
def data_for_reset_streams(server):
    """The server has refused the call, and the client sends on."""
    peer = server.peer()
    peer.send(peer.headers(1, peer.request("Missing")))
    peer.wait(lambda f: f.kind == RESET)
    block = frame(DATA, 0, 1, bytes(16 << 10))
    result = flood(peer, (block for _ in streams()), limit=20_000)
    assert result["frames"] < 4000
    return result


# Control frames

@attack()
def settings_flood(server):
    peer = server.peer()
    return flood(peer, (settings((INITIAL_WINDOW_SIZE, 65535)) for _ in streams()))


@attack()
def settings_with_many_values(server):
    peer = server.peer()
    return flood(peer, (settings(*[(0x99, 1)] * 2700) for _ in streams()), limit=1000)


@attack()
def settings_acknowledgements(server):
    peer = server.peer()
    return flood(peer, (frame(SETTINGS, ACK) for _ in streams()), code=PROTOCOL_ERROR)


@attack()
def ping_flood(server):
    peer = server.peer()
    return flood(peer, (ping() for _ in streams()))


@attack()
def ping_acknowledgements(server):
    peer = server.peer()
    return flood(peer, (ping(flags=ACK) for _ in streams()))


@attack()
def priority_flood(server):
    peer = server.peer()
    return flood(peer, (frame(PRIORITY, 0, s, struct.pack(">IB", 0, 1)) for s in streams()))


@attack()
def window_update_flood(server):
    peer = server.peer()
    return flood(peer, (window_update(0, 1) for _ in streams()))


@attack()
def empty_data_flood(server):
    peer = server.peer()
    peer.send(peer.headers(1))
    return flood(peer, (frame(DATA, 0, 1) for _ in streams()))


@attack()
def padding_flood(server):
    peer = server.peer()
    peer.send(peer.headers(1))
    return flood(peer, (frame(DATA, PADDED, 1, b"\xff" + bytes(255)) for _ in streams()))


@attack()
def unknown_frame_flood(server):
    peer = server.peer()
    return flood(peer, (frame(0xBE, 0, 1, b"?") for _ in streams()))


@attack(peak_mib=16)
def large_unknown_frames(server):
    peer = server.peer()
    return flood(peer, (frame(0xBE, 0, 0, bytes(16 << 10)) for _ in streams()), limit=5000)


@attack()
def goaway_flood(server):
    peer = server.peer()
    # A client that says it goes may as well be taken at its word.
    return flood(peer, (frame(GOAWAY, payload=struct.pack(">II", 0, 0)) for _ in streams()),
                 code=(None, ENHANCE_YOUR_CALM))


def fill(peer):
    """Makes the server say more than the sockets between it and a peer that reads nothing can hold."""
    peer.socket.setblocking(False)
    payload = target(1 << 30, b"x" * 16_000)
    peer.socket.send(b"".join(peer.call(s, "Count", payload) for s in range(1, 9, 2)))


WIDE = [(INITIAL_WINDOW_SIZE, 0x7FFFFFFF)]


@attack("--write-ms", "2000", peak_mib=16)
def unread_answers(server):
    """Calls without end whose answers are not read."""
    peer = server.peer(initial=WIDE)
    peer.send(window_update(0, 0x70000000))
    fill(peer)
    begun, sent, stream = time.monotonic(), 0, 9
    while connections(server) > 1:
        assert time.monotonic() - begun < 20, "the connection is open after 20 s"
        data = b"".join(peer.headers(s, peer.request("Missing"), end=True) for s in range(stream, stream + 20, 2))
        try:
            sent += peer.socket.send(data) == len(data) and 10
        except (BlockingIOError, ConnectionError):
            pass
        stream += 20
        time.sleep(0.1)
    return {"calls": sent, "seconds": round(time.monotonic() - begun, 1)}


@attack(peak_mib=16)
def unread_resets(server):
    """Resets that the server sends wait behind an output that is not read, at a rate that is no flood."""
    # Without an acknowledgement of its settings the server refuses the streams over its limit one by one.
    peer = Peer(server.port, initial=WIDE)
    peer.send(window_update(0, 0x70000000))
    fill(peer)
    time.sleep(1)
    peer.socket.send(b"".join(peer.headers(s) for s in range(9, 513, 2)))
    begun, refused, held = time.monotonic(), 0, b""
    while connections(server) > 1:
        assert time.monotonic() - begun < 40, f"the connection is open after {refused} refused streams"
        due = int(900 + 150 * (time.monotonic() - begun))
        held += b"".join(peer.headers(513 + 2 * number) for number in range(refused, due))
        refused = due
        try:
            held = held[peer.socket.send(held):] if held else held
        except BlockingIOError:
            pass
        except ConnectionError:
            break
        time.sleep(0.05)
    assert refused > 1900, f"ended after {refused} refused streams"
    return {"refused": refused, "seconds": round(time.monotonic() - begun, 1)}


# Header blocks

@attack()
def continuation_flood(server):
    """CVE-2024-27316 and its kin."""
    peer = server.peer()
    peer.send(frame(HEADERS, 0, 1, peer.block(peer.request())))
    literal = b"\x00\x01x" + b"\x7f\x81\x07" + b"y" * 1024
    return flood(peer, (frame(CONTINUATION, 0, 1, literal) for _ in streams()))


@attack()
def empty_continuation_flood(server):
    peer = server.peer()
    peer.send(frame(HEADERS, 0, 1, peer.block(peer.request())))
    return flood(peer, (frame(CONTINUATION, 0, 1) for _ in streams()))


@attack(peak_mib=16)
def hpack_bomb(server):
    """A 4,000-byte entry in the table, and 16,000 references of one octet to it."""
    peer = server.peer()
    entry = b"\x40\x01x" + b"\x7f\xa1\x1e" + b"y" * 4000
    blocks = (frame(HEADERS, END_HEADERS | END_STREAM, s, (entry if s == 1 else b"") + b"\xbe" * 12_000)
              for s in streams())
    return flood(peer, blocks, limit=100)


@attack(peak_mib=16)
def hpack_bomb_in_trailers(server):
    peer = server.peer()
    peer.send(peer.headers(1))
    entry = b"\x40\x01x" + b"\x7f\xa1\x1e" + b"y" * 4000
    return flood(peer, iter([frame(HEADERS, END_HEADERS | END_STREAM, 1, entry + b"\xbe" * 12_000)]))


@attack()
def header_list_over_the_limit(server):
    """Its own call is refused; the connection lives."""
    peer = server.peer()
    assert dict(peer.settings)[MAX_HEADER_LIST_SIZE] == 16 << 10
    fields = peer.request(fields=[("x-long", "y" * 9000), ("x-longer", "z" * 9000)])
    block = peer.block(fields)
    half = len(block) // 2
    peer.send(frame(HEADERS, END_STREAM, 1, block[:half]) + frame(CONTINUATION, END_HEADERS, 1, block[half:]))
    answer, _ = peer.answer(1)
    assert answer["grpc-status"] == "8", answer
    peer.send(peer.call(3))
    assert peer.answer(3)[0]["grpc-status"] == "0"
    return {"answer": "RESOURCE_EXHAUSTED"}


# Streams

@attack()
def stream_numbers_that_go_back(server):
    peer = server.peer()
    peer.send(peer.headers(9))
    return flood(peer, iter([peer.headers(5)]), code=PROTOCOL_ERROR)


@attack()
def stream_that_is_used_again(server):
    peer = server.peer()
    peer.send(peer.call(1))
    peer.answer(1)
    return flood(peer, iter([peer.headers(1)]), code=STREAM_CLOSED)


@attack()
def last_stream_numbers(server):
    """An even number, which is an error, and the very last one behind it, at once."""
    peer = server.peer()
    return flood(peer, iter([peer.headers(0x7FFFFFFE) + peer.headers(0x7FFFFFFF)]), code=PROTOCOL_ERROR)


# Slowness

def slow(server, data, within, code):
    """Sends `data`, then one octet now and then; the server is to close within the time."""
    peer = Peer(server.port, preface=False)
    begun = time.monotonic()
    try:
        peer.send(data)
    except Closed:
        pass
    got, closed = peer.end(within)
    assert closed, f"open after {within} s"
    assert got == code, f"ended with code {got} instead of {code}"
    return {"seconds": round(time.monotonic() - begun, 1), "code": got}


@attack("--handshake-ms", "1000")
def silence(server):
    return slow(server, b"", 5, None)


@attack("--handshake-ms", "1000")
def half_a_preface(server):
    return slow(server, PREFACE[:12], 5, None)


@attack("--handshake-ms", "1000")
def preface_without_settings(server):
    return slow(server, PREFACE, 5, None)


@attack("--block-ms", "1000")
def open_header_block(server):
    peer = Peer(server.port, preface=False)
    return slow(server, PREFACE + settings() + frame(HEADERS, 0, 1, peer.block(peer.request())), 5, ENHANCE_YOUR_CALM)


@attack("--block-ms", "1000")
def headers_that_trickle(server):
    """An octet every tenth of a second keeps no header block alive."""
    peer = server.peer()
    data = peer.headers(1)
    begun = time.monotonic()
    code, closed = None, False
    try:
        for octet in data[:-1]:
            peer.send(bytes([octet]))
            code, closed = peer.end(0.1)
            if closed:
                break
    except Closed:
        code, closed = peer.end()
    assert closed and code == ENHANCE_YOUR_CALM, (code, closed)
    return {"seconds": round(time.monotonic() - begun, 1), "code": code}


@attack("--frame-ms", "1000")
def frame_that_does_not_end(server):
    peer = Peer(server.port, preface=False)
    data = PREFACE + settings() + peer.headers(1) + frame(DATA, 0, 1, b"x", length=1000)
    return slow(server, data, 5, ENHANCE_YOUR_CALM)


@attack("--frame-ms", "1000")
def half_a_frame_header(server):
    return slow(server, PREFACE + settings() + ping()[:5], 5, ENHANCE_YOUR_CALM)


@attack("--request-ms", "1000")
def requests_that_do_not_come(server):
    """Every stream that the client may have is opened, and some of each request is sent, or none."""
    peer = server.peer()
    begun = time.monotonic()
    for stream in range(1, 513, 2):
        peer.send(peer.headers(stream) + (frame(DATA, 0, stream, b"\0\0\0\0") if stream % 4 == 1 else b""))
    answers = [peer.answer(stream)[0] for stream in range(1, 513, 2)]
    assert {fields.get("grpc-status") for fields in answers} == {"4"}, answers
    took = time.monotonic() - begun
    peer.send(peer.call(513))
    assert peer.answer(513)[0]["grpc-status"] == "0"
    return {"seconds": round(took, 1), "answer": "DEADLINE_EXCEEDED"}


@attack("--request-ms", "1000")
def request_that_trickles(server):
    """An octet every tenth of a second keeps no call alive."""
    peer = server.peer()
    peer.send(peer.headers(1))
    begun = time.monotonic()
    for octet in message(target(1, b"x" * 100)):
        peer.send(frame(DATA, 0, 1, bytes([octet])))
        try:
            fields, _ = peer.answer(1, 0.1)
            break
        except TimeoutError:
            pass
    else:
        raise AssertionError("the call is open after all that")
    assert fields.get("grpc-status") == "4", fields
    return {"seconds": round(time.monotonic() - begun, 1), "answer": "DEADLINE_EXCEEDED"}


@attack("--handshake-ms", "300", "--block-ms", "300", "--frame-ms", "300")
def idle_but_complete(server):
    """Is not an attack: the connection stays, and serves."""
    peer = server.peer()
    code, closed = peer.end(2)
    assert not closed
    peer.send(peer.call(1))
    assert peer.answer(1)[0]["grpc-status"] == "0"
    return {"answer": "OK after 2 s"}


# Readers and writers that stall

@attack("--write-ms", "2000", peak_mib=48)
def zero_window_readers(server):
    """256 streams of 100 MB each, and no window: what waits is bounded, and ends."""
    count = int(256 * SCALE)
    last = 2 * count + 1
    peer = server.peer(initial=[(INITIAL_WINDOW_SIZE, 0)])
    for stream in range(1, last, 2):
        peer.send(peer.call(stream, "Count", target(100_000, b"x" * 16_000)))
    begun = time.monotonic()
    answers = [peer.answer(stream, 20)[0] for stream in range(1, last, 2)]
    ended = sum(fields.get("reset") == CANCEL for fields in answers)
    refused = sum(fields.get("grpc-status") == "8" for fields in answers)
    assert ended > 0 and ended + refused == count, answers
    peer.send(peer.call(last))
    peer.send(window_update(last, 1000))
    assert peer.answer(last)[0]["grpc-status"] == "0"
    return {"seconds": round(time.monotonic() - begun, 1), "reset": ended, "refused": refused}


@attack("--write-ms", "1000")
def windows_that_trickle(server):
    """Each stream's window is opened by an octet every tenth of a second; each is reset all the same."""
    peer = server.peer(initial=[(INITIAL_WINDOW_SIZE, 0)])
    left = set(range(1, 41, 2))
    for stream in left:
        peer.send(peer.call(stream, "Count", target(1 << 30, b"x" * 1000)))
    begun, codes = time.monotonic(), set()
    while left:
        assert time.monotonic() - begun < 15, f"{len(left)} streams are open after 15 s"
        peer.send(b"".join(window_update(stream, 1) for stream in left))
        try:
            while True:
                peer.next(0.1)
        except TimeoutError:
            pass
        ended = {stream for stream in left if peer.outcomes.get(stream, (None, None, False))[2]}
        codes |= {peer.outcomes[stream][0].get("reset") for stream in ended}
        left -= ended
    assert codes == {CANCEL}, codes
    return {"seconds": round(time.monotonic() - begun, 1)}


@attack("--write-ms", "2000", peak_mib=48)
def reader_that_stops(server):
    """Windows are wide, and the socket is not read."""
    peer = server.peer(initial=[(INITIAL_WINDOW_SIZE, 0x7FFFFFFF)])
    peer.send(window_update(0, 0x7FFF0000 - 65535 - (1 << 24)))
    last = 2 * int(256 * SCALE) + 1
    data = b"".join(peer.call(s, "Count", target(100_000, b"x" * 16_000)) for s in range(1, last, 2))
    begun = time.monotonic()
    try:
        peer.socket.sendall(data)
    except ConnectionError:
        pass  # The end came before.
    while time.monotonic() - begun < 15 and connections(server) > 1:
        time.sleep(0.2)
    assert connections(server) < 2, "the connection is open after 15 s"
    return {"seconds": round(time.monotonic() - begun, 1)}


def connections(server):
    """Established connections of the server, the probe's included."""
    count = 0
    with open("/proc/net/tcp") as table:
        for line in table.readlines()[1:]:
            fields = line.split()
            if int(fields[1].split(":")[1], 16) == server.port and fields[3] == "01":
                count += 1
    return count


@attack(peak_mib=32)
def large_answers_that_are_not_read(server):
    """100 echoes of a megabyte each, and no window for the answers."""
    peer = server.peer(initial=[(INITIAL_WINDOW_SIZE, 0)])
    for stream in range(1, 201, 2):
        peer.send(peer.headers(stream))
        peer.upload(stream, message(target(1, b"x" * int(max(SCALE, 0.1) * (1 << 20)))))
    # The last one's refusal is behind all others.
    peer.answer(199, 20)
    answers = [fields for fields, _, ended in peer.outcomes.values() if ended]
    refused = sum(fields.get("grpc-status") == "8" for fields in answers) + 1
    assert refused == 1 + sum(fields.get("grpc-status") is not None for fields in answers), answers
    assert refused >= 80 or SCALE < 1, refused
    return {"refused": refused}


@attack(peak_mib=96)
def uploads_that_nobody_reads(server):
    """As much as the windows let through, on 255 streams; another stream of the connection is served all the while."""
    peer = server.peer()
    sent = {}
    window = peer.settings[INITIAL_WINDOW_SIZE]
    for stream in range(1, 511, 2):
        peer.send(peer.headers(stream, peer.request("Ignore"))
                  + frame(DATA, 0, stream, message(target(60_000))))
        sent[stream] = len(message(target(60_000)))
    block = message(target(1, b"x" * 16_000))
    total = 0
    for stream in sent:
        while sent[stream] + len(block) <= window and total < 200 << 20:
            peer.send(frame(DATA, 0, stream, block[:16_000]) + frame(DATA, 0, stream, block[16_000:]))
            sent[stream] += len(block)
            total += len(block)
    peer.send(peer.call(511))
    fields, _ = peer.answer(511)
    assert fields["grpc-status"] == "0", fields
    granted = {f.stream for f in peer.seen if f.kind == WINDOW_UPDATE and f.stream}
    refused = {f.stream for f in peer.seen if f.kind == HEADERS and f.ends_stream} - {511}
    return {"sent_mib": total >> 20, "windows_granted": len(granted), "refused": len(refused)}


# What gRPC adds

def answered(server, data, stream=1, status="8", http=None, within=10):
    peer = server.peer()
    peer.send(data(peer))
    fields, body = peer.answer(stream, within)
    if http:
        assert fields.get(":status") == http, fields
    else:
        assert fields.get("grpc-status") == status, fields
    peer.send(peer.call(stream + 2))
    assert peer.answer(stream + 2)[0]["grpc-status"] == "0", "the connection serves no more"
    return {"answer": fields.get("grpc-status") or fields[":status"]}


@attack(peak_mib=8)
def oversized_length_prefix(server):
    """Refused by the prefix, before an octet of the message."""
    return answered(server, lambda p: p.headers(1) + frame(DATA, 0, 1, struct.pack(">BI", 0, 0xFFFFFFFF)))


@attack()
def truncated_message(server):
    return answered(server, lambda p: p.headers(1) + frame(DATA, END_STREAM, 1, struct.pack(">BI", 0, 100) + b"x"),
                    status="12")


@attack()
def message_after_the_last(server):
    return answered(server, lambda p: p.headers(1) + frame(DATA, END_STREAM, 1, message() + message()), status="12")


@attack()
def forged_flag(server):
    return answered(server, lambda p: p.headers(1) + frame(DATA, END_STREAM, 1, message(b"", compressed=7)),
                    status="13")


@attack()
def compressed_without_encoding(server):
    return answered(server, lambda p: p.headers(1) + frame(DATA, END_STREAM, 1, message(b"", compressed=1)),
                    status="13")


@attack(peak_mib=16)
def compression_bomb(server):
    """100 MiB in 100 KB; inflating stops at the limit of a message."""
    bomb = gzip.compress(bytes(max(8, int(SCALE * 100)) << 20))
    body = message(bomb, compressed=1)

    peer = server.peer()
    peer.send(peer.headers(1, peer.request(fields=[("grpc-encoding", "gzip")])))
    peer.upload(1, body)
    fields, _ = peer.answer(1)
    assert fields["grpc-status"] == "8", fields
    return {"answer": "RESOURCE_EXHAUSTED"}


@attack()
def unknown_encoding(server):
    return answered(
        server, lambda p: p.headers(1, p.request(fields=[("grpc-encoding", "br")]))
        + frame(DATA, END_STREAM, 1, message(b"x", compressed=1)), status="12")


@attack()
def get_request(server):
    return answered(server, lambda p: p.headers(1, p.request(method="GET"), end=True), http="405")


@attack()
def wrong_content_type(server):
    def data(peer):
        fields = [(n, "text/html" if n == "content-type" else v) for n, v in peer.request()]
        return peer.headers(1, fields, end=True)
    return answered(server, data, http="415")


@attack()
def bad_timeouts(server):
    for text in ["", "1", "S", "123456789S", "-1S", "1 S", "1s", "0x1S", "+1S", "1.5S", "９S"]:
        answered(server, lambda p: p.headers(1, p.request(fields=[("grpc-timeout", text)]))
                 + frame(DATA, END_STREAM, 1, message()), status="13")
    return {"answer": "INTERNAL"}


@attack()
def no_time_at_all(server):
    return answered(server, lambda p: p.headers(1, p.request("Wait", [("grpc-timeout", "0n")])), status="4")


@attack()
def bad_paths(server):
    for path in ["/", "//", "/x", "/x/y/z", SERVICE, SERVICE + "Echo/", "/" + "x" * 5000, "/%00/%ff"]:
        answered(server, lambda p: p.headers(1, p.request(path=path), end=True), status="12")
    return {"answer": "UNIMPLEMENTED"}


@attack()
def bad_binary_values(server):
    """Ill-formed base64 in `-bin` fields."""
    for text in ["=", "a", "!!!!", "aGk=x", "aGk=,=", "aé"]:
        peer = server.peer()
        peer.send(peer.headers(1, peer.request(fields=[("x-data-bin", text)]))
                  + frame(DATA, END_STREAM, 1, message()))
        fields, _ = peer.answer(1)
        assert fields.get("grpc-status") in ("0", "3", "13") or fields.get("reset") == PROTOCOL_ERROR, (text, fields)
    return {"answer": "answered"}


@attack()
def invalid_utf8(server):
    return answered(server, lambda p: p.headers(1) + frame(DATA, END_STREAM, 1, message(b"\x1a\x02\xff\xfe")),
                    status="13")


@attack(peak_mib=16)
def nesting_bomb(server):
    body = b""
    for _ in range(2000):
        body = b"\x22" + varint(len(body)) + body
    return answered(server, lambda p: p.headers(1) + frame(DATA, END_STREAM, 1, message(body)), status="13")


@attack(peak_mib=48)
def many_small_fields(server):
    """50,000 empty submessages in 100 KB."""
    body = message(b"\x22\x00" * 50_000)
    peer = server.peer(initial=[(INITIAL_WINDOW_SIZE, 1 << 20)])
    peer.send(peer.headers(1))
    peer.upload(1, body)
    fields, _ = peer.answer(1)
    return {"answer": fields.get("grpc-status")}


# The harness

def run(program, name):
    function, options, peak_mib = ATTACKS[name]
    with Server(program, options) as server:
        server.warm_up()
        probe = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "probe.py"),
                                  str(server.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert probe.stdout.readline() == "ready\n", "the well-behaved client is not served"
            before = memory(server.pid)
            with open(f"/proc/{server.pid}/clear_refs", "w") as file:
                file.write("5")
            begun = time.monotonic()
            result = function(server)
            took = time.monotonic() - begun
            time.sleep(0.5)
            output, _ = probe.communicate("", timeout=90)
            assert probe.returncode == 0 and output, "the well-behaved client is not served any more"
            slowest, calls = output.split()
            peak, after = memory(server.pid, "VmHWM"), memory(server.pid)
            limit = time.monotonic() + 60
            while after > before + MARGIN_KIB and time.monotonic() < limit:
                time.sleep(0.25)
                after = memory(server.pid)
        finally:
            probe.kill()
            probe.wait()
        assert server.process.poll() is None, "the server has ended"
    line = {"attack": name, **result, "took_s": round(took, 2), "slowest_other_call_s": round(float(slowest), 3),
            "other_calls": int(calls), "rss_before_kib": before, "rss_peak_kib": peak, "rss_after_kib": after}
    assert float(slowest) < SLOWEST_CALL_S, f"a well-behaved call took {slowest} s: {line}"
    assert after <= before + MARGIN_KIB, f"memory stays {after - before} KiB higher: {line}"
    assert peak <= before + (peak_mib << 10), f"memory rose by {peak - before} KiB: {line}"
    return line


def main():
    if sys.argv[1:] == ["--names"]:
        print(json.dumps(list(ATTACKS)))
        return
    program, names = sys.argv[1], sys.argv[2:]
    failed = False
    table = names == ["--all"]
    for name in ATTACKS if table else names:
        try:
            line = run(program, name)
            print("{attack:42} {slowest_other_call_s:7.3f} s {rss_before_kib:7} {rss_peak_kib:7} {rss_after_kib:7} KiB"
                  .format(**line) if table else json.dumps(line), flush=True)
        except (AssertionError, Closed, TimeoutError, OSError) as error:
            failed = True
            print(json.dumps({"attack": name, "error": f"{type(error).__name__}: {error}"}), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    main()
