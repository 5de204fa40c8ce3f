"""Connections that come to nothing, floods and stalls."""

import os
import socket
import ssl
import struct
import sys

import hpack

from hostile_peer import (
    BEHAVIOURS, CONTINUATION, DATA, END_HEADERS, HEADERS, PING, PREFACE, PRIORITY, PUSH, SETTINGS, WINDOW, Peer,
    answering, behaviour, echo, frame, message)

FOLDER = sys.argv[1]

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


# TLS.


def over_tls(name, protocols=("h2",)):
    def add(function):
        def serve(peer):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(FOLDER + "/cert.pem", FOLDER + "/key.pem")
            context.set_alpn_protocols(list(protocols))
            try:
                with context.wrap_socket(peer.socket.dup(), server_side=True) as secure:
                    function(Peer(secure, peer.number), peer.socket)
            except ssl.SSLError:
                pass

        BEHAVIOURS[name] = serve

    return add


@over_tls("tls_cuts_in_a_message")
def tls_cuts_in_a_message(peer, plain):
    """Ends the TCP connection without the alert that closes TLS."""
    closes_in_a_message(peer)
    plain.shutdown(socket.SHUT_RDWR)


@over_tls("tls_breaks_in_a_message")
def tls_breaks_in_a_message(peer, plain):
    peer.handshake()
    stream, _ = peer.call()
    peer.begin(stream)
    plain.sendall(b"\x17\x03\x03\x00\x20" + os.urandom(32))
    peer.drain()


@over_tls("tls_without_http2", ["http/1.1"])
def tls_without_http2(peer, plain):
    peer.need(1)


@over_tls("tls_answers")
def tls_answers(peer, plain):
    peer.handshake()
    while True:
        peer.answer(peer.call()[0])


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
