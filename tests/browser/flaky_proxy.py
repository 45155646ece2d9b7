"""A line as it is in the street: a proxy that cuts a share of the requests at a random byte, by a fixed seed."""

import random
import re
import socket
import threading
from collections import Counter


class FlakyProxy:
    """Stands before the live server. `share` of the requests are cut: half on their way up, half on their way back."""

    def __init__(self, home, *, seed):
        host, _, port = home.removeprefix("http://").partition(":")
        self.target, self.random, self.lock = (host, int(port)), random.Random(seed), threading.Lock()
        self.share, self.counts = 0.0, Counter()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        """One request, one connection."""
        with client:
            client.settimeout(20)
            request = read_message(client)
            if not request:
                return
            up, down = self.fate()
            with socket.create_connection(self.target, timeout=20) as server:
                server.sendall(request[: int(len(request) * up)])
                if up < 1:
                    return
                answer = read_to_the_end(server)
            client.sendall(answer[: int(len(answer) * down)])

    def fate(self):
        """How much of the request and of the answer passes."""
        with self.lock:
            self.counts["all"] += 1
            if self.random.random() >= self.share:
                return 1.0, 1.0
            self.counts["cut"] += 1
            where = self.random.random()
            return (where, 0.0) if self.random.random() < 0.5 else (1.0, where)

    def close(self):
        self.door.close()


def read_message(sock):
    """A whole request, its connection closed after it so that the next one is thrown for anew."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            part = sock.recv(65536)
        except OSError:
            return b""
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        part = sock.recv(65536)
        if not part:
            return b""
        body += part
    head = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"", head)
    return head + b"\r\nConnection: close\r\n\r\n" + body


def read_to_the_end(sock):
    data = b""
    while part := sock.recv(65536):
        data += part
    return data
