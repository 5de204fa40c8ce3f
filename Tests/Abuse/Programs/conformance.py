"""HTTP/2 and HPACK (RFC 9113, RFC 7541), case by case: conformance.py PORT [CA_FILE]

Prints one line of JSON for each case; exit 1 if one fails. The sections are those of the RFCs.
"""

import json
import ssl
import sys

from peer import *

CASES = []
ANY = tuple(range(14))


def case(section, text):
    def register(function):
        CASES.append((section, text, function))
        return function
    return register


def connection_error(peer, *codes):
    """The connection is closed, with one of these codes or without a GOAWAY."""
    code, closed = peer.end(5)
    assert closed, "the connection is open"
    assert code is None or code in codes, f"GOAWAY with {code} instead of {codes}"


def stream_error(peer, stream, *codes):
    """The stream is reset with one of these codes, or the connection ends with it."""
    try:
        found = peer.wait(lambda f: f.kind == RESET and f.stream == stream and f.code or f.kind == GOAWAY and f.code, 5)
        assert found.code in codes, f"ended with {found.code} instead of {codes}"
    except Closed:
        pass


def served(peer, stream):
    """The connection still answers calls."""
    peer.send(peer.call(stream))
    fields, _ = peer.answer(stream, 5)
    assert fields.get("grpc-status") == "0", fields


def alive(peer):
    peer.send(ping(b"are you "))
    peer.wait(lambda f: f.kind == PING and f.flags & ACK and f.payload == b"are you ", 5)


def sends(section, text, data, *codes, stream=None):
    """A case that sends what `data` makes and is answered by an error: of the stream, if one is named."""
    def run(peer):
        peer.handshake()
        peer.send(data(peer))
        if stream:
            stream_error(peer, stream, *codes)
        else:
            connection_error(peer, *codes)
    CASES.append((section, text, run))


def accepts(section, text, data, stream=1):
    """A case after which a call on `stream` is answered."""
    def run(peer):
        peer.handshake()
        peer.send(data(peer))
        served(peer, stream)
    CASES.append((section, text, run))


def fields_are_refused(section, text, change, end=True, body=b""):
    """A header list that `change` has spoilt ends its stream."""
    def data(peer):
        fields = change(peer.request())
        return peer.headers(1, fields, end=end) + (frame(DATA, END_STREAM, 1, body) if not end else b"")
    sends(section, text, data, PROTOCOL_ERROR, stream=1)


def without(name):
    return lambda fields: [(n, v) for n, v in fields if n != name]


def with_field(*more):
    return lambda fields: fields + list(more)


def priority(on, stream=0, weight=16):
    return struct.pack(">IB", on, weight)


# 3.4 The preface

@case("3.4", "the server's first frame is SETTINGS")
def _(peer):
    assert peer.next().kind == SETTINGS


@case("3.4", "a wrong preface ends the connection")
def _(peer):
    peer.send(b"")


sends("4.1", "a frame of an unknown kind on stream 0 and its flags are ignored, an idle stream's DATA is not",
      lambda p: frame(0xBE, 255, 0, b"?") + frame(DATA, 0, 1, b"x"), PROTOCOL_ERROR)
accepts("4.1", "unknown kinds of frames are ignored", lambda p: frame(0x16, 0xFF, 0, bytes(8)))
accepts("4.1", "undefined flags are ignored", lambda p: ping(flags=0x16))
accepts("4.1", "the reserved bit is ignored", lambda p: frame(PING, 0, 0x80000000, bytes(8)))
accepts("4.2", "a frame of the largest size is taken",
        lambda p: p.headers(1) + frame(DATA, 0, 1, struct.pack(">BI", 0, 1 << 20) + bytes((16 << 10) - 5)), stream=3)
sends("4.2", "a larger DATA frame", lambda p: p.headers(1) + frame(DATA, 0, 1, bytes((16 << 10) + 1)),
      FRAME_SIZE_ERROR, stream=1)
sends("4.2", "a larger HEADERS frame", lambda p: frame(HEADERS, END_HEADERS, 1, bytes((16 << 10) + 1)),
      FRAME_SIZE_ERROR)
