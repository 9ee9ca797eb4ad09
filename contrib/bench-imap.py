#!/usr/bin/env python3
"""The Python of contrib/bench imap.

usage: bench-imap.py fill FOLDER FIRST LAST TEMPLATES       mails of threads, numbered so, into a Maildir
       bench-imap.py latency PORT USER PASSWORD-FILE MAIL COUNT
                                   append mails, with a pause between two; print for each its Message-ID, and
                                   when, in seconds since 1970, the server had taken it and reported it under IDLE
"""

import imaplib
import os
import sys
import threading
import time

PAUSE = 2.5  # seconds, so that a server that puts connections to sleep after one has done so


def fill(folder, first, last, templates):
    """Each thread is a copy of the templates, with Message-IDs, times and a sender of its own."""
    texts = []
    for name in sorted(os.listdir(templates)):
        with open(os.path.join(templates, name), encoding="utf-8") as file:
            texts.append(file.read())
    os.makedirs(os.path.join(folder, "tmp"), exist_ok=True)
    os.makedirs(os.path.join(folder, "new"), exist_ok=True)
    os.makedirs(os.path.join(folder, "cur"), exist_ok=True)
    for n in range(int(first), int(last) + 1):
        thread, place = divmod(n, len(texts))
        text = texts[place].replace(".4101-", ".%d-" % thread).replace("87h5rq1c2d", "reply-%d" % thread)
        text = text.replace("ada@", "ada%d@" % thread)
        with open(os.path.join(folder, "new", "%010d.bench" % n), "w", encoding="utf-8") as file:
            file.write(text)


def connect(port, user, password_file):
    server = imaplib.IMAP4("127.0.0.1", int(port))
    with open(password_file, encoding="utf-8") as file:
        server.login(user, file.readline().rstrip("\n"))
    return server


def watch(server, reported):
    server.select("INBOX", readonly=True)
    server.send(b"tag IDLE\r\n")
    while line := server.readline():
        if b"EXISTS" in line:
            reported.append(time.time())


def latency(port, user, password_file, mail, count):
    with open(mail, "rb") as file:
        template = file.read().replace(b"\n", b"\r\n")
    reported = []
    threading.Thread(target=watch, args=(connect(port, user, password_file), reported), daemon=True).start()
    server = connect(port, user, password_file)
    time.sleep(PAUSE)
    for n in range(int(count)):
        seen = len(reported)
        msgid = b"<latency-%d@example.org>" % n
        server.append("INBOX", None, None, template.replace(b"<NUMBER>", msgid))
        appended = time.time()
        while len(reported) == seen and time.time() < appended + 10:
            time.sleep(0.001)
        print(msgid.decode(), "%.6f" % appended, "%.6f" % reported[-1], sep="\t")
        time.sleep(PAUSE)


{"fill": fill, "latency": latency}[sys.argv[1]](*sys.argv[2:])
