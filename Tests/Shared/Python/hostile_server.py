"""Servers that do not keep to HTTP/2 or gRPC, for the tests of the client.

Each behaviour has a port of its own. Prints a name and a port a line, then an empty line, and serves until its input
ends.
"""

import gzip
import os
import socket
import struct
import sys
import threading
import time
import zlib

import hpack

from hostile_peer import (
    CONTINUATION, DATA, END_HEADERS, GOAWAY, HEADERS, PING, PREFACE, PRIORITY, PUSH, RST, SETTINGS, WINDOW, Ended,
    Peer, echo, frame, message)

BEHAVIOURS = {}


def behaviour(name=None):
    def add(function):
        BEHAVIOURS[name or function.__name__] = function
        return function

    return add


def answering(name):
    """A behaviour that answers each call by `function(peer, stream, headers)`, after an orderly start."""

    def add(function):
        def serve(peer):
            peer.handshake()
            while True:
                stream, headers = peer.call()
                function(peer, stream, headers)

        BEHAVIOURS[name] = serve
        return function

    return add


# Connections that never come to be.


@behaviour()
def silent(peer):
    peer.need(1 << 30)


@behaviour()
def closes_at_once(peer):
    pass


@behaviour()
def speaks_http1(peer):
    peer.need(len(PREFACE))
    peer.send(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    peer.need(1 << 30)


@behaviour()
def speaks_garbage(peer):
    peer.send(os.urandom(4096))
    peer.need(1 << 30)


@behaviour()
def settings_too_late(peer):
    peer.need(len(PREFACE))
    peer.send(frame(PING, 0, 0, bytes(8)))
    peer.need(1 << 30)


@behaviour()
def stops_in_a_frame(peer):
    peer.send(frame(SETTINGS)[:5])
    peer.need(1 << 30)


# Floods, of a connection on which a call waits.


def flood(name, piece):
    @behaviour("floods_" + name)
    def serve(peer):
        peer.handshake()
        stream, _ = peer.call()
        chunk = piece(peer, stream) * 64
        while True:
            peer.send(chunk)


flood("settings", lambda peer, stream: frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65535)))
flood("empty_settings", lambda peer, stream: frame(SETTINGS))
flood("pings", lambda peer, stream: frame(PING, 0, 0, bytes(8)))
flood("priorities", lambda peer, stream: frame(PRIORITY, 0, stream, struct.pack(">IB", 0, 1)))
flood("window_updates", lambda peer, stream: frame(WINDOW, 0, 0, struct.pack(">I", 1)))
flood("unknown_frames", lambda peer, stream: frame(0x77, 0, 0, bytes(100)))
flood(
    "informational_headers",
    lambda peer, stream: frame(HEADERS, END_HEADERS, stream, hpack.Encoder().encode([(":status", "103")])),
)


@behaviour()
def floods_empty_data(peer):
    peer.handshake()
    stream, _ = peer.call()
    peer.begin(stream)
    while True:
        peer.send(frame(DATA, 0, stream) * 64)


@behaviour()
def floods_continuations(peer):
    peer.handshake()
    stream, _ = peer.call()
    peer.send(frame(HEADERS, 0, stream, peer.encoder.encode([(":status", "200")])))
    while True:
        peer.send(frame(CONTINUATION, 0, stream, b"\x00\x01a\x01b" * 100))


@behaviour()
def floods_data(peer):
    """More than any window allows."""
    peer.handshake()
    stream, _ = peer.call()
    peer.begin(stream)
    payload = message(b"\x1a\xe0\x7c" + bytes(15968))
    for _ in range(1 << 16):
        peer.data(stream, payload)


@behaviour()
def floods_small_messages(peer):
    """As much as the windows allow, of messages without content."""
    peer.handshake()
    stream, _ = peer.call()
    peer.begin(stream)
    peer.data(stream, message(b"") * (65535 // 5))
    peer.drain()


@behaviour()
def pushes(peer):
    peer.handshake()
    stream, _ = peer.call()
    fields = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "x")]
    peer.send(frame(PUSH, END_HEADERS, stream, struct.pack(">I", 2) + peer.encoder.encode(fields)))
    peer.drain()


@behaviour()
def header_bomb(peer):
    """One entry of the table, named again and again."""
    peer.handshake()
    stream, _ = peer.call()
    block = peer.encoder.encode([(":status", "200"), ("x-long", "a" * 3900)])
    peer.send(frame(HEADERS, END_HEADERS, stream, block + b"\xbe" * 10000))
    peer.drain()


