"""An HTTP/2 client that sends the frames that it is told to, right or wrong, and reads the server's."""

import select
import socket
import ssl
import struct
import time

import hpack

DATA, HEADERS, PRIORITY, RESET, SETTINGS, PUSH, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY_FLAG = 1, 1, 4, 8, 32
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, \
    REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = range(12)
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = \
    range(1, 7)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SERVICE = "/parapet.abuse.v1.Target/"


class Closed(Exception):
    """The server has closed the connection."""


class Frame:
    def __init__(self, kind, flags, stream, payload):
        self.kind, self.flags, self.stream, self.payload = kind, flags, stream, payload

    @property
    def code(self):
        """The error code of RST_STREAM or GOAWAY."""
        return struct.unpack(">I", self.payload[:4] if self.kind == RESET else self.payload[4:8])[0]

    @property
    def ends_stream(self):
        return self.kind in (DATA, HEADERS) and bool(self.flags & END_STREAM)

    def __repr__(self):
        return f"Frame(kind={self.kind}, flags={self.flags}, stream={self.stream}, {self.payload[:32]!r})"


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame's bytes; `length` may lie."""
    count = len(payload) if length is None else length
    return struct.pack(">I", count)[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(*pairs):
    return frame(SETTINGS, payload=b"".join(struct.pack(">HI", name, value) for name, value in pairs))


def ping(data=b"12345678", flags=0):
    return frame(PING, flags, payload=data)


def reset(stream, code=CANCEL):
    return frame(RESET, stream=stream, payload=struct.pack(">I", code))


def window_update(stream, count):
    return frame(WINDOW_UPDATE, stream=stream, payload=struct.pack(">I", count))


def message(payload=b"", compressed=0):
    """A message of gRPC with its prefix."""
    return struct.pack(">BI", compressed, len(payload)) + payload


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def target(number=0, payload=b""):
    """A TargetMessage."""
    out = b""
    if number:
        out += b"\x08" + varint(number)
    if payload:
        out += b"\x12" + varint(len(payload)) + payload
    return out


class Peer:
    """One connection. `tls` is a context, or None for clear text."""

    def __init__(self, port, tls=None, preface=True, initial=(), timeout=10):
        raw = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = tls.wrap_socket(raw, server_hostname="127.0.0.1") if tls else raw
        self.tls, self.timeout = tls, timeout
        self.buffer, self.ended = b"", None
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.seen, self.outcomes = [], {}
        # What may be sent, of streams that differ from `first_window` and of the connection.
        self.windows, self.first_window = {0: 65535}, 65535
        if preface:
            self.send(PREFACE + settings(*initial))

    def handshake(self):
        """Waits for the server's settings and its acknowledgement of ours, and acknowledges."""
        first = self.wait(lambda f: f.kind == SETTINGS and not f.flags & ACK)
        self.send(frame(SETTINGS, ACK))
        self.wait(lambda f: f.kind == SETTINGS and f.flags & ACK)
        return {name: value for name, value in struct.iter_unpack(">HI", first.payload)}

    # Sending

    def send(self, data):
        """Sends, and reads meanwhile what comes; raises Closed when the server takes no more."""
        try:
            if self.tls:
                self.socket.sendall(data)
                return
            view = memoryview(data)
            while view:
                readable, writable, _ = select.select([self.socket], [self.socket], [], self.timeout)
                if readable and not self._read():
                    raise Closed
                if writable:
                    view = view[self.socket.send(view):]
                elif not readable:
                    raise TimeoutError("the server takes nothing")
        except (ConnectionError, ssl.SSLError) as error:
            self._drain()
            raise Closed from error

    def request(self, rpc="Echo", fields=(), **pseudo):
        """The header list of a call."""
        head = {":method": "POST", ":scheme": "http", ":path": SERVICE + rpc, ":authority": "localhost"}
        head.update({":" + name: value for name, value in pseudo.items() if value is not None})
        for name, value in pseudo.items():
            if value is None:
                del head[":" + name]
        return list(head.items()) + [("te", "trailers"), ("content-type", "application/grpc"), *fields]

    def block(self, fields):
        return self.encoder.encode(fields)

    def headers(self, stream, fields=None, end=False, flags=0):
        block = self.block(self.request() if fields is None else fields)
        return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0) | flags, stream, block)

    def call(self, stream, method="Echo", body=b"", fields=()):
        """A whole call."""
        return self.headers(stream, self.request(method, fields)) + frame(DATA, END_STREAM, stream, message(body))

    def upload(self, stream, data, end=True, within=10):
        """DATA frames, as the windows let them through; the rest is left out when the stream is answered or ends."""
        while data:
            room = min(self.windows.get(stream, self.first_window), self.windows[0], 16 << 10)
            if room <= 0:
                self.wait(lambda f: f.kind == WINDOW_UPDATE or f.stream == stream, within)
                if self.outcomes.get(stream, (None, None, False))[2]:
                    return
                continue
            piece, data = data[:room], data[room:]
            self._widen(stream, -len(piece))
            self._widen(0, -len(piece))
            self.send(frame(DATA, END_STREAM if end and not data else 0, stream, piece))

    def _widen(self, stream, count):
        self.windows[stream] = self.windows.get(stream, self.first_window) + count

    # Receiving

    def _read(self):
        try:
            data = self.socket.recv(1 << 16)
        except (ConnectionError, ssl.SSLError) as error:
            data, self.ended = b"", self.ended or type(error).__name__
        if not data:
            self.ended = self.ended or "end"
            return False
        self.buffer += data
        return True

    def _drain(self):
        self.socket.settimeout(2)
        try:
            while self._read():
                pass
        except (TimeoutError, OSError):
            pass

    def _pending(self):
        return self.tls and self.socket.pending()

    def next(self, within=None):
        """The next frame; None at the end of the connection. Raises TimeoutError."""
        limit = time.monotonic() + (self.timeout if within is None else within)
        while True:
            if len(self.buffer) >= 9:
                count = int.from_bytes(self.buffer[:3], "big")
                if len(self.buffer) >= 9 + count:
                    found = Frame(self.buffer[3], self.buffer[4], int.from_bytes(self.buffer[5:9], "big") & 0x7FFFFFFF,
                                  self.buffer[9:9 + count])
                    self.buffer = self.buffer[9 + count:]
                    if found.kind == HEADERS:
                        found.fields = dict(self.decoder.decode(found.payload))
                    self.seen.append(found)
                    if found.kind == WINDOW_UPDATE:
                        self._widen(found.stream, struct.unpack(">I", found.payload)[0])
                    elif found.kind == SETTINGS and not found.flags & ACK:
                        pairs = dict(struct.iter_unpack(">HI", found.payload))
                        self.first_window = pairs.get(INITIAL_WINDOW_SIZE, self.first_window)
                    if found.kind in (DATA, HEADERS, RESET):
                        self._note(found)
                    return found
            if self.ended:
                return None
            left = limit - time.monotonic()
            if left <= 0 or not (self._pending() or select.select([self.socket], [], [], left)[0]):
                raise TimeoutError("the server sent nothing more")
            self.socket.settimeout(max(left, 0.01))
            self._read()
            self.socket.settimeout(self.timeout)

    def wait(self, matches, within=None):
        """The next frame that matches. Raises Closed, or TimeoutError."""
        limit = time.monotonic() + (self.timeout if within is None else within)
        while True:
            found = self.next(max(0.0, limit - time.monotonic()))
            if found is None:
                raise Closed
            if matches(found):
                return found

    def end(self, within=None):
        """Reads to the end of the connection: the code of the last GOAWAY with an error, or None; whether it is closed."""
        code = None
        for seen in self.seen:
            if seen.kind == GOAWAY and seen.code:
                code = seen.code
        limit = time.monotonic() + (self.timeout if within is None else within)
        try:
            while (found := self.next(max(0.0, limit - time.monotonic()))) is not None:
                if found.kind == GOAWAY and found.code:
                    code = found.code
        except TimeoutError:
            return code, False
        return code, True

    def _note(self, found):
        fields, body, _ = self.outcomes.get(found.stream, ({}, b"", False))
        if found.kind == HEADERS:
            fields = {**fields, **found.fields}
        elif found.kind == DATA:
            body += found.payload
        elif found.kind == RESET and found.code:
            fields = {**fields, "reset": found.code}
        self.outcomes[found.stream] = (fields, body, found.kind == RESET or found.ends_stream)

    def answer(self, stream, within=None):
        """The outcome of a call: its header fields, `reset` among them if it was, and its body."""
        while not self.outcomes.get(stream, (None, None, False))[2]:
            self.wait(lambda f: f.stream == stream, within)
        return self.outcomes.pop(stream)[:2]

    def close(self):
        self.socket.close()


class Frames:
    """Sends many frames at once, and tells whether the server ended the flood."""

    def __init__(self, peer, batch=200):
        self.peer, self.batch, self.held, self.count = peer, batch, [], 0

    def add(self, data):
        self.held.append(data)
        self.count += 1
        if len(self.held) >= self.batch:
            self.flush()

    def flush(self):
        data, self.held = b"".join(self.held), []
        self.peer.send(data)
