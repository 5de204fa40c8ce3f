"""Names the operation of a request to AWS, by Parapet's own shapes, and knows which ones Parapet may call."""
import json
import pathlib
import re
import urllib.parse

# What is called beside the catalogue: to take the role, and to see whose account it is.
FIXED = {("sts", "AssumeRole"), ("sts", "AssumeRoleWithWebIdentity"), ("sts", "GetCallerIdentity")}


def operations_in(value):
    """Every pair of service and operation anywhere in an entry of the catalogue."""
    if isinstance(value, dict):
        if isinstance(value.get("service"), str) and isinstance(value.get("operation"), str):
            yield value["service"], value["operation"]
        for service, operation in inherited(value):
            yield service, operation
        for inner in value.values():
            yield from operations_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from operations_in(inner)


def inherited(entry):
    """Calls that name no service of their own are made at the one of the listing."""
    own = entry.get("service")
    for name in ("list", "prepare"):
        call = entry.get(name)
        if isinstance(own, str) and isinstance(call, dict) and "operation" in call and "service" not in call:
            yield own, call["operation"]


class Operations:
    def __init__(self, share):
        share = pathlib.Path(share)
        shapes = {path.stem: json.loads(path.read_text()) for path in (share / "shapes").glob("*.json")}
        signing = {name: model["signingName"] for name, model in shapes.items()}
        called = {pair for path in (share / "catalogue").glob("*.json") for pair in operations_in(json.loads(path.read_text()))}
        self.allowed = {(signing[service], operation) for service, operation in called | FIXED}
        self.routes = sorted(
            (Route(signing[name], operation, shape) for name, model in shapes.items() if model["protocol"].startswith("rest")
             for operation, shape in model["operations"].items()),
            key=lambda route: route.precision, reverse=True)  # fmt: skip

    def name(self, service, method, path, target, body):
        """The operation's name; a REST request that is none of the shapes' has its method and path for one."""
        if target:
            return target.rsplit(".", 1)[-1]
        if b"Action=" in body:
            return urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        for route in self.routes:
            if route.takes(service, method, path):
                return route.operation
        return f"{method} {path}"


class Route:
    def __init__(self, service, operation, shape):
        path, _, query = shape["uri"].partition("?")
        self.service, self.operation, self.method = service, operation, shape["method"]
        literal = re.split(r"(\{[^}]+\})", path.rstrip("/"))
        self.path = re.compile("".join(self.pattern(part) for part in literal) + "/?")
        self.query = {part.partition("=")[0] for part in query.split("&") if part}
        self.precision = (len(self.query), sum(len(part) for part in literal if not part.startswith("{")))

    @staticmethod
    def pattern(part):
        if part.startswith("{"):
            return ".+" if part.endswith("+}") else "[^/]+"
        return re.escape(part)

    def takes(self, service, method, target):
        path, _, query = target.partition("?")
        names = {part.partition("=")[0] for part in query.split("&")}
        return (service, method) == (self.service, self.method) and self.query <= names and self.path.fullmatch(path)