@answering("long_header_list")
def long_header_list(peer, stream, headers):
    fields = [("x-%d" % number, "v" * 1000) for number in range(14)]
    block = peer.encoder.encode([(":status", "200"), ("content-type", "application/grpc")])
    blocks = [block] + [peer.encoder.encode(fields) for _ in range(6)]
    peer.send(frame(HEADERS, 0, stream, blocks[0]))
    for block in blocks[1:]:
        peer.send(frame(CONTINUATION, END_HEADERS if block is blocks[-1] else 0, stream, block))


# Stalls.


@answering("never_answers")
def never_answers(peer, stream, headers):
    pass


@behaviour()
def goes_silent(peer):
    """Answers no PING either."""
    peer.handshake()
    peer.call()
    while peer.socket.recv(65536):
        pass


@answering("stops_in_a_message")
def stops_in_a_message(peer, stream, headers):
    peer.begin(stream)
    peer.data(stream, message(echo("x" * 100))[:50])


@behaviour()
def closes_in_a_message(peer):
    peer.handshake()
    stream, _ = peer.call()
    peer.begin(stream)
    peer.data(stream, message(echo("x" * 100))[:50])


@behaviour()
def takes_no_streams(peer):
    peer.handshake(struct.pack(">HI", 3, 0))
    peer.drain()


@behaviour()
def takes_no_data(peer):
    peer.handshake(struct.pack(">HI", 4, 0))
    peer.drain()


# Wrong responses.


@answering("no_status")
def no_status(peer, stream, headers):
    peer.begin(stream)
    peer.data(stream, message(echo("fine")))
    peer.trailers(stream, ("x-other", "1"))


@answering("no_trailers")
def no_trailers(peer, stream, headers):
    peer.begin(stream, ("grpc-status", "0"))
    peer.data(stream, message(echo("fine")), end=True)


@answering("headers_alone")
def headers_alone(peer, stream, headers):
    peer.trailers_only(stream)


@answering("trailers_without_type")
def trailers_without_type(peer, stream, headers):
    peer.headers(stream, [(":status", "200"), ("grpc-status", "0")], end=True)


@answering("trailers_without_http_status")
def trailers_without_http_status(peer, stream, headers):
    peer.headers(stream, [("content-type", "application/grpc"), ("grpc-status", "0")], end=True)


def status(name, value):
    @answering("status_" + name)
    def serve(peer, stream, headers):
        peer.begin(stream)
        peer.data(stream, message(echo("fine")))
        peer.trailers(stream, ("grpc-status", value), ("grpc-message", "as it is"))


for name, value in {
    "word": "fine", "empty": "", "out_of_range": "17", "huge": "9" * 40, "negative": "-1", "signed": "+0",
    "fraction": "0.0",
}.items():
    status(name, value)


@answering("bad_percent_coding")
def bad_percent_coding(peer, stream, headers):
    peer.trailers_only(stream, ("grpc-status", "3"), ("grpc-message", "100%zz %4 %ff%E2%82%AC%"))


@answering("long_message")
def long_message(peer, stream, headers):
    peer.trailers_only(stream, ("grpc-status", "9"), ("grpc-message", "m" * 15000))


@answering("bad_details")
def bad_details(peer, stream, headers):
    peer.trailers_only(
        stream, ("grpc-status", "9"), ("grpc-message", "no"), ("grpc-status-details-bin", "%%%"))


@answering("no_message")
def no_message(peer, stream, headers):
    peer.begin(stream)
    peer.trailers(stream)


@answering("two_messages")
def two_messages(peer, stream, headers):
    peer.begin(stream)
    peer.data(stream, message(echo("one")) + message(echo("two")))
    peer.trailers(stream)


@behaviour()
def endless_messages(peer):
    peer.handshake()
    stream, _ = peer.call()
    peer.begin(stream)
    while True:
        peer.data(stream, message(echo("x" * 1000)))


def body(name, payload, *fields):
    @answering(name)
    def serve(peer, stream, headers):
        peer.begin(stream, *fields)
        peer.data(stream, payload)
        peer.trailers(stream)


GZIP = ("grpc-encoding", "gzip")
body("length_over_limit", message(b"", length=0xFFFFFFFF))
body("length_over_data", message(echo("fine"), length=100))
body("length_under_data", message(echo("fine"), length=2))
body("bad_flag", message(echo("fine"), flag=7))
body("compressed_unannounced", message(gzip.compress(echo("fine")), flag=1))
body("compressed_unknown", message(echo("fine"), flag=1), ("grpc-encoding", "snappy"))
body("compressed_badly", message(b"\x1f\x8b" + os.urandom(50), flag=1), GZIP)
body("compressed_cut", message(gzip.compress(echo("x" * 1000))[:-6], flag=1), GZIP)
body("no_protobuf", message(b"\xff" * 10))


