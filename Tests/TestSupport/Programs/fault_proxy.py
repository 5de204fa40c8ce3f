#!/usr/bin/env python3
"""Stands between Parapet and an AWS emulator: counts calls, and answers some of them with a fault.

    fault_proxy.py --upstream http://127.0.0.1:PORT --ready-file FILE --outside-file FILE --share DIRECTORY

Writes its own port into the ready file. A call that neither the catalogue nor the taking of a role needs is refused,
and named in the outside file: the test that caused it has failed. Three paths are its own and not AWS's:

    PUT /__faults   a JSON list of rules, replacing those before; each names any of `service`, `operation`, `region`,
                    `account`, `contains` (a text in path or body), `lacks` (a text not in the body) and has `fault`: `deny`, `throttle`, `hang`, `cut`,
                    `page` (an HTML page, with `status`, 500 unless given), and `times` (absent: always)
    GET /__calls    every call since the last reset: account, service, operation, region, fault
    DELETE /__calls forgets them

A call's account is that of the role whose session signed it: AssumeRole's replies are read for that.
"""
import argparse
import http.client
import http.server
import json
import os
import re
import threading
import time
import urllib.parse

from aws_operations import Operations

lock = threading.Lock()
rules, calls, account_of_key = [], [], {}
released = threading.Event()

def describe(handler, body):
    authorization = handler.headers.get("Authorization", "")
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request", authorization)
    key, region, service = scope.groups() if scope else ("", "", "")
    operation = handler.server.operations.name(
        service, handler.command, handler.path, handler.headers.get("X-Amz-Target"), body)
    with lock:
        account = account_of_key.get(key, "")
    return {"account": account, "service": service, "operation": operation, "region": region, "path": handler.path}


def matching_rule(call, body):
    with lock:
        for rule in rules:
            if any(rule.get(name) not in (None, call[name]) for name in ("service", "operation", "region", "account")):
                continue
            text = rule.get("contains")
            if text is not None and text not in call["path"] and text.encode() not in body:
                continue
            if "lacks" in rule and rule["lacks"].encode() in body:
                continue
            if "times" in rule:
                if rule["times"] <= 0:
                    continue
                rule["times"] -= 1
            return dict(rule)
    return None


def fault_reply(fault, call, target):
    """Status, content type and body as AWS's protocols have them."""
    code, status, message = {
        "deny": ("AccessDenied", 403, f"User is not authorized to perform: {call['service']}:{call['operation']}"),
        "throttle": ("ThrottlingException", 400, "Rate exceeded"),
    }[fault]
    if target:
        code = "AccessDeniedException" if fault == "deny" else code
        return status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}).encode()
    if call["service"] == "ec2":
        code = {"deny": "UnauthorizedOperation", "throttle": "RequestLimitExceeded"}[fault]
        status = 403 if fault == "deny" else 503
        xml = f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>f</RequestID></Response>"
    elif call["service"] == "s3":
        code, status = {"deny": ("AccessDenied", 403), "throttle": ("SlowDown", 503)}[fault]
        xml = f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>f</RequestId></Error>"
    else:
        code = {"deny": "AccessDenied", "throttle": "Throttling"}[fault]
        xml = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>f</RequestId></ErrorResponse>"
    return status, "text/xml", b"<?xml version=\"1.0\"?>" + xml.encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, content_type, body, length=None):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def control(self, body):
        global rules
        with lock:
            if self.path == "/__faults" and self.command == "PUT":
                rules = json.loads(body or b"[]")
                released.set()
                released.clear()
            elif self.path == "/__calls" and self.command == "DELETE":
                calls.clear()
            answer = calls if self.path == "/__calls" else rules
            self.reply(200, "application/json", json.dumps(answer).encode())

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/__"):
            return self.control(body)
        call = describe(self, body)
        if (call["service"], call["operation"]) not in self.server.operations.allowed:
            return self.refuse(call)
        rule = matching_rule(call, body)
        call["fault"] = rule["fault"] if rule else ""
        with lock:
            calls.append(call)
        if not rule or rule["fault"] in ("cut", "slow"):
            if rule and rule["fault"] == "slow":
                time.sleep(rule.get("seconds", 0.2))
            return self.forward(body, cut=bool(rule) and rule["fault"] == "cut")
        if rule["fault"] == "hang":
            released.wait(rule.get("seconds", 300))
            self.close_connection = True
            return None
        if rule["fault"] == "page":
            return self.reply(rule.get("status", 500), "text/html", b"<!doctype html><title>500</title><h1>Internal Server Error</h1>")
        return self.reply(*fault_reply(rule["fault"], call, self.headers.get("X-Amz-Target")))

    def refuse(self, call):
        with lock, open(self.server.outside_file, "a") as file:
            file.write(f"{call['service']}:{call['operation']}\n")
        return self.reply(*fault_reply("deny", call, self.headers.get("X-Amz-Target")))

    def forward(self, body, cut):
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "accept-encoding")}
        upstream.request(self.command, self.path, body=body, headers=headers)
        response = upstream.getresponse()
        content = response.read()
        upstream.close()
        if b"Action=AssumeRole" in body and response.status == 200:
            role = urllib.parse.parse_qs(body.decode()).get("RoleArn", [""])[0]
            key = re.search(rb"<AccessKeyId>([^<]+)</AccessKeyId>", content)
            if key and role.count(":") >= 5:
                with lock:
                    account_of_key[key.group(1).decode()] = role.split(":")[4]
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--ready-file", required=True)
    parser.add_argument("--outside-file", required=True)
    parser.add_argument("--share", required=True)
    options = parser.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    server.outside_file, server.operations = options.outside_file, Operations(options.share)
    server.upstream = urllib.parse.urlparse(options.upstream).netloc
    with open(options.ready_file + ".new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(options.ready_file + ".new", options.ready_file)
    server.serve_forever()


main()
