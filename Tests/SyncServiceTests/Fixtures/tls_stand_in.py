"""A service behind TLS that speaks HTTP/1.1 and, if told so, HTTP/2; and a proxy that tunnels to it.

    tls_stand_in.py FOLDER [h2]

Makes FOLDER/cert.pem for 127.0.0.1 and api.stand-in.test, answers every request with FOLDER/body.xml and the header
X-Protocol, and writes both ports to FOLDER/ports when it listens. The proxy takes CONNECT to any host and leads it to
the service, whatever the host; with the path /stats it tells of connections, requests, and what was asked of it. A
tunnel needs the credentials user:pass once FOLDER/guarded exists. FOLDER/reset, cut or leave, which it removes, makes
the next call by HTTP/2 end with its stream reset, reset in the middle of the body, or the connection's end announced.
"""
import asyncio
import base64
import json
import os
import ssl
import subprocess
import sys

import h2.config
import h2.connection
import h2.events

FOLDER = sys.argv[1]
STATS = {"connections": 0, "requests": 0, "by_two": 0, "tunnels": [], "refused": 0}
FAULTS = ("reset", "cut", "leave")
BODY = open(FOLDER + "/body.xml", "rb").read()


def certificate():
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", FOLDER + "/key.pem", "-out", FOLDER + "/cert.pem", "-days", "2", "-subj", "/CN=stand-in",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:api.stand-in.test"],
        check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER + "/cert.pem", FOLDER + "/key.pem")
    context.set_alpn_protocols((["h2"] if "h2" in sys.argv[2:] else []) + ["http/1.1"])
    return context


async def head(reader):
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return lines[0].split(" "), headers


async def serve(reader, writer):
    STATS["connections"] += 1
    try:
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            await serve_two(reader, writer)
        while True:
            _, headers = await head(reader)
            await reader.readexactly(int(headers.get("content-length", 0)))
            STATS["requests"] += 1
            writer.write(b"HTTP/1.1 200 OK\r\nX-Protocol: 1.1\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve_two(reader, writer):
    session = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    session.initiate_connection()
    writer.write(session.data_to_send())
    while data := await reader.read(65536):
        for event in session.receive_data(data):
            if isinstance(event, h2.events.DataReceived):
                session.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if isinstance(event, h2.events.StreamEnded):
                STATS["requests"] += 1
                STATS["by_two"] += 1
                fault = next((name for name in FAULTS if os.path.exists(FOLDER + "/" + name)), None)
                if fault:
                    os.remove(FOLDER + "/" + fault)
                    if fault == "cut":
                        session.send_headers(event.stream_id, [(":status", "200")])
                        session.send_data(event.stream_id, BODY[:40])
                    if fault == "leave":
                        session.close_connection(last_stream_id=0)
                    else:
                        session.reset_stream(event.stream_id, 2)
                    continue
                session.send_headers(event.stream_id, [(":status", "200"), ("x-protocol", "2")])
                session.send_data(event.stream_id, BODY, end_stream=True)
        writer.write(session.data_to_send())
        await writer.drain()
    raise ConnectionError


async def pipe(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def proxy(reader, writer):
    try:
        line, headers = await head(reader)
    except (asyncio.IncompleteReadError, ConnectionError):
        return writer.close()
    if line[0] != "CONNECT":
        text = json.dumps(STATS).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(text) + text)
        return writer.close()
    wanted = base64.b64encode(b"user:pass").decode().lower()
    if os.path.exists(FOLDER + "/guarded") and headers.get("proxy-authorization") != "basic " + wanted:
        STATS["refused"] += 1
        writer.write(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return writer.close()
    STATS["tunnels"].append(line[1])
    there, to = await asyncio.open_connection("127.0.0.1", PORTS[0])
    writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
    await asyncio.gather(pipe(reader, to), pipe(there, writer))


async def main():
    global PORTS
    service = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate())
    tunnel = await asyncio.start_server(proxy, "127.0.0.1", 0)
    PORTS = [server.sockets[0].getsockname()[1] for server in (service, tunnel)]
    with open(FOLDER + "/ports.new", "w") as handle:
        json.dump(PORTS, handle)
    os.rename(FOLDER + "/ports.new", FOLDER + "/ports")
    await asyncio.gather(service.serve_forever(), tunnel.serve_forever())


asyncio.run(main())