sends("4.3", "an invalid header block", lambda p: frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\x80"),
      COMPRESSION_ERROR)
sends("4.3", "a header block with PRIORITY inside",
      lambda p: frame(HEADERS, 0, 1, p.block(p.request())) + frame(PRIORITY, 0, 1, priority(0)), PROTOCOL_ERROR)
sends("4.3", "a header block with another stream's HEADERS inside",
      lambda p: frame(HEADERS, 0, 1, p.block(p.request())) + p.headers(3), PROTOCOL_ERROR)
sends("4.3", "a header block with an unknown frame inside",
      lambda p: frame(HEADERS, 0, 1, p.block(p.request())) + frame(0xBE, 0, 1, b"?"), PROTOCOL_ERROR)

# 5.1 Stream states
for kind, name, payload in [(DATA, "DATA", b"x"), (RESET, "RST_STREAM", bytes(4)),
                            (WINDOW_UPDATE, "WINDOW_UPDATE", struct.pack(">I", 1)), (CONTINUATION, "CONTINUATION", b"")]:
    sends("5.1", f"{name} on an idle stream", lambda p, k=kind, b=payload: frame(k, END_HEADERS * (k == 9), 1, b),
          PROTOCOL_ERROR)
sends("5.1", "DATA on a half-closed stream",
      lambda p: p.call(1, "Wait", target(5000)) + frame(DATA, 0, 1, b"x"), STREAM_CLOSED, stream=1)
sends("5.1", "HEADERS on a half-closed stream",
      lambda p: p.call(1, "Wait", target(5000)) + p.headers(1), STREAM_CLOSED, stream=1)
sends("5.1", "CONTINUATION on a half-closed stream",
      lambda p: p.call(1, "Wait", target(5000)) + frame(CONTINUATION, END_HEADERS, 1), PROTOCOL_ERROR, STREAM_CLOSED)
for name, data in [("DATA", lambda p: frame(DATA, 0, 1, b"x")), ("HEADERS", lambda p: p.headers(1))]:
    sends("5.1", f"{name} on a stream that the client has reset",
          lambda p, d=data: p.headers(1, p.request("Wait")) + reset(1) + d(p), STREAM_CLOSED, stream=1)
accepts("5.1", "WINDOW_UPDATE, PRIORITY and RST_STREAM on a closed stream",
        lambda p: p.headers(1) + reset(1) + window_update(1, 1) + frame(PRIORITY, 0, 1, priority(0)) + reset(1), 3)


@case("5.1", "HEADERS on a stream that has ended")
def _(peer):
    peer.handshake()
    served(peer, 1)
    peer.send(peer.headers(1))
    connection_error(peer, STREAM_CLOSED)


@case("5.1", "DATA on a stream that has ended")
def _(peer):
    peer.handshake()
    served(peer, 1)
    peer.send(frame(DATA, 0, 1, b"x"))
    connection_error(peer, STREAM_CLOSED)


@case("5.1", "DATA on a stream that the server has reset is what was under way")
def _(peer):
    peer.handshake()
    peer.send(peer.headers(1, peer.request("Missing")))
    peer.wait(lambda f: f.kind == RESET and f.stream == 1)
    peer.send(frame(DATA, 0, 1, bytes(1000)))
    served(peer, 3)


sends("5.1.1", "an even stream number", lambda p: p.headers(2), PROTOCOL_ERROR)
sends("5.1.1", "a stream number that goes back", lambda p: p.headers(5) + p.headers(3), PROTOCOL_ERROR)


@case("5.1.2", "more streams than allowed")
def _(peer):
    limit = peer.handshake()[MAX_CONCURRENT_STREAMS]
    peer.send(b"".join(peer.headers(2 * n + 1) for n in range(limit + 1)))
    stream_error(peer, 2 * limit + 1, PROTOCOL_ERROR, REFUSED_STREAM)


accepts("5.3", "PRIORITY in HEADERS and alone", lambda p: frame(PRIORITY, 0, 5, priority(3)) + frame(
    HEADERS, END_HEADERS | END_STREAM | PRIORITY_FLAG, 1, priority(0) + p.block(p.request())), 3)
