#!/usr/bin/env python3
"""Runs a program on a terminal of its own and answers its questions.

    converse.py --answers FILE -- PROGRAM [ARGUMENTS]

FILE holds a JSON list of pairs: a text to wait for, and what is typed then; an answer that begins with `!` is a shell
command whose output is typed. Prints all that the terminal showed, and ends as the program did.
"""
import json
import os
import pty
import select
import subprocess
import sys
import time

split = sys.argv.index("--")
with open(sys.argv[sys.argv.index("--answers") + 1]) as file:
    answers = json.load(file)
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[split + 1], sys.argv[split + 1:])

seen, position, limit = "", 0, time.monotonic() + 120
while True:
    if time.monotonic() > limit:
        os.kill(child, 9)
        print(seen, "\nno answer was asked for in time:", answers[:1])
        sys.exit(99)
    readable, _, _ = select.select([terminal], [], [], 0.2)
    if readable:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk.decode("utf-8", "replace")
    if answers and answers[0][0] in seen[position:]:
        position = len(seen)
        answer = answers.pop(0)[1]
        if answer.startswith("!"):
            answer = subprocess.run(answer[1:], shell=True, check=True, capture_output=True, text=True).stdout.strip()
        os.write(terminal, (answer + "\n").encode())
print(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
