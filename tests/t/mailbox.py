#!/usr/bin/env python3
"""What a test does to the mailboxes of a server.

usage: mailbox.py PORT USER PASSWORD-FILE COMMAND [ARGUMENT]...

  append MAILBOX FILE...       with CRLF
  append-at DAY MAILBOX FILE   as if it had arrived then, such as 10-Feb-2026
  list MAILBOX                 a line a mail: UID, flags, Message-ID
  uids MAILBOX                 the UIDs
  create MAILBOX
  remove MAILBOX               the mailbox itself
  expunge MAILBOX UID...
  flag MAILBOX FLAG UID...
  idle MAILBOX                 print "EXISTS" and the time whenever there is new mail, until killed
"""

import base64
import imaplib
import re
import sys
import time


def encode(name):
    """A name as it goes over the wire: modified UTF-7, quoted."""

    def shift(match):
        text = base64.b64encode(match.group(0).encode("utf-16-be")).decode()
        return "&" + text.rstrip("=").replace("/", ",") + "-"

    name = re.sub("[^ -~]+", shift, name.replace("&", "&-"))
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def check(answer):
    if answer[0] != "OK":
        raise SystemExit("the server says %s" % (answer,))
    return answer[1]


def append(server, mailbox, *files, date=None):
    for file in files:
        with open(file, "rb") as mail:
            text = re.sub(b"\r?\n", b"\r\n", mail.read())
        check(server.append(encode(mailbox), None, date, text))


def append_at(server, day, mailbox, file):
    append(server, mailbox, file, date='"%s 12:00:00 +0000"' % day)


def list_mails(server, mailbox):
    check(server.select(encode(mailbox), readonly=True))
    answers = check(server.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
    for answer in answers:
        if not isinstance(answer, tuple):
            continue
        uid = int(re.search(rb"UID (\d+)", answer[0]).group(1))
        flags = re.search(rb"FLAGS \(([^)]*)\)", answer[0]).group(1).decode().split()
        found = re.search(rb"<([^>@]*)(@[^>]*)?>", answer[1])
        flags = ",".join(sorted(flag for flag in flags if flag != "\\Recent"))
        print(uid, flags or "-", found.group(1).decode() if found else "-")


def list_uids(server, mailbox):
    check(server.select(encode(mailbox), readonly=True))
    print(check(server.uid("SEARCH", "ALL"))[0].decode())


def expunge(server, mailbox, *uids):
    flag(server, mailbox, "\\Deleted", *uids)
    check(server.expunge())


def flag(server, mailbox, name, *uids):
    check(server.select(encode(mailbox)))
    check(server.uid("STORE", ",".join(uids), "+FLAGS.SILENT", "(%s)" % name))


def idle(server, mailbox):
    check(server.select(encode(mailbox), readonly=True))
    server.send(b"tag IDLE\r\n")
    while line := server.readline():
        if b"EXISTS" in line:
            print("EXISTS", time.time(), flush=True)
        elif line.startswith(b"+"):
            print("idling", flush=True)


COMMANDS = {
    "append": append,
    "append-at": append_at,
    "list": list_mails,
    "uids": list_uids,
    "create": lambda server, mailbox: check(server.create(encode(mailbox))),
    "remove": lambda server, mailbox: check(server.delete(encode(mailbox))),
    "expunge": expunge,
    "flag": flag,
    "idle": idle,
}


def main():
    port, user, password_file, command = sys.argv[1:5]
    with open(password_file, encoding="utf-8") as file:
        password = file.readline().rstrip("\n")
    server = imaplib.IMAP4("127.0.0.1", int(port))
    check(server.login(user, password))
    COMMANDS[command](server, *sys.argv[5:])
    server.logout()


main()
