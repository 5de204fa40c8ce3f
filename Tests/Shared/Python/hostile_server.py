"""Servers that do not keep to HTTP/2 or gRPC, for the tests of the client.

Each behaviour has a port of its own. Prints a name and a port a line, then an empty line, and serves until its input
ends. The argument is a folder for the certificate of those that speak TLS, `cert.pem`.
"""

import shutil
import socket
import subprocess
import sys
import threading

import hostile_connections  # noqa: F401, it registers its behaviours
import hostile_responses  # noqa: F401
from hostile_peer import BEHAVIOURS, Ended, Peer


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


folder = sys.argv[1]
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
     "-subj", "/CN=hostile", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/key.pem",
     "-out", folder + "/cert.pem"],
    check=True, stderr=subprocess.DEVNULL)
for name, function in BEHAVIOURS.items():
    listener = socket.create_server(("127.0.0.1", 0))
    print(name, listener.getsockname()[1])
    threading.Thread(target=serve, args=(listener, function), daemon=True).start()
print(flush=True)
sys.stdin.read()
shutil.rmtree(folder, ignore_errors=True)
