"""What botocore reads of error replies.

    botocore_errors.py FILE     a JSON list of {"protocol", "status", "headers", "body"}; prints a list of [code, message]
"""
import json
import sys

from botocore.parsers import ResponseParserError, create_parser


def main():
    with open(sys.argv[1], encoding="utf-8") as handle:
        cases = json.load(handle)
    result = []
    for case in cases:
        response = {"status_code": case["status"], "headers": case["headers"], "body": case["body"].encode()}
        try:
            error = create_parser(case["protocol"]).parse(response, None).get("Error", {})
            result.append([str(error.get("Code") or ""), error.get("Message") or ""])
        except ResponseParserError:
            result.append(["", ""])
    print(json.dumps(result))


main()