@answering("compression_bomb")
def compression_bomb(peer, stream, headers):
    """256 MiB of zeros in about 256 KiB."""
    packer = zlib.compressobj(6, wbits=31)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    peer.begin(stream, GZIP)
    peer.data(stream, message(packed, flag=1))
    peer.trailers(stream)


@answering("data_before_headers")
def data_before_headers(peer, stream, headers):
    peer.data(stream, message(echo("fine")))
    peer.trailers(stream)


@answering("upper_case_names")
def upper_case_names(peer, stream, headers):
    peer.send(frame(HEADERS, END_HEADERS, stream, b"\x88\x00\x03X-A\x01b"))


@answering("third_header_list")
def third_header_list(peer, stream, headers):
    peer.begin(stream)
    peer.begin(stream)


@answering("data_after_the_end")
def data_after_the_end(peer, stream, headers):
    peer.answer(stream)
    peer.data(stream, message(echo("more")))


@answering("informational")
def informational(peer, stream, headers):
    peer.headers(stream, [(":status", "103"), ("link", "</style.css>")])
    peer.answer(stream)


@answering("http_status")
def http_status(peer, stream, headers):
    peer.headers(stream, [(":status", headers["x-http"]), ("content-type", "text/html")])
    peer.data(stream, b"<html></html>", end=True)


@answering("http_status_alone")
def http_status_alone(peer, stream, headers):
    peer.headers(stream, [(":status", headers["x-http"])], end=True)


@answering("resets")
def resets(peer, stream, headers):
    peer.send(frame(RST, 0, stream, struct.pack(">I", int(headers["x-code"]))))


# Retries.


@answering("unavailable_twice")
def unavailable_twice(peer, stream, headers):
    attempts = int(headers.get("grpc-previous-rpc-attempts", "0"))
    if attempts < 2:
        more = [("grpc-retry-pushback-ms", headers["x-pushback"])] if "x-pushback" in headers else []
        return peer.trailers_only(stream, ("grpc-status", "14"), ("grpc-message", "later"), *more)
    peer.answer(stream, "attempts", attempts)


@answering("unavailable_after_headers")
def unavailable_after_headers(peer, stream, headers):
    peer.begin(stream)
    peer.trailers(stream, ("grpc-status", "14"), ("grpc-message", "too late"))


@behaviour()
def refuses_the_first(peer):
    peer.handshake()
    count = 0
    while True:
        stream, headers = peer.call()
        count += 1
        if count == 1:
            peer.send(frame(RST, 0, stream, struct.pack(">I", 7)))
        else:
            peer.answer(stream, headers.get("grpc-previous-rpc-attempts", "none"), count)


@behaviour()
def leaves_first_call_out(peer):
    """GOAWAY that does not count the call, on the first connection alone."""
    peer.handshake()
    while True:
        stream, _ = peer.call()
        if peer.number > 0:
            peer.answer(stream, "again", peer.number)
        else:
            peer.send(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0)))


@behaviour()
def leaves_after_each_call(peer):
    """GOAWAY before each answer, which still comes."""
    peer.handshake()
    stream, _ = peer.call()
    peer.send(frame(GOAWAY, 0, 0, struct.pack(">II", stream, 0)))
    peer.answer(stream, "last", peer.number)
    peer.drain()


@behaviour()
def takes_no_call(peer):
    """GOAWAY together with the first SETTINGS."""
    peer.need(len(PREFACE))
    peer.send(frame(SETTINGS) + frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0)))
    peer.drain()


@behaviour()
def finds_pings_too_many(peer):
    """Says how long the connection lived before its first PING, in ms."""
    peer.handshake()
    stream, _ = peer.call()
    began = time.monotonic()
    kind = None
    while kind != PING:
        kind = peer.next()[0]
    waited = int((time.monotonic() - began) * 1000)
    if peer.number == 0:
        peer.send(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 11) + b"too_many_pings"))
    else:
        peer.answer(stream, "waited", waited)
    peer.drain()


def serve(listener, function):
    count = 0
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=run, args=(connection, function, count), daemon=True).start()
        count += 1


def run(connection, function, number):
    with connection:
        try:
            function(Peer(connection, number))
        except (Ended, AssertionError):
            pass


for name, function in BEHAVIOURS.items():
    listener = socket.create_server(("127.0.0.1", 0))
    print(name, listener.getsockname()[1])
    threading.Thread(target=serve, args=(listener, function), daemon=True).start()
print(flush=True)
sys.stdin.read()
