"""Frames of HTTP/2 put together by hand, right or wrong, since libraries refuse to send most wrong ones; and the register
of behaviours that are made of them."""

import struct

import hpack

DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
ACK = END_STREAM = 1
END_HEADERS = 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def echo(text, number=0):
    """The tests' EchoMessage."""
    text = text.encode()
    return b"\x0a" + varint(len(text)) + text + (b"\x10" + varint(number) if number else b"")


def message(payload, flag=0, length=None):
    return bytes([flag]) + struct.pack(">I", len(payload) if length is None else length) + payload


class Ended(Exception):
    """The client has closed the connection."""


class Peer:
    """One connection, its frames read and written."""

    def __init__(self, connection, number):
        self.socket = connection
        self.number = number  # Counts the behaviour's connections from 0.
        self.buffer = b""
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise Ended

    def need(self, count):
        while len(self.buffer) < count:
            try:
                got = self.socket.recv(65536)
            except OSError:
                raise Ended
            if not got:
                raise Ended
            self.buffer += got
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def handshake(self, settings=b""):
        assert self.need(len(PREFACE)) == PREFACE
        self.send(frame(SETTINGS, 0, 0, settings))

    def next(self):
        head = self.need(9)
        payload = self.need(int.from_bytes(head[:3], "big"))
        kind, flags, stream = head[3], head[4], int.from_bytes(head[5:9], "big")
        if kind == SETTINGS and not flags & ACK:
            self.send(frame(SETTINGS, ACK))
        if kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        return kind, flags, stream, payload

    def call(self):
        """The next call, when all its requests are there: its stream and its headers."""
        headers = None
        while True:
            kind, flags, stream, payload = self.next()
            if kind == HEADERS:
                headers = dict(self.decoder.decode(payload))
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                return stream, headers

    def headers(self, stream, fields, end=False):
        flags = END_HEADERS | (END_STREAM if end else 0)
        self.send(frame(HEADERS, flags, stream, self.encoder.encode(fields)))

    def begin(self, stream, *more):
        self.headers(stream, [(":status", "200"), ("content-type", "application/grpc"), *more])

    def data(self, stream, payload, end=False):
        for start in range(0, max(len(payload), 1), 16384):
            last = start + 16384 >= len(payload)
            self.send(frame(DATA, END_STREAM if end and last else 0, stream, payload[start : start + 16384]))

    def trailers(self, stream, *fields):
        self.headers(stream, list(fields) or [("grpc-status", "0")], end=True)

    def answer(self, stream, text="fine", number=0):
        self.begin(stream)
        self.data(stream, message(echo(text, number)))
        self.trailers(stream)

    def trailers_only(self, stream, *fields):
        self.headers(stream, [(":status", "200"), ("content-type", "application/grpc"), *fields], end=True)

    def drain(self):
        while True:
            self.next()


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
