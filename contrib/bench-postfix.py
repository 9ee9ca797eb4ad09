#!/usr/bin/env python3
"""The Python of contrib/bench postfix.

usage: bench-postfix.py SERVER CONNECTIONS RECIPIENT TEMPLATE FIRST LAST
           sends copies of a mail by SMTP to a port, or by LMTP to a Unix socket, over so many connections at once,
           with their numbers in the place of NUMBER; prints when it began, in seconds since 1970
       bench-postfix.py rows BEFORE AFTER NUMBER
           of two dumps with an INSERT a row, those that only the second one has, as the script of a transaction for
           pgbench: what stands for the mail and for new rows are numbers from NUMBER on, and get one of its own in
           each transaction
"""

import re
import socket
import sys
import threading
import time

IDS = 10  # numbers that the rows of one mail may need


def converse(connection, text, replies):
    """Sends it, and reads so many replies, all of which have to be positive."""
    connection.sendall(text)
    received = b""
    while len(re.findall(rb"(?m)^\d\d\d [^\n]*\n", received)) < replies:
        more = connection.recv(65536)
        if not more:
            raise EOFError(received)
        received += more
    if not re.fullmatch(rb"([23]\d\d[^\r\n]*\r\n)+", received):
        raise ValueError(received)


def send(server, recipient, template, numbers):
    if server.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(server)
    else:
        connection = socket.create_connection(("127.0.0.1", int(server)))
    converse(connection, b"", 1)
    converse(connection, (b"LHLO" if server.startswith("/") else b"HELO") + b" mx.example.org\r\n", 1)
    envelope = b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<%s>\r\nDATA\r\n" % recipient.encode()
    for number in numbers:
        converse(connection, envelope, 3)
        converse(connection, template.replace(b"NUMBER", b"%d" % number) + b".\r\n", 1)
    connection.sendall(b"QUIT\r\n")
    connection.recv(1)


def send_all(server, connections, recipient, path, first, last):
    with open(path, "rb") as file:
        template = re.sub(rb"(?m)^\.", b"..", file.read().replace(b"\n", b"\r\n"))
    count = int(connections)
    threads = [
        threading.Thread(target=send, args=(server, recipient, template, range(int(first) + n, int(last) + 1, count)))
        for n in range(count)
    ]
    print("%.3f" % time.time())
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        parts = file.read().split("\nINSERT ")[1:]
    return [part.split("\n\n\n--\n-- ")[0].rstrip("\n;") for part in parts]


def rows(before, after, number):
    known = set(rows_of(before))
    made = [row for row in rows_of(after) if row not in known and number[:-1] in row]
    print("\\set k :k + 1")
    print("\\set n0 (:client_id * 1000000 + :k) * %d" % IDS)
    for digit in range(1, IDS):
        print("\\set n%d :n0 + %d" % (digit, digit))
    # In one message, which is one transaction.
    print(" \\;\n".join("INSERT " + re.sub(number[:-1] + r"(\d)", r":n\1", row) for row in made) + ";")


if __name__ == "__main__":
    if sys.argv[1] == "rows":
        rows(*sys.argv[2:])
    else:
        send_all(*sys.argv[1:])
