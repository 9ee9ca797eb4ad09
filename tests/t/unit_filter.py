#!/usr/bin/env python3
"""Prints the system calls that a systemd unit allows, by its lines SystemCallFilter=.

usage: unit_filter.py UNIT-FILE
"""

import subprocess
import sys


def contents(name):
    """The names of a group, which systemd-analyze(1) knows, or the name itself."""
    if not name.startswith("@"):
        return {name}
    command = ["systemd-analyze", "syscall-filter", "--no-pager", name]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    names = set()
    for line in lines[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            names |= contents(word)
    return names


def main():
    allowed = set()
    with open(sys.argv[1], encoding="utf-8") as unit:
        for line in unit:
            key, _, value = line.strip().partition("=")
            if key != "SystemCallFilter":
                continue
            names = set().union(*map(contents, value.lstrip("~").split()))
            allowed = allowed - names if value.startswith("~") else allowed | names
    # Whatever the filter, systemd lets a unit start.
    print(*sorted(allowed | contents("@default")))


main()
