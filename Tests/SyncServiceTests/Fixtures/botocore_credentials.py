"""What botocore makes of credentials and of the files that they stand in.

    botocore_credentials.py chain FILE      FILE: a JSON list of environments; prints a list of results, an access key
                                            id each, or "error" where botocore raises
    botocore_credentials.py ini SEED COUNT  random files with what botocore reads of them, a JSON object a line
    botocore_credentials.py words SEED COUNT  the same of commands and their words
"""
import json
import os
import random
import shlex
import sys
import tempfile

import botocore.configloader
import botocore.exceptions
import botocore.loaders
import botocore.session

LOADER = botocore.loaders.Loader()


def key(environment):
    os.environ.clear()
    os.environ.update(environment)
    try:
        session = botocore.session.Session()
        session.register_component("data_loader", LOADER)
        found = session.get_credentials()
        return found.get_frozen_credentials().access_key if found else "none"
    except Exception as error:
        print("%s: %s" % (type(error).__name__, error), file=sys.stderr)
        return "error"


PIECES = [
    "[default]", "[profile a]", "[profile 'b c']", '[profile "d"]', "[sso-session s]", "[services v]", "[a]", "[x]y]",
    "[]", "[", "]", "[DEFAULT]", "[profile a b c]", "profile", "=", " = ", ":", "a", "b", "c = 1", "d=2", "e : 3",
    "F = up", "s3 =", " x = 1", "  y=2", "    deep = 3", "\t", "\ttab = 1", " ", "# note", " # note", "; note",
    " ; note", "v # tail", "\r", "\n", "\n", "\n", "\n", "\n", "k = a=b:c", "k2:a=b", "é = ü", "\u00a0", "\u2028",
    "\x0b", "\x1c", "'", '"', "aws_access_key_id = AKID", "  = lost", "%(x)s", "key = ${HOME}",
]


def ini(rng):
    return "".join(rng.choice(PIECES) + rng.choice(["", "\n", "\n", "\n"]) for _ in range(rng.randrange(1, 14)))


def read(text):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", delete=False) as handle:
        handle.write(text)
    try:
        raw = botocore.configloader.raw_config_parse(handle.name)
        return {"raw": raw, "profiles": botocore.configloader.build_profile_map(raw)["profiles"]}
    except botocore.exceptions.ConfigParseError:
        return None
    finally:
        os.unlink(handle.name)


def words(text):
    try:
        return shlex.split(text)
    except ValueError:
        return None


def main():
    if sys.argv[1] == "chain":
        with open(sys.argv[2], encoding="utf-8") as handle:
            cases = json.load(handle)
        print(json.dumps([key(environment) for environment in cases]))
        return
    rng = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        if sys.argv[1] == "ini":
            text = ini(rng)
            print(json.dumps({"text": text, "result": read(text)}))
        else:
            text = "".join(rng.choice("ab \t\n\r'\"\\\\é#$;") for _ in range(rng.randrange(0, 12)))
            print(json.dumps({"text": text, "result": words(text)}))


main()
