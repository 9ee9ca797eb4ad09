"""A client of LMTP for the tests: lmtp.py SOCKET COMMAND...

  talk            send standard input as it is, with CR LF for LF, and print what comes until the server closes
  raw             the same without making CR LF of LF
  send COUNT CONNECTIONS PREFIX
                  a patch for each of COUNT numbers over so many connections, each of which sends all of its own before
                  it reads the replies; prints "REPLIES-250 REPLIES-451 other" and, on a line each, the Message-IDs that
                  were answered 250
  hold            connect, say LHLO and half of a mail, and wait until the server closes: prints what it says then
"""
import re
import socket
import sys
import threading

TIMEOUT = 60


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(TIMEOUT)
    client.connect(path)
    return client


def read_all(client):
    said = b""
    try:
        while piece := client.recv(65536):
            said += piece
    except ConnectionResetError:
        pass  # the server has not read all that was sent
    except OSError as error:
        said += f"[{type(error).__name__}]".encode()
    return said


def patch(name):
    return (
        f"From: Alice Example <alice@example.org>\nMessage-ID: <{name}@example.org>\n"
        f"Subject: [PATCH] {name}\nDate: Tue, 10 Feb 2026 06:59:47 +0000\nList-Id: Demo <demo.example.org>\n\n"
        "It changes a line.\n---\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -1 +1 @@\n-old\n+new\n"
    ).replace("\n", "\r\n").encode()


def send_some(path, names, results, lock):
    """All mails at once; the replies come in the order of the mails."""
    try:
        client = connect(path)
        commands = [b"LHLO client.example.org\r\n"]
        for name in names:
            commands.append(b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<demo@example.org>\r\nDATA\r\n")
            commands.append(patch(name) + b".\r\n")
        sender = threading.Thread(target=client.sendall, args=(b"".join(commands) + b"QUIT\r\n",), daemon=True)
        sender.start()
        said = read_all(client).decode()
    except OSError as error:
        said = f"[{type(error).__name__}]"
    # The reply to a mail is the one after 354.
    replies = re.findall(r"^354 .*\r\n(\d\d\d)? ?(.*)$", said, re.M)
    with lock:
        for number, name in enumerate(names):
            code = replies[number][0] if number < len(replies) else ""
            results.append((name, code or "none"))


def send(path, count, connections, prefix):
    results, lock = [], threading.Lock()
    names = [f"{prefix}-{number}" for number in range(count)]
    threads = [
        threading.Thread(target=send_some, args=(path, names[place::connections], results, lock))
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [code for _, code in results]
    other = len(codes) - codes.count("250") - codes.count("451")
    print(codes.count("250"), codes.count("451"), other)
    for name, code in sorted(results):
        if code == "250":
            print(f"<{name}@example.org>")


def talk(path, said):
    client = connect(path)
    sender = threading.Thread(target=push, args=(client, said), daemon=True)
    sender.start()
    sys.stdout.write(read_all(client).decode("latin-1").replace("\r\n", "\n"))


def push(client, said):
    try:
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def hold(path):
    client = connect(path)
    client.sendall(
        b"LHLO x\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<demo@example.org>\r\nDATA\r\nSubject: half of it\r\n"
    )
    said = b""
    while b"\r\n354 " not in said:
        said += client.recv(65536)
    print("it is held", flush=True)
    sys.stdout.write(read_all(client).decode().replace("\r\n", "\n"))


def main():
    path, command = sys.argv[1:3]
    if command == "send":
        send(path, int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    elif command == "hold":
        hold(path)
    else:
        said = sys.stdin.buffer.read()
        talk(path, said.replace(b"\n", b"\r\n") if command == "talk" else said)


main()
