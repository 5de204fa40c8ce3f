#!/usr/bin/env python3
"""What botocore makes of random inputs and outputs of every operation in share/parapet/shapes.

Usage: botocore_oracle.py SHAPES_DIRECTORY SEED

Prints a line of JSON per case: {"kind": "request", service, operation, input, method, path, query, headers, body} with
what botocore's serializer makes of the input, or {"kind": "reply", service, operation, status, headers, body, output}
with a reply written here and what botocore's parser reads out of it.
"""
import base64
import datetime
import glob
import json
import os
import random
import sys
import urllib.parse
from xml.sax.saxutils import escape

import botocore.model
import botocore.parsers
import botocore.serialize
from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader

TEXTS = ["", "a", "plain text", "<&>\"'", "é 漢 🚀", " blank ", "line\nbreak", "arn:aws:iam::1:role/x", "{\"a\":1}", "0", "true"]
loader = Loader()


class Writer:
    """Writes a random value of a shape as a protocol has it."""

    def __init__(self, rng, protocol):
        self.rng = rng
        self.protocol = protocol
        self.xml = protocol in ("query", "ec2", "rest-xml")

    def scalar(self, shape, location=None):
        kind = shape.type_name
        if kind == "string":
            return self.rng.choice(TEXTS if location is None else ["a", "plain text"])
        if kind in ("integer", "long"):
            return self.rng.choice([0, 1, -7, 2 ** 31 - 1, 123456789])
        if kind in ("float", "double"):
            return self.rng.choice([0.5, 1.25, -3.0, 100.0])
        if kind == "boolean":
            return self.rng.random() < 0.5
        if kind == "blob":
            return bytes(self.rng.randrange(256) for _ in range(self.rng.randrange(9)))
        if kind == "timestamp":
            return datetime.datetime.fromtimestamp(self.rng.randrange(2 ** 31), datetime.timezone.utc)
        raise ValueError(kind)

    def time(self, shape, value, default):
        form = shape.serialization.get("timestampFormat", default)
        if form == "iso8601":
            return value.strftime("%Y-%m-%dT%H:%M:%S") + self.rng.choice(["Z", ".000Z", "+00:00"])
        if form == "rfc822":
            return value.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return int(value.timestamp())

    def text(self, shape, location=None):
        value = self.scalar(shape, location)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, datetime.datetime):
            return str(self.time(shape, value, "rfc822" if location else "iso8601"))
        return str(value)

    def members(self, shape, depth):
        """Some members of a structure; from some depth on only those that end there, for shapes that hold themselves."""
        if getattr(shape, "is_tagged_union", False):
            yield self.rng.choice(list(shape.members.items()))
            return
        for name, member in shape.members.items():
            deep = depth > 7 and member.type_name in ("structure", "list", "map")
            if "location" not in member.serialization and not deep and self.rng.random() < 0.7:
                yield name, member

    # XML

    def element(self, name, shape, depth):
        attributes = ""
        kind = shape.type_name
        if kind == "structure":
            inner = self.structure(shape, depth)
            for member_name, member in shape.members.items():
                if member.serialization.get("xmlAttribute"):
                    attributes = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" %s="Type"' % (
                        member.serialization["name"])
        elif kind == "list":
            item = shape.member.serialization.get("name", "item" if self.protocol == "ec2" else "member")
            inner = "".join(self.element(item, shape.member, depth + 1) for _ in range(self.count(depth)))
        elif kind == "map":
            inner = "".join("<entry>%s</entry>" % e for e in self.entries(shape, depth))
        else:
            inner = escape(self.text(shape))
        gap = self.rng.choice(["", "\n  "]) if kind in ("structure", "list", "map") else ""
        return "<%s%s>%s%s</%s>" % (name, attributes, gap, inner, name)

    def structure(self, shape, depth):
        parts = []
        for name, member in self.members(shape, depth):
            if member.serialization.get("xmlAttribute"):
                continue
            wire = member.serialization.get("name", name)
            if member.serialization.get("flattened"):
                if member.type_name == "list":
                    wire = member.member.serialization.get("name", wire)
                    parts += [self.element(wire, member.member, depth + 1) for _ in range(self.count(depth) or 1)]
                else:
                    parts += ["<%s>%s</%s>" % (wire, e, wire) for e in self.entries(member, depth)]
            else:
                parts.append(self.element(wire, member, depth + 1))
        # Alone it would make the whole a foreign document.
        if parts and self.rng.random() < 0.3 and not getattr(shape, "is_tagged_union", False):
            parts.append("<unknownToUs><deeper>1</deeper></unknownToUs>")
        self.rng.shuffle(parts)
        return "".join(parts)

    def entries(self, shape, depth):
        key = shape.key.serialization.get("name", "key")
        value = shape.value.serialization.get("name", "value")
        for number in range(self.count(depth)):
            yield "<%s>k%d</%s>%s" % (key, number, key, self.element(value, shape.value, depth + 1))

    def count(self, depth):
        return self.rng.randrange(3) if depth < 8 else 0

    # JSON

    def json(self, shape, depth):
        kind = shape.type_name
        if kind == "structure":
            if getattr(shape, "is_document_type", False):
                return {"b": [1, {"a": None}], "a": "x"}
            result = {}
            for name, member in self.members(shape, depth):
                result[member.serialization.get("name", name)] = self.json(member, depth + 1)
            if self.rng.random() < 0.3 and not getattr(shape, "is_tagged_union", False):
                result["unknownToUs"] = {"deeper": [1, 2]}
            items = list(result.items())
            self.rng.shuffle(items)
            return dict(items)
        if kind == "list":
            return [self.json(shape.member, depth + 1) for _ in range(self.count(depth))]
        if kind == "map":
            return {"k%d" % n: self.json(shape.value, depth + 1) for n in range(self.count(depth))}
        value = self.scalar(shape)
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, datetime.datetime):
            return self.time(shape, value, "unixTimestamp")
        return value