sends("5.3.1", "HEADERS that depend on themselves", lambda p: frame(
    HEADERS, END_HEADERS | END_STREAM | PRIORITY_FLAG, 1, priority(1) + p.block(p.request())), PROTOCOL_ERROR, stream=1)
sends("5.3.1", "PRIORITY that depends on itself", lambda p: p.headers(1) + frame(PRIORITY, 0, 1, priority(1)),
      PROTOCOL_ERROR, stream=1)

# 6 Frames
sends("6.1", "DATA on stream 0", lambda p: frame(DATA, 0, 0, b"x"), PROTOCOL_ERROR)
sends("6.1", "DATA with more padding than payload", lambda p: p.headers(1) + frame(DATA, PADDED, 1, b"\x06test"),
      PROTOCOL_ERROR)


@case("6.1", "padded DATA and HEADERS are understood")
def _(peer):
    peer.handshake()
    block = peer.block(peer.request())
    peer.send(frame(HEADERS, END_HEADERS | PADDED, 1, b"\x05" + block + bytes(5))
              + frame(DATA, END_STREAM | PADDED, 1, b"\x07" + message(target(5)) + bytes(7)))
    fields, body = peer.answer(1)
    assert fields["grpc-status"] == "0" and body == message(target(5)), (fields, body)


sends("6.2", "HEADERS on stream 0", lambda p: p.headers(0), PROTOCOL_ERROR)
sends("6.2", "HEADERS with more padding than payload",
      lambda p: frame(HEADERS, END_HEADERS | PADDED, 1, b"\xff" + p.block(p.request())), PROTOCOL_ERROR)
sends("6.3", "PRIORITY on stream 0", lambda p: frame(PRIORITY, 0, 0, priority(1)), PROTOCOL_ERROR)
sends("6.3", "PRIORITY of another length", lambda p: p.headers(1) + frame(PRIORITY, 0, 1, b"1234"),
      FRAME_SIZE_ERROR, stream=1)
sends("6.4", "RST_STREAM on stream 0", lambda p: reset(0), PROTOCOL_ERROR)
sends("6.4", "RST_STREAM of another length", lambda p: p.headers(1) + frame(RESET, 0, 1, b"123"), FRAME_SIZE_ERROR)
sends("6.5", "SETTINGS on a stream", lambda p: frame(SETTINGS, 0, 1), PROTOCOL_ERROR)
sends("6.5", "SETTINGS of another length", lambda p: frame(SETTINGS, payload=b"123"), FRAME_SIZE_ERROR)
sends("6.5", "an acknowledgement with payload", lambda p: frame(SETTINGS, ACK, payload=bytes(6)), FRAME_SIZE_ERROR)
sends("6.5.2", "ENABLE_PUSH of 2", lambda p: settings((ENABLE_PUSH, 2)), PROTOCOL_ERROR)
sends("6.5.2", "a window over 2^31-1", lambda p: settings((INITIAL_WINDOW_SIZE, 1 << 31)), FLOW_CONTROL_ERROR)
sends("6.5.2", "MAX_FRAME_SIZE too small", lambda p: settings((MAX_FRAME_SIZE, 16383)), PROTOCOL_ERROR)
sends("6.5.2", "MAX_FRAME_SIZE too large", lambda p: settings((MAX_FRAME_SIZE, 1 << 24)), PROTOCOL_ERROR)
accepts("6.5.2", "unknown settings are ignored", lambda p: settings((0xFF, 7)))


@case("6.5.3", "SETTINGS are acknowledged, and their values taken in order")
def _(peer):
    peer.handshake()
    peer.send(settings((INITIAL_WINDOW_SIZE, 100), (INITIAL_WINDOW_SIZE, 1)))
    peer.wait(lambda f: f.kind == SETTINGS and f.flags & ACK)
    peer.send(peer.call(1, "Echo", target(5)))
    assert len(peer.wait(lambda f: f.kind == DATA).payload) == 1


sends("6.6", "PUSH_PROMISE", lambda p: frame(PUSH, END_HEADERS, 1, struct.pack(">I", 2) + p.block(p.request())),
      PROTOCOL_ERROR)


