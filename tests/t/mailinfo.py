#!/usr/bin/env python3
"""What git reads in the mbox of a series, against what the database has of its patches.

usage: mailinfo.py FILE      a JSON document a line, as tests/t/git_am.sql prints them

Prints what differs, and a line with how many patches of how many series are the same; fails if any differs.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

# Where git ends the message: a diff seems to begin there.
BREAK = re.compile(r"^(?:diff -|Index: |---(?: *$| \S))", re.M)
RESPONSE = re.compile(r"^(?:tested|reviewed|acked|signed-off|nacked|reported)-by:.*$", re.I | re.M)


def git(*arguments, text=b""):
    """What a command of git prints."""
    return subprocess.run(["git", *arguments], input=text, stdout=subprocess.PIPE, check=True).stdout.decode()


def mails(mbox, folder):
    """The mails that git finds in an mbox."""
    git("mailsplit", f"-o{folder}", text=mbox.encode())
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as mail:
            yield mail.read()


def mailinfo(mail, folder):
    """What git reads in a mail: a dictionary of its fields, the message, the patch."""
    message = os.path.join(folder, "message")
    patch = os.path.join(folder, "patch")
    fields = git("mailinfo", "-u", message, patch, text=mail)
    with open(message, encoding="utf-8") as file:
        said = file.read()
    with open(patch, encoding="utf-8", newline="") as file:
        diff = file.read()
    return dict(line.split(": ", 1) for line in fields.splitlines() if ": " in line), said, diff


def words(text):
    """A text whatever its white space."""
    return " ".join(text.split())


def message(patch):
    """The message of the commit and whose it is, if the text begins with fields of its own; and what reviewers said."""
    text = re.split(r"^-{2,3} ?$", patch["content"], maxsplit=1, flags=re.M)[0]
    fields = {}
    while match := re.match(r"\s*(From|Subject|Date): *(.*(?:\n[ \t].*)*)(?:\n|$)", text):
        fields[match[1]] = match[2]
        text = text[match.end() :]
    said = [line for comment in patch["said"] for line in RESPONSE.findall(comment or "")]
    # An attached patch may have a message of its own.
    return BREAK.split("\n".join([text.strip(), *said, "", patch["diff"]]), maxsplit=1)[0], fields


def differences(patch, mail, folder):
    """In what the patch of the database is not that of the mail."""
    fields, said, diff = mailinfo(mail, folder)
    text, own = message(patch)
    title = own.get("Subject", re.sub(r"^\[[^]]*\]\s*", "", patch["name"]))
    if own.get("From") is None and fields.get("Email", "").lower() != patch["email"].lower():
        yield f"author {fields.get('Email')}, not {patch['email']}"
    if words(re.sub(r"^(?:\s*\[[^]]*\]|\s*re:)*", "", title, flags=re.I)) != words(fields.get("Subject", "")):
        yield f"subject {fields.get('Subject')!r}, not {title!r}"
    if words(said) != words(text):
        yield f"message {said!r}, not {text!r}"
    # An empty line stands between two mails.
    start = BREAK.search(patch["diff"])
    if not diff.rstrip("\n").endswith(patch["diff"][start.start() if start else 0 :].rstrip("\n")):
        yield f"another patch: {diff[-60:]!r}, not {patch['diff'][-60:]!r}"


def main():
    series = 0
    same = 0
    wrong = 0
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            series += 1
            with tempfile.TemporaryDirectory() as folder:
                os.mkdir(os.path.join(folder, "mails"))
                found = list(mails(document["mbox"], os.path.join(folder, "mails")))
                if len(found) != len(document["patches"]):
                    print(f"series {document['series']}: {len(found)} mails, not {len(document['patches'])}")
                    wrong += 1
                for patch, mail in zip(document["patches"], found):
                    faults = list(differences(patch, mail, folder))
                    wrong += bool(faults)
                    same += not faults
                    for fault in faults:
                        print(f"series {document['series']}, patch {patch['id']}: {fault}")
    print(f"{same} patches of {series} series are the same")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