def plain(value):
    """As our canonical form has it."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def reply(service, protocol, name, operation, rng):
    writer = Writer(rng, protocol)
    shape = operation.output_shape
    headers = {"Content-Type": "text/xml"}
    body_shape = shape
    payload = shape.serialization.get("payload") if protocol.startswith("rest") else None
    if payload:
        body_shape = shape.members[payload]
    if body_shape.type_name in ("string", "blob"):
        # Never empty: botocore reads a body that is missing as a text without characters, Parapet as an error.
        value = writer.scalar(body_shape) or "x"
        body = value if isinstance(value, bytes) else value.encode()
    elif writer.xml:
        body = writer.structure(body_shape, 0)
        if protocol == "query":
            wrapper = shape.serialization.get("resultWrapper")
            if wrapper:
                body = "<%s>%s</%s>" % (wrapper, body, wrapper)
            body = "<%sResponse xmlns=\"http://x/\">%s<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></%sResponse>" % (name, body, name)
        elif protocol == "ec2":
            body = "<%sResponse xmlns=\"http://x/\"><requestId>r</requestId>%s</%sResponse>" % (name, body, name)
        else:
            root = body_shape.serialization.get("name", body_shape.name)
            body = "<%s xmlns=\"http://x/\">%s</%s>" % (root, body, root)
        body = ('<?xml version="1.0" encoding="UTF-8"?>\n' + body).encode()
    else:
        headers["Content-Type"] = "application/json"
        body = json.dumps(writer.json(body_shape, 0), ensure_ascii=rng.random() < 0.5).encode()
    for member_name, member in shape.members.items():
        if member.serialization.get("location") == "header" and rng.random() < 0.7:
            headers[member.serialization.get("name", member_name)] = writer.text(member, "header")
    parser = botocore.parsers.create_parser(protocol)
    parsed = parser.parse({"status_code": 200, "headers": HeadersDict(headers), "body": body}, shape)
    parsed.pop("ResponseMetadata", None)
    return {
        "kind": "reply", "service": service, "operation": name, "status": 200, "headers": headers,
        "body": base64.b64encode(body).decode(), "output": plain(parsed),
    }


def given(shape, rng, depth=0):
    """An input: what is required, and some of the rest. No times and blobs: nothing that we call takes them."""
    result = {}
    for name, member in shape.members.items():
        if member.type_name in ("timestamp", "blob") or (rng.random() < 0.5 and name not in shape.required_members):
            continue
        value = given_value(member, rng, depth + 1)
        if value is not None:
            result[name] = value
    return result


def given_value(shape, rng, depth):
    kind = shape.type_name
    if kind == "structure":
        return given(shape, rng, depth) if depth < 5 else {}
    if kind == "list":
        values = [given_value(shape.member, rng, depth + 1) for _ in range(rng.randrange(1, 3))]
        return [v for v in values if v is not None] or None
    if kind == "map":
        value = given_value(shape.value, rng, depth + 1)
        return None if value is None else {"k1": value}
    if kind in ("timestamp", "blob"):
        return None
    return rng.choice(["a", "b c", "é/+&="]) if kind == "string" else {"boolean": True}.get(kind, 7)


def request(service, protocol, name, operation, rng):
    shape = operation.input_shape
    parameters = given(shape, rng) if shape else {}
    for label in ("Bucket", "AccountId"):
        if label in parameters:
            parameters[label] = "123456789012"
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    made = serializer.serialize_to_request(parameters, operation)
    body = made["body"]
    if isinstance(body, dict):
        body = sorted([k, str(v)] for k, v in body.items())
    elif protocol in ("json", "rest-json"):
        body = json.loads(body) if body else {}
    else:
        body = body.decode() if isinstance(body, bytes) else body
    path, _, fixed = made["url_path"].partition("?")
    query = [list(pair) for pair in urllib.parse.parse_qsl(fixed, keep_blank_values=True)]
    for key, value in (made["query_string"] or {}).items() if isinstance(made["query_string"], dict) else []:
        for one in value if isinstance(value, list) else [value]:
            query.append([key, str(one).lower() if isinstance(one, bool) else str(one)])
    return {
        "kind": "request", "service": service, "operation": name, "input": parameters, "method": made["method"],
        "path": path, "query": sorted(query), "headers": {k.lower(): str(v) for k, v in made["headers"].items()},
        "body": body,
    }


def main():
    rng = random.Random(int(sys.argv[2]))
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.json"))):
        with open(path, encoding="utf-8") as handle:
            ours = json.load(handle)
        service = ours["service"]
        model = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)
        model.metadata["protocol"] = ours["protocol"]
        for name in sorted(ours["operations"]):
            operation = model.operation_model(name)
            for _ in range(3):
                print(json.dumps(request(service, ours["protocol"], name, operation, rng)))
            if operation.output_shape and not (service == "s3" and name == "GetBucketLocation"):
                for _ in range(6):
                    print(json.dumps(reply(service, ours["protocol"], name, operation, rng)))


main()