@case("6.7", "PING is answered with its payload")
def _(peer):
    peer.handshake()
    alive(peer)


sends("6.7", "PING on a stream", lambda p: frame(PING, 0, 1, bytes(8)), PROTOCOL_ERROR)
sends("6.7", "PING of another length", lambda p: frame(PING, 0, 0, bytes(6)), FRAME_SIZE_ERROR)
sends("6.8", "GOAWAY on a stream", lambda p: frame(GOAWAY, 0, 1, bytes(8)), PROTOCOL_ERROR)
sends("6.9", "WINDOW_UPDATE of 0 for the connection", lambda p: window_update(0, 0), PROTOCOL_ERROR)
sends("6.9", "WINDOW_UPDATE of 0 for a stream", lambda p: p.headers(1) + window_update(1, 0), PROTOCOL_ERROR, stream=1)
sends("6.9", "WINDOW_UPDATE of another length", lambda p: frame(WINDOW_UPDATE, 0, 0, b"123"), FRAME_SIZE_ERROR)
sends("6.9.1", "a connection's window over 2^31-1", lambda p: window_update(0, 0x7FFFFFFF) * 2, FLOW_CONTROL_ERROR)
sends("6.9.1", "a stream's window over 2^31-1", lambda p: p.headers(1) + window_update(1, 0x7FFFFFFF) * 2,
      FLOW_CONTROL_ERROR, stream=1)


@case("6.9.1", "no more DATA is sent than the window has room for")
def _(peer):
    peer.handshake()
    peer.send(settings((INITIAL_WINDOW_SIZE, 1)))
    peer.send(peer.call(1, "Echo", target(5)))
    assert len(peer.wait(lambda f: f.kind == DATA).payload) == 1
    peer.send(window_update(1, 2))
    assert len(peer.wait(lambda f: f.kind == DATA).payload) == 2


@case("6.9.2", "a window may become negative")
def _(peer):
    peer.handshake()
    peer.send(settings((INITIAL_WINDOW_SIZE, 3)) + peer.call(1, "Echo", target(5)))
    assert len(peer.wait(lambda f: f.kind == DATA).payload) == 3
    peer.send(settings((INITIAL_WINDOW_SIZE, 2)) + window_update(1, 2))
    assert len(peer.wait(lambda f: f.kind == DATA).payload) == 1


sends("6.9.2", "SETTINGS that push a stream's window over 2^31-1", lambda p: p.headers(1)
      + window_update(1, 0x7FFFFFFF - 65535) + settings((INITIAL_WINDOW_SIZE, 0x7FFFFFFF)), FLOW_CONTROL_ERROR)
sends("6.10", "CONTINUATION behind HEADERS that ended", lambda p: p.headers(1) + frame(
    CONTINUATION, END_HEADERS, 1, b""), PROTOCOL_ERROR)
sends("6.10", "CONTINUATION on stream 0", lambda p: frame(HEADERS, 0, 1, p.block(p.request())) + frame(
    CONTINUATION, END_HEADERS, 0, b""), PROTOCOL_ERROR)
sends("6.10", "DATA behind HEADERS that have not ended", lambda p: frame(HEADERS, 0, 1, p.block(p.request())) + frame(
    DATA, END_STREAM, 1, b"x"), PROTOCOL_ERROR)


@case("6.10", "a header block in three frames is understood")
def _(peer):
    peer.handshake()
    block = peer.block(peer.request())
    peer.send(frame(HEADERS, 0, 1, block[:5]) + frame(CONTINUATION, 0, 1, block[5:9])
              + frame(CONTINUATION, END_HEADERS, 1, block[9:]) + frame(DATA, END_STREAM, 1, message()))
    assert peer.answer(1)[0]["grpc-status"] == "0"


@case("7", "unknown error codes are taken as any other")
def _(peer):
    peer.handshake()
    peer.send(peer.headers(1) + reset(1, 0xFF))
    served(peer, 3)


