#!/usr/bin/env python3
"""Stands in for systemd: what a service tells goes into files, until killed.

usage: systemd.py NOTIFY-SOCKET JOURNAL-SOCKET FOLDER

FOLDER/notify gets the lines of sd_notify(3); FOLDER/journal gets for each entry its fields, sorted, as one line of
JSON.
"""

import json
import os
import selectors
import socket
import sys


def fields_of(entry):
    """The fields of an entry in the journal's own protocol: NAME=value, or NAME, a length in 64 bits, and a value."""
    fields = {}
    while entry:
        line, _, rest = entry.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            length = int.from_bytes(rest[:8], "little")
            value, rest = rest[8 : 8 + length], rest[9 + length :]
        fields[name.decode()] = value.decode()
        entry = rest
    return fields


def receive(path):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.bind(path)
    os.chmod(path, 0o777)
    return one


def main():
    notify_path, journal_path, folder = sys.argv[1:]
    both = selectors.DefaultSelector()
    with open(os.path.join(folder, "notify"), "w", encoding="utf-8") as notified, open(
        os.path.join(folder, "journal"), "w", encoding="utf-8"
    ) as journal:
        both.register(receive(notify_path), selectors.EVENT_READ, lambda text: print(text.decode(), file=notified))
        both.register(
            receive(journal_path),
            selectors.EVENT_READ,
            lambda text: print(json.dumps(fields_of(text), sort_keys=True), file=journal),
        )
        print("ready", flush=True)
        while True:
            for key, _ in both.select():
                key.data(key.fileobj.recv(65536))
            notified.flush()
            journal.flush()


main()
