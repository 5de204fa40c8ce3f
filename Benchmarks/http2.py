"""Raw HTTP/2, as much as it takes to hold connections and calls open and to make one call."""

import socket
import ssl
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, body=b""):
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


def field(name, value):
    """A literal that enters no table (RFC 7541, 6.2.2)."""
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def headers(path, scheme):
    fields = [
        (":method", "POST"), (":scheme", scheme), (":path", path), (":authority", "localhost"),
        ("te", "trailers"), ("content-type", "application/grpc"),
    ]  # fmt: skip
    return b"".join(field(*each) for each in fields)


def message(body):
    return b"\0" + len(body).to_bytes(4, "big") + body


class Connection:
    """Connected, with settings exchanged."""

    def __init__(self, port, ca=None):
        self.scheme = "https" if ca else "http"
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if ca:
            self.socket = ca.wrap_socket(self.socket, server_hostname="localhost")
        self.socket.settimeout(60)
        self.received = b""
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))
        while self.read()[0] != SETTINGS:
            pass
        self.socket.sendall(frame(SETTINGS, ACK, 0))

    def read(self):
        while len(self.received) < 9 or len(self.received) < 9 + int.from_bytes(self.received[:3], "big"):
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("closed by the server")
            self.received += more
        count = int.from_bytes(self.received[:3], "big")
        kind, flags = self.received[3], self.received[4]
        stream = int.from_bytes(self.received[5:9], "big")
        body = self.received[9 : 9 + count]
        self.received = self.received[9 + count :]
        return kind, flags, stream, body

    def begin(self, stream, path):
        """A call whose request does not come."""
        self.socket.sendall(frame(HEADERS, END_HEADERS, stream, headers(path, self.scheme)))

    def call(self, path, request):
        self.begin(1, path)
        self.socket.sendall(frame(DATA, END_STREAM, 1, message(request)))
        body = b""
        while True:
            kind, flags, stream, content = self.read()
            if kind == DATA and stream == 1:
                body += content
            if stream == 1 and flags & END_STREAM and kind in (DATA, HEADERS):
                return body

    def close(self):
        self.socket.close()


def trust(ca_file):
    context = ssl.create_default_context(cafile=ca_file)
    context.set_alpn_protocols(["h2"])
    return context


def first_call(port, ca, path, request):
    """Tries until something listens, then makes one call."""
    while True:
        try:
            connection = Connection(port, ca)
            break
        except ConnectionRefusedError:
            time.sleep(0.0002)
    answer = connection.call(path, request)
    connection.close()
    if answer != message(request):
        raise ValueError(f"the answer is {answer!r}")
