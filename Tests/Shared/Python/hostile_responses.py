"""Wrong responses on connections that are in order, and failures that invite retries."""

import gzip
import os
import struct
import time
import zlib

from hostile_peer import (
    END_HEADERS, CONTINUATION, GOAWAY, HEADERS, PING, PREFACE, RST, SETTINGS, answering, behaviour, echo, frame,
    message)

# Right ones, for clients with a weakness of their own.


@answering("answers")
def answers(peer, stream, headers):
    peer.answer(stream)


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


@answering("floods_goaways")
def floods_goaways(peer, stream, headers):
    peer.send(frame(GOAWAY, 0, 0, struct.pack(">II", stream, 11) + b"too_many_pings") * 200)
    peer.answer(stream)


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
def drops_what_it_did_not_let_come(peer):
    """The first connection allows no streams, and is cut once a call waits for that to change."""
    if peer.number > 0:
        peer.handshake()
        return peer.answer(peer.call()[0], "again", peer.number)
    peer.handshake(struct.pack(">HI", 3, 0))
    kind, flags = None, 0
    while kind != SETTINGS or not flags:
        kind, flags = peer.next()[:2]


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
