"""TLS as a server of the stack is to speak it: tls.py PORT FOLDER

FOLDER holds PEM files: ca, and NAME.pem with NAME-key.pem for the client certificates good, expired, server (made for
servers) and foreign (of another authority). Prints a line for each case that fails; exit 1 if there is one.
"""

import ctypes
import ctypes.util
import socket
import ssl
import subprocess
import sys
import warnings

from peer import PREFACE, Closed, Peer, settings

port, folder = int(sys.argv[1]), sys.argv[2]
failures = []
warnings.simplefilter("ignore")


def context(identity="good", alpn=("h2",), version=None, ciphers=None):
    made = ssl.create_default_context(cafile=f"{folder}/ca.pem")
    if identity:
        made.load_cert_chain(f"{folder}/{identity}.pem", f"{folder}/{identity}-key.pem")
    if alpn:
        made.set_alpn_protocols(list(alpn))
    if ciphers:
        made.set_ciphers(ciphers)
    if version:
        made.minimum_version = made.maximum_version = version
    return made


def outcome(**options):
    """The TLS version and cipher of a connection that serves a call; None when there is none."""
    try:
        peer = Peer(port, context(**options))
        peer.handshake()
        peer.send(peer.call(1))
        assert peer.answer(1)[0]["grpc-status"] == "0"
        found = peer.socket.version(), peer.socket.cipher()[0]
        peer.close()
        return found
    except (OSError, Closed):
        return None


def expect(what, got, wanted):
    if not wanted(got):
        failures.append(f"{what}: {got}")


def refused(what, **options):
    expect(what, outcome(**options), lambda got: got is None)


V = ssl.TLSVersion
expect("TLS 1.3", outcome(), lambda got: got and got[0] == "TLSv1.3")
expect("TLS 1.2", outcome(version=V.TLSv1_2), lambda got: got and got[0] == "TLSv1.2" and "GCM" in got[1])
refused("TLS 1.1", version=V.TLSv1_1, ciphers="ALL:@SECLEVEL=0")
refused("TLS 1.0", version=V.TLSv1, ciphers="ALL:@SECLEVEL=0")
refused("CBC", version=V.TLSv1_2, ciphers="ECDHE+AES+SHA256:ECDHE+AES+SHA1:@SECLEVEL=0")
refused("no forward secrecy", version=V.TLSv1_2, ciphers="kRSA:@SECLEVEL=0")
refused("no ALPN", alpn=None)
refused("ALPN without h2", alpn=("http/1.1",))
expect("ALPN with h2 among others", outcome(alpn=("http/1.1", "h2")), lambda got: got is not None)
for name in [None, "expired", "server", "foreign"]:
    refused(f"client certificate: {name}", identity=name)

# Renegotiation: `R` on a line of its own asks for it.
run = subprocess.run(
    ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2", "-alpn", "h2", "-CAfile", f"{folder}/ca.pem",
     "-cert", f"{folder}/good.pem", "-key", f"{folder}/good-key.pem"],
    input=b"R\n", capture_output=True, timeout=30)
said = (run.stdout + run.stderr).decode(errors="replace")
expect("renegotiation", said[-400:], lambda _: "RENEGOTIATING" in said and "no renegotiation" in said)



def key_updates(limit):
    """Asks for new keys again and again (RFC 8446, 4.6.3), which Python's own TLS cannot; how often it was let."""
    library = ctypes.CDLL(ctypes.util.find_library("ssl"))
    for name in ["SSL_CTX_new", "SSL_new", "TLS_client_method"]:
        getattr(library, name).restype = ctypes.c_void_p
    pointer = ctypes.c_void_p
    configuration = pointer(library.SSL_CTX_new(pointer(library.TLS_client_method())))
    for kind in ["certificate", "PrivateKey"]:
        file = f"{folder}/good{'-key' if kind == 'PrivateKey' else ''}.pem".encode()
        assert getattr(library, f"SSL_CTX_use_{kind}_file")(configuration, file, 1) == 1
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.settimeout(None)
        connection = pointer(library.SSL_new(configuration))
        library.SSL_set_fd(connection, raw.fileno())
        library.SSL_set_alpn_protos(connection, b"\x02h2", 3)
        assert library.SSL_connect(connection) == 1
        assert library.SSL_write(connection, PREFACE + settings(), len(PREFACE + settings())) > 0
        for count in range(limit):
            if library.SSL_key_update(connection, 1) != 1 or library.SSL_do_handshake(connection) != 1:
                return count
    return limit


expect("a few new keys", key_updates(50), lambda got: got == 50)
expect("new keys without end", key_updates(200_000), lambda got: got < 200_000)
expect("a call after all that", outcome(), lambda got: got is not None)

print("\n".join(failures))
sys.exit(bool(failures))
