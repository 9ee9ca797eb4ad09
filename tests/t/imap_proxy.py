#!/usr/bin/env python3
"""Stands between a client and a server, and does what a bad network does.

usage: imap_proxy.py PORT FOLDER

Prints its own port (of 127.0.0.1), and ends with its parent.  For each connection FOLDER/proxy.plan is read, words of:

  cut-in N     break off behind N bytes from the server     delay MS  hold each piece back
  cut-out N    behind N bytes from the client               drip 1    hand the server's bytes on one by one
  repeat N     behind N bytes from the server send the piece that comes next twice

FOLDER/proxy.sent gets what clients send, as it is on the wire.
"""

import os
import socket
import struct
import sys
import threading
import time


class Link:
    """One connection, and what is planned for it."""

    def __init__(self, client, server, plan, record):
        self.client, self.server, self.record = client, server, record
        self.plan = dict(zip(plan[::2], (int(word) for word in plan[1::2])))
        self.drips = bool(self.plan.pop("drip", 0))

    def close(self):
        """At once, so that neither side takes it for an orderly end."""
        for side in (self.client, self.server):
            try:
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def hand_on(self, source, target, cut, incoming):
        """Pieces, until there are as many bytes as `cut` says."""
        count = 0
        try:
            while piece := source.recv(65536):
                if not incoming:
                    self.record(piece)
                if "delay" in self.plan:
                    time.sleep(self.plan["delay"] / 1000)
                left = self.plan.get(cut, 1 << 62) - count
                self.send(target, piece[:left], incoming)
                if incoming and count <= self.plan.get("repeat", -1) < count + len(piece):
                    self.send(target, piece, incoming)
                count += len(piece)
                if count >= self.plan.get(cut, 1 << 62):
                    break
        except OSError:
            pass
        self.close()

    def send(self, target, piece, incoming):
        if not (self.drips and incoming):
            target.sendall(piece)
            return
        for n in range(len(piece)):
            target.sendall(piece[n : n + 1])


def serve(client, port, folder, record):
    with open(folder + "/proxy.plan", encoding="ascii") as file:
        plan = file.read().split()
    try:
        server = socket.create_connection(("127.0.0.1", port))
    except OSError:
        client.close()
        return
    for side in (client, server):
        side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link = Link(client, server, plan, record)
    threading.Thread(target=link.hand_on, args=(client, server, "cut-out", False), daemon=True).start()
    link.hand_on(server, client, "cut-in", True)
    client.close()
    server.close()


def accept_all(listener, *arguments):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, *arguments), daemon=True).start()


def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    parent = os.getppid()
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    record = open(folder + "/proxy.sent", "ab", buffering=0).write
    threading.Thread(target=accept_all, args=(listener, port, folder, record), daemon=True).start()
    while os.getppid() == parent:
        time.sleep(0.5)


main()
