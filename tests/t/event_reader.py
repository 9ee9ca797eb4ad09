#!/usr/bin/env python3
"""Reads patchmail.events_after() as a poller or a listener does, for event_order.t: event_reader.py MODE LOG [FILTER]

MODE is "poll", or "listen": then it reads only when it is notified.  Each row is a line of LOG, its position and the
id of its event, if any.  The last whole line is its cursor, so it may be killed at any time and goes on from there.
"""
import os
import subprocess
import sys
import time

END = "end of the answer"


class Database:
    """One psql, which gets a statement a line."""

    def __init__(self):
        self.psql = subprocess.Popen(["psql", "-XqAt", "-F", " ", "-v", "ON_ERROR_STOP=1"], text=True, bufsize=1,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.notified = False

    def rows(self, statement):
        self.psql.stdin.write(f"{statement};\n\\echo {END}\n")
        found = []
        for line in self.psql.stdout:
            line = line.rstrip("\n")
            if line == END:
                return found
            if line.startswith("Asynchronous notification"):
                self.notified = True
            else:
                found.append(line)
        sys.exit("psql ended")


def cursor_of(log):
    with open(log, "a+b") as lines:
        lines.seek(0)
        text = lines.read()
        whole = text[:text.rfind(b"\n") + 1]
        lines.truncate(len(whole))
    return int(whole.split(b"\n")[-2].split()[0]) if whole else 0


def read(database, log, position, narrowed):
    """Read up to the end; the position there."""
    while True:
        rows = database.rows(f"SELECT position, event->>'id' FROM patchmail.events_after({position}, 37, '{narrowed}')")
        for row in rows:
            os.write(log, (row + "\n").encode())
            position = int(row.split()[0])
        if not rows:
            return position


def main():
    mode, name = sys.argv[1:3]
    narrowed = sys.argv[3] if len(sys.argv) > 3 else ""
    position = cursor_of(name)
    log = os.open(name, os.O_WRONLY | os.O_APPEND)
    database = Database()
    if mode == "listen":
        database.rows("LISTEN patchmail")
    database.notified = True
    while True:
        if mode == "poll" or database.notified:
            database.notified = False
            position = read(database, log, position, narrowed)
        time.sleep(0.005)
        if mode == "listen":
            database.rows("SELECT")


main()
