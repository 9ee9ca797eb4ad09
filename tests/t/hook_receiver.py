#!/usr/bin/env python3
"""Receivers of events that behave as badly as a test wants them to, and record what they are sent.

usage: hook_receiver.py FOLDER NAME[:PORT][,tls|old-tls,CERTIFICATE]...

Each has a port of 127.0.0.1, that one or any; "NAME PORT" is printed for each, and then they run until their parent
ends.  FOLDER/NAME.mode says, anew for each request, what a receiver does: the name of a function below that begins with
"do_", in words with hyphens, and its arguments; without that file it takes everything.  For each request
FOLDER/NAME.got gets a line "EVENT-ID SIGNATURE STATUS CONNECTION-NUMBER", in which SIGNATURE is good, bad or none,
FOLDER/NAME.bodies the body, and FOLDER/NAME.heads the head.  FOLDER/secrets has the secrets that may have signed, one a
line, as the settings of a hook take them; certificates are in FOLDER/tls.
"""

import base64
import hashlib
import hmac
import os
import re
import socket
import ssl
import sys
import threading
import time

FLOOD = b"x" * 60000
LOCK = threading.Lock()


class Gone(Exception):
    """The client is gone, or is to be left."""


def secrets(folder):
    try:
        with open(folder + "/secrets", "rb") as file:
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return []
    return [base64.b64decode(line[6:]) if line.startswith(b"whsec_") else line for line in lines if line]


class Request:
    def __init__(self, head, body):
        self.head, self.body = head, body
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        pairs = [line.split(":", 1) for line in lines[1:] if ":" in line]
        self.fields = {name.lower(): value.strip() for name, value in pairs}
        self.id = self.fields.get("webhook-id", "?")

    def signature(self, keys):
        sent = self.fields.get("webhook-signature")
        if sent is None:
            return "none"
        stamp = self.fields.get("webhook-timestamp", "0")
        text = ("%s.%s." % (self.id, stamp)).encode() + self.body
        wanted = ["v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode() for key in keys]
        fresh = abs(time.time() - int(stamp)) < 60
        return "good" if fresh and sent.split(" ") == wanted else "bad"


class Link:
    """One connection."""

    def __init__(self, sock, receiver, number):
        self.sock, self.receiver, self.number = sock, receiver, number
        self.rest = b""

    def receive(self):
        got = self.sock.recv(65536)
        if not got:
            raise Gone
        self.rest += got

    def read_request(self):
        while b"\r\n\r\n" not in self.rest:
            self.receive()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        said = re.search(rb"(?im)^content-length: *(\d+)", head)
        length = int(said.group(1)) if said else 0
        while len(self.rest) < length:
            self.receive()
        body, self.rest = self.rest[:length], self.rest[length:]
        return Request(head, body)

    def send(self, data):
        self.sock.sendall(data)

    def answer(self, status, phrase="OK", body=b"", *fields):
        lines = ["HTTP/1.1 %s %s" % (status, phrase), "Content-Length: %d" % len(body), *fields, "", ""]
        self.send("\r\n".join(lines).encode("latin-1") + body)
        return status

    # What a receiver may do; each gives the status that it says, or leaves.

    def do_take(self, request):
        return self.answer(200)

    def do_status(self, request, status, *fields):
        return self.answer(status, "As told", b"", *[field.replace("_", " ") for field in fields])

    def do_say(self, request, status, *words):
        return self.answer(status, "As told", " ".join(words).encode().decode("unicode_escape").encode("latin-1"))

    def do_status_for(self, request, status, event):
        """To one event; the others are taken."""
        return self.answer(status if request.id == event else 200)

    def do_slow(self, request, seconds):
        time.sleep(float(seconds))
        return self.answer(200)

    def do_silent(self, request):
        time.sleep(30)
        raise Gone

    def do_flood_header(self, request):
        self.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.send(b"X-Much: " + b"y" * 500 + b"\r\n")

    def do_flood_line(self, request):
        self.send(b"HTTP/1.1 200 OK\r\nX-Much: ")
        while True:
            self.send(FLOOD)

    def do_flood_body(self, request, status):
        self.receiver.record(request, status, self.number)
        self.send(b"HTTP/1.1 %s OK\r\n\r\n" % status.encode())
        while True:
            self.send(FLOOD)

    def do_flood_1xx(self, request):
        while True:
            self.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)

    def do_garbage(self, request):
        self.send(os.urandom(2000))
        raise Gone

    def do_close(self, request):
        raise Gone

    def do_close_in_header(self, request):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Le")
        raise Gone

    def do_close_in_body(self, request):
        self.receiver.record(request, 200, self.number)
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        raise Gone

    def do_take_and_close(self, request):
        """Without having said so: the next one finds the connection closed."""
        status = self.answer(200)
        self.receiver.record(request, status, self.number)
        raise Gone

    def do_drip(self, request):
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 1000:
            self.send(bytes([byte]))
            time.sleep(0.1)
        raise Gone

    # All of them

    def act(self, request):
        name, *arguments = self.receiver.mode()
        with LOCK:
            with open(self.receiver.path + ".heads", "ab") as file:
                file.write(request.head + b"\n\n")
        status = getattr(self, "do_" + name.replace("-", "_"))(request, *arguments)
        self.receiver.record(request, status, self.number)

    def serve(self):
        try:
            if self.receiver.context:
                self.sock = self.receiver.context.wrap_socket(self.sock, server_side=True)
            while True:
                self.act(self.read_request())
        except (Gone, OSError):
            pass
        finally:
            self.sock.close()


class Receiver:
    def __init__(self, folder, word):
        address, _, tls = word.partition(",")
        self.name, _, port = address.partition(":")
        self.folder, self.path = folder, folder + "/" + self.name
        self.context = self.make_context(*tls.split(",")) if tls else None
        self.socket = socket.create_server(("127.0.0.1", int(port or 0)), backlog=50)

    def make_context(self, kind, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if kind == "old-tls":
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        base = self.folder + "/tls/" + certificate
        context.load_cert_chain(base + ".pem", base + ".key")
        return context

    def mode(self):
        try:
            with open(self.path + ".mode") as file:
                return file.read().split() or ["take"]
        except FileNotFoundError:
            return ["take"]

    def record(self, request, status, number):
        line = "%s %s %s %d\n" % (request.id, request.signature(secrets(self.folder)), status, number)
        with LOCK:
            with open(self.path + ".got", "a") as file:
                file.write(line)
            with open(self.path + ".bodies", "ab") as file:
                file.write(request.body + b"\n")

    def serve(self):
        number = 0
        while True:
            sock, _ = self.socket.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number += 1
            threading.Thread(target=Link(sock, self, number).serve, daemon=True).start()


def main():
    parent = os.getppid()
    for word in sys.argv[2:]:
        receiver = Receiver(sys.argv[1], word)
        print(receiver.name, receiver.socket.getsockname()[1], flush=True)
        threading.Thread(target=receiver.serve, daemon=True).start()
    while os.getppid() == parent:
        time.sleep(0.2)


main()