# 8 Requests
@case("8.1", "trailers of a client are taken")
def _(peer):
    peer.handshake()
    peer.send(peer.headers(1) + frame(DATA, 0, 1, message()) + peer.headers(1, [("x-trailer", "1")], end=True))
    assert peer.answer(1)[0]["grpc-status"] == "0"


sends("8.1", "trailers that do not end the stream",
      lambda p: p.headers(1) + p.headers(1, [("x-trailer", "1")]), PROTOCOL_ERROR, stream=1)
sends("8.1", "a pseudo field in trailers",
      lambda p: p.headers(1) + p.headers(1, [(":method", "POST")], end=True), PROTOCOL_ERROR, stream=1)
fields_are_refused("8.2", "an upper-case name", with_field(("X-Test", "1")))
fields_are_refused("8.2.1", "a name with a space", with_field(("x test", "1")))
fields_are_refused("8.2.1", "a value with a line feed", with_field(("x-test", "1\n2")))
for name, value in [("connection", "keep-alive"), ("keep-alive", "1"), ("proxy-connection", "x"), ("upgrade", "h2c"),
                    ("transfer-encoding", "chunked"), ("te", "gzip")]:
    fields_are_refused("8.2.2", f"the field {name}: {value}", with_field((name, value)))
fields_are_refused("8.3", "an unknown pseudo field", lambda f: [(":test", "1")] + f)
fields_are_refused("8.3", "a pseudo field of responses", lambda f: [(":status", "200")] + f)
fields_are_refused("8.3", "a pseudo field behind others", lambda f: [f[-1]] + f[:-1])
for name in [":method", ":scheme", ":path"]:
    fields_are_refused("8.3.1", f"no {name}", without(name))
    fields_are_refused("8.3.1", f"{name} twice", lambda f, n=name: [(n, dict(f)[n])] + f)
fields_are_refused("8.3.1", "an empty :path", lambda f: [(n, "" if n == ":path" else v) for n, v in f])
for body in [b"", b"1", b"1234"]:
    fields_are_refused("8.1.1", f"content-length 2 and {len(body)} octets", with_field(("content-length", "2")),
                       end=False, body=body)

# HPACK
for section, text, block in [
    ("2.3.3", "an index behind both tables", b"\xff\x80\x01"),
    ("2.3.3", "a literal whose name is behind both tables", b"\x7f\x80\x01\x01x"),
    ("4.2", "a size update behind a field", b"\x82\x20"),
    ("5.1", "an integer without end", b"\xff" + b"\x80" * 20),
    ("5.2", "a string that is longer than the block", b"\x00\x7f\x00ab"),
    ("5.2", "Huffman padding of ones over seven bits", b"\x00\x01x\x82\x1f\xff"),
    ("5.2", "Huffman padding of zeros", b"\x00\x01x\x81\x18"),
    ("5.2", "the end symbol in Huffman code", b"\x00\x01x\x84\xff\xff\xff\xff"),
    ("6.1", "index 0", b"\x80"),
    ("6.3", "a table larger than allowed", b"\x3f\xe2\x1f"),
]:
    sends("HPACK " + section, text, lambda p, b=block: frame(HEADERS, END_HEADERS | END_STREAM, 1, b + (
        b"" if b[-1:] == b"\x80" and len(b) > 4 else p.block(p.request()))), COMPRESSION_ERROR)


def main():
    port = int(sys.argv[1])
    context = None
    if len(sys.argv) > 2:
        context = ssl.create_default_context(cafile=sys.argv[2])
        context.set_alpn_protocols(["h2"])
    failed = 0
    for section, text, function in CASES:
        peer = None
        try:
            preface = "wrong preface" not in text
            peer = Peer(port, context, preface=preface)
            if not preface:
                peer.send(b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")
                connection_error(peer, *ANY)
            else:
                function(peer)
            error = None
        except (AssertionError, Closed, TimeoutError, OSError) as problem:
            error, failed = f"{type(problem).__name__}: {problem}", failed + 1
        finally:
            if peer:
                peer.close()
        print(json.dumps({"section": section, "case": text, "error": error}), flush=True)
    print(json.dumps({"cases": len(CASES), "failed": failed}))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
