#!/usr/bin/env python3
"""Writes the seeds of the fuzzers, Tests/Corpus/TARGET/seed-*. What fuzzing found has other names and stays."""

import base64
import gzip
import json
import pathlib
import struct
import subprocess
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORPUS = ROOT / "Tests" / "Corpus"


def write(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{name}").write_bytes(content if isinstance(content, bytes) else content.encode())


def read_pool():
    """The contract's messages and those of kinds.proto."""
    pool = descriptor_pool.DescriptorPool()
    known = set()
    for path in (HERE / "Targets" / "kinds.pb", ROOT / "share" / "parapet" / "descriptors.pb"):
        for file in descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file:
            if file.name not in known:
                known.add(file.name)
                pool.Add(file)
    return pool


POOL = read_pool()


def message(name, value):
    """A message of that name from its JSON as text, or as a dictionary."""
    made = message_factory.GetMessageClass(POOL.FindMessageTypeByName(name))()
    parse = json_format.Parse if isinstance(value, str) else json_format.ParseDict
    return parse(value, made, ignore_unknown_fields=True, descriptor_pool=POOL)


KINDS = r"""{"i32":-1,"i64":"-9223372036854775808","u32":4294967295,"u64":"18446744073709551615","s32":-5,"s64":"7",
"f32":1,"f64":"2","sf32":-3,"sf64":"-4","real":1.5,"wide":"-Infinity","flag":true,"text":"é€😀","data":"AP8=",
"colour":"COLOUR_BLUE","child":{"child":{"i32":1}},"maybe":0,"numbers":[1,-1,300],"texts":["","a"],
"colours":["COLOUR_RED",5],"children":[{},{"flag":true}],"loose":["1","2"],"doubles":[0.1,-0.0],
"byName":{"":{},"k":{"u32":1}},"byNumber":{"-1":"x"},"byFlag":{"true":"COLOUR_RED"},"byFixed":{"9":"AA=="},
"named":"n","time":"2026-11-24T22:00:00.5Z","span":"-1.25s","mask":"fooBar,baz.q","object":{"a":[1,null,{"b":"c"}]},
"value":null,"list":[true],"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"3s"},
"boxed":"5","boxedText":"","nothing":null}"""
ASSET = r"""{"accountId":"a1","region":"eu-west-1","arn":"arn:aws:s3:::b","configuration":"{\"Name\":1}",
"tags":{"env":"prod","":"é"},"gaps":[{"call":"GetBucketPolicy","code":"AccessDenied","message":"no"}],"stale":true,
"change":"-1","versionTime":"2026-11-24T22:00:00.000000005Z"}"""


def wire():
    name = "parapet.fuzz.Kinds"
    full = message(name, KINDS)
    write("wire", "kinds", full.SerializeToString(deterministic=True))
    write("proto-json", "kinds", KINDS)
    members = json_format.MessageToDict(full, descriptor_pool=POOL)
    for field, _ in full.ListFields():
        one = {field.json_name: members[field.json_name]}
        write("wire", f"field-{field.name}", message(name, one).SerializeToString(deterministic=True))
        write("proto-json", f"field-{field.name}", json.dumps(one))
    write("wire", "asset", message("parapet.sync.v1.Asset", ASSET).SerializeToString())
    write("wire", "unknown", bytes.fromhex("f8070a f107 0102030405060708 fa0702 0102 fb07 0801 fc07 fd07 01020304"))
    write("proto-json", "asset", ASSET)
    write("proto-json", "account", '{"id":"a","name":"n","state":"ACCOUNT_STATE_DRAFT"}')


def json_texts():
    write("json", "all", r'{"a":[1,-2.5e3,true,null,"x\u00e9\ud83d\ude00"],"b":{"c":"d"},"":[[[]],{},"\\\""],"n":0.1}')
    write("json", "numbers", "[18446744073709551615,-9223372036854775808,1e308,-1e-308,0.0,-0,1E+2]")


def framing():
    def frame(message, flag=0):
        return bytes([flag]) + struct.pack(">I", len(message)) + message

    packed = gzip.compress(b"x" * 5000, mtime=0)
    write("framing", "plain", b"\0\3" + frame(b"") + frame(b"hello"))
    write("framing", "gzip", b"\1\6" + frame(gzip.compress(b"hello" * 9, mtime=0), 1) + frame(b"plain"))
    write("framing", "bomb", b"\1\1" + frame(packed, 1))
    write("framing", "two-members", b"\1\1" + frame(gzip.compress(b"a", mtime=0) * 2, 1))
    write("framing", "forged-length", b"\0\0" + b"\0\xff\xff\xff\xff")
    write("framing", "truncated", b"\1\0" + frame(gzip.compress(b"abc", mtime=0), 1)[:-4])


def metadata():
    call = [":method:POST", ":scheme:http", ":path:/m/u", ":authority:x", "te:trailers"]
    call += ["content-type:application/grpc+proto;x=y", "grpc-timeout:99999999H", "grpc-encoding:gzip"]
    call += ["grpc-accept-encoding:identity, gzip", "x-bin:AP8=,AQ", "x-text:a b"]
    write("metadata", "call", "\n".join(call))
    status = bytes.fromhex("080a 1201 6e") + b"\x1a\x2d\x0a\x29type.googleapis.com/google.rpc.RetryInfo\x12\x00"
    details = base64.b64encode(status).decode().rstrip("=")
    end = [":status:200", "content-type:application/grpc", "grpc-status:10", "grpc-message:%C3%A9%zz%"]
    write("metadata", "status", "\n".join(end + [f"grpc-status-details-bin:{details}"]))
    write("metadata", "http", ":status:503\ncontent-type:text/html")
    write("metadata", "timeouts", "\n".join(f"grpc-timeout:{t}" for t in ["1n", "1u", "1m", "1S", "1M", "0H", "-1S"]))


def http2():
    def block(*fields):
        out = b""
        for name, value in fields:
            out += b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
        return out

    def call(path, *more, method="POST"):
        head = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "x"), ("te", "trailers")]
        return block(*head, ("content-type", "application/grpc"), *more)

    def short(kind, flags, stream, payload=b""):
        return bytes([kind, flags, stream, len(payload)]) + payload

    message = b"\0\0\0\0\4\x0a\2a1"
    health = "/grpc.health.v1.Health/"
    write("http2", "unary", b"\0" + short(1, 4, 1, call("/m/u")) + short(0, 1, 1, message))
    write("http2", "stream", b"\0" + short(1, 4, 1, call("/m/s", ("grpc-timeout", "1S"))) + short(0, 1, 1, message))
    write("http2", "bidirectional", b"\4" + short(1, 4, 1, call("/m/b")) + short(0, 0, 1, message * 2) + short(0, 1, 1, message))
    write("http2", "health", b"\0" + short(1, 4, 1, call(health + "Check")) + short(0, 1, 1, b"\0\0\0\0\0")
          + short(1, 4, 3, call(health + "Watch")) + short(0, 1, 3, b"\0\0\0\0\0") + short(3, 0, 3, b"\0\0\0\x08"))
    write("http2", "gzip", b"\0" + short(1, 4, 1, call("/m/u", ("grpc-encoding", "gzip")))
          + short(0, 1, 1, b"\1\0\0\0\x18" + gzip.compress(b"\x0a\2a1", mtime=0)))
    write("http2", "refused", b"\0" + short(1, 5, 1, call("/m/u", ("x-refuse", "no"))) + short(1, 5, 3, call("/no", method="GET")))
    write("http2", "control", b"\0" + short(6, 0, 0, b"12345678") + short(4, 0, 0, b"\0\4\0\0\0\1") + short(8, 0, 0, b"\0\0\1\0")
          + short(2, 0, 1, b"\0\0\0\0\x10") + short(1, 0, 1, call("/m/u")) + short(9, 4, 1, b"") + short(7, 0, 0, b"\0" * 8))
    write("http2", "resets", b"\0" + b"".join(short(1, 4, i, call("/m/b")) + short(3, 0, i, b"\0\0\0\x08") for i in (1, 3, 5)))
    write("http2", "raw", b"\3PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
    write("http2", "http1", b"\3GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def http2_client():
    def block(*fields):
        return b"".join(b"\0" + bytes([len(n)]) + n.encode() + bytes([len(v)]) + v.encode() for n, v in fields)

    def short(kind, flags, stream, payload=b""):
        return bytes([kind, flags, stream, len(payload)]) + payload

    begin = block((":status", "200"), ("content-type", "application/grpc"))
    packed = block((":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", "gzip"))
    ended = block(("grpc-status", "0"), ("x-trailer-bin", "AP8"))
    failed = block((":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "14"),
                   ("grpc-message", "no%20room"), ("grpc-retry-pushback-ms", "5"))
    empty = b"\0\0\0\0\0"
    answers = b"".join(short(1, 4, i, begin) + short(0, 0, i, empty) + short(1, 5, i, ended) for i in (1, 3, 5))
    write("http2-client", "answers", b"\0" + answers)
    write("http2-client", "streams", b"\0" + b"".join(
        short(1, 4, i, begin) + short(0, 0, i, empty * 3 + b"\0\0\0\0\2\x0a") + short(0, 0, i, b"\0") for i in (1, 3, 5)))
    write("http2-client", "gzip", b"\0" + b"".join(
        short(1, 4, i, packed) + short(0, 0, i, b"\1\0\0\0\x18" + gzip.compress(b"\x0a\2a1", mtime=0))
        + short(1, 5, i, ended) for i in (1, 3, 5)))
    write("http2-client", "failures", b"\0" + b"".join(short(1, 5, i, failed) for i in (1, 3, 5)))
    write("http2-client", "http", b"\0" + b"".join(short(1, 5, i, block((":status", "503"))) for i in (1, 3, 5)))
    write("http2-client", "informational", b"\0" + short(1, 4, 1, block((":status", "103"))) + answers)
    write("http2-client", "resets", b"\0" + b"".join(short(3, 0, i, bytes([0, 0, 0, i + 2])) for i in (1, 3, 5)))
    write("http2-client", "goaway", b"\0" + short(1, 4, 1, begin) + short(7, 0, 0, b"\0\0\0\1\0\0\0\0bye") + answers)
    write("http2-client", "control", b"\0" + short(6, 0, 0, b"12345678") + short(4, 0, 0, b"\0\3\0\0\0\1")
          + short(4, 0, 0, b"\0\4\0\0\0\0") + short(8, 0, 0, b"\0\0\1\0") + short(5, 4, 1, b"\0\0\0\2" + begin) + answers)
    write("http2-client", "continued", b"\0" + short(1, 0, 1, begin[:9]) + short(9, 4, 1, begin[9:]) + short(0, 1, 1, empty))
    write("http2-client", "raw", b"\3" + b"\0\0\0\4\0\0\0\0\0" + b"\0\0\4\x08\0\0\0\0\0\0\1\0\0")
    write("http2-client", "http1", b"\3HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def certificate():
    """Made by OpenSSL, with keys of their own: once there they stay, since others would do as well."""
    if (CORPUS / "certificate").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)

        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

        new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "36500"]
        openssl(*new, "-keyout", "key.pem", "-out", "own.pem", "-subj", "/CN=sync-service", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,URI:spiffe://parapet/sync-service,email:a@b")
        openssl("pkey", "-in", "key.pem", "-aes256", "-passout", "pass:x", "-out", "sealed.pem")
        openssl("ec", "-in", "key.pem", "-aes256", "-passout", "pass:x", "-out", "sealed-old.pem")
        openssl("x509", "-in", "own.pem", "-outform", "DER", "-out", "own.der")
        own, key, der = (path / name for name in ["own.pem", "key.pem", "own.der"])
        own, key, der = own.read_bytes(), key.read_bytes(), der.read_bytes()
        sealed, old = (path / "sealed.pem").read_bytes(), (path / "sealed-old.pem").read_bytes()
    padded = key + b"\n" * (-len(key) % 8)
    write("certificate", "pair", bytes([0, len(padded) // 8]) + padded + own)
    padded = own + b"\n" * (-len(own) % 8)
    write("certificate", "verify", bytes([1, len(padded) // 8]) + padded + own)
    write("certificate", "info", b"\2" + own)
    write("certificate", "names", b"\3" + der)
    write("certificate", "files", b"\4" + own + key)
    write("certificate", "sealed-key", b"\4" + own + sealed)
    write("certificate", "sealed-key-old", b"\4" + own + old)
    lines = own.splitlines(True)
    header = b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
    write("certificate", "sealed-certificate", b"\2" + lines[0] + header + b"".join(lines[1:]))
    write("certificate", "sealed-authority", b"\4" + lines[0] + header + b"".join(lines[1:]) + key)
    write("certificate", "nothing", b"\2-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")


def aws():
    ec2 = ('<?xml version="1.0"?><DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r'
           "</requestId><vpcSet><item><isDefault>true</isDefault><vpcId>vpc-&#49;&amp;<![CDATA[<]]></vpcId><tagSet>"
           "<item><key>b</key><value/></item></tagSet></item></vpcSet><nextToken>t</nextToken></DescribeVpcsResponse>")
    iam = ("<ListUsersResponse><ListUsersResult><IsTruncated>false</IsTruncated><Users><member><UserName>u</UserName>"
           "<CreateDate>2026-11-24T22:00:00Z</CreateDate></member></Users></ListUsersResult></ListUsersResponse>")
    s3 = ("<ListAllMyBucketsResult><Owner><ID>i</ID></Owner><Buckets><Bucket><Name>b</Name>"
          "<CreationDate>2026-11-24T22:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>")
    query = ("<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>m</Message></Error>"
             "<RequestId>r</RequestId></ErrorResponse>")
    write("aws", "ec2", bytes([0, 0, 90]) + ec2.encode())
    write("aws", "ec2-error", bytes([0, 1, 9]) + b"<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors><RequestID>r</RequestID></Response>")
    write("aws", "iam", bytes([1, 0, 50]) + iam.encode())
    write("aws", "query-error", bytes([1, 3, 20]) + query.encode())
    write("aws", "s3", bytes([2, 0, 33]) + s3.encode())
    write("aws", "s3-location", bytes([3, 0, 12]) + b"<LocationConstraint>eu-west-1</LocationConstraint>")
    write("aws", "s3-disguised", bytes([2, 0, 7]) + b"<Error><Code>InternalError</Code><Message>m</Message></Error>")
    write("aws", "s3-encryption", bytes([4, 0, 40]) + b"<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>")
    write("aws", "kms", bytes([5, 0, 5]) + b'{"Keys":[{"KeyId":"k","KeyArn":"arn"}],"Truncated":false}')
    write("aws", "json-error", bytes([5, 1, 5]) + b'{"__type":"com.amazonaws#AccessDeniedException","message":"m"}')
    write("aws", "logs", bytes([6, 0, 5]) + b'{"metricFilters":[{"filterName":"f","creationTime":1700000000000,"metricTransformations":[{"defaultValue":0.5}]}]}')
    write("aws", "efs", bytes([7, 0, 5]) + b'{"FileSystems":[{"FileSystemId":"f","CreationTime":1.7e9,"Tags":[{"Key":"a","Value":"b"}]}],"Marker":null}')
    write("aws", "sts", bytes([8, 0, 70]) + b"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><Expiration>2026-11-24T22:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>")
    write("aws", "html", bytes([5, 3, 0]) + b"<html><body>502 Bad Gateway</body></html>")


def text():
    control = (ROOT / "share" / "parapet" / "controls" / "s3_bucket_requires_tls.sql")
    if not control.exists():
        control = sorted((ROOT / "share" / "parapet" / "controls").glob("*.sql"))[0]
    body = control.read_bytes()
    write("text", "control", b"\0" + body)
    write("text", "sql", b"\1WITH a AS (SELECT 1) SELECT \"x\", 'y''z', [q], `w` /* c */ -- d\n FROM a JOIN b USING (c);")
    write("text", "page-token", b"\2" + base64.urlsafe_b64encode(b"\1" * 16 + b"\0\0\0\1a"))
    write("text", "sql-ends-in-a-quote", b"\1SELECT 'x'")
    for index, time in enumerate(["2026-11-24T22:00:00Z", "0001-01-01t00:00:00.000000001+23:59", "9999-12-31T23:59:60Z"]):
        write("text", f"time-{index}", b"\3" + time.encode())
    write("text", "path", b"\4a.b[].c[*]")
    write("text", "path-template", b"\4arn:{partition}:s3:::{Name|last}")
    write("text", "path-sqlite", b'\4$.a[0]."b c"')
    write("text", "address", b"\5[::1]:443")
    write("text", "tokens", b"\6viewer alice " + b"0" * 64 + b"\n# comment\n")
    write("text", "credentials", b"\7[profile a]\nrole_arn = x # c\nsource_profile=b\n s3 =\n  nested=1\n[b]\naws_access_key_id=A\n")


wire()
json_texts()
framing()
metadata()
http2()
http2_client()
certificate()
aws()
text()
