"""A real SMTP server in a process of its own, whose faults can be changed while it runs.

`python -m tests.smtp_server PORT FOLDER`: every accepted message is a line in FOLDER/received.jsonl; faults are read
from FOLDER/faults.json before each command, so a test changes them by writing the file:

    down_until      refuse every connection with 421 until this time (seconds since 1970)
    delay           seconds to wait before the answer to each command
    greylist_until  answer RCPT with 450 until this time
    every           n: every n-th RCPT is answered with 421
    refuse          {address: "550 text"}: the answer to RCPT for that address
    cut_after_data  [n, ...]: take the n-th message (from 0), write it down, then cut the connection without an answer
"""

import asyncio
import email
import json
import sys
import time
from email import policy
from pathlib import Path

from aiosmtpd.smtp import SMTP

CUT = "cut"


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.received = folder / "received.jsonl"
        self.recipients_asked = 0
        self.messages_taken = 0

    @property
    def faults(self):
        try:
            return json.loads((self.folder / "faults.json").read_text())
        except FileNotFoundError:
            return {}

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        if time.time() < self.faults.get("down_until", 0):
            return ["421 4.3.2 service not available"]
        await self.wait()
        session.host_name = hostname
        return responses

    async def handle_HELO(self, server, session, envelope, hostname):
        if time.time() < self.faults.get("down_until", 0):
            return "421 4.3.2 service not available"
        session.host_name = hostname
        return "250 localhost"

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self.wait()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.wait()
        faults = self.faults
        self.recipients_asked += 1
        if answer := faults.get("refuse", {}).get(address):
            return answer
        if time.time() < faults.get("greylist_until", 0):
            return "450 4.7.1 greylisted, try again later"
        if faults.get("every") and self.recipients_asked % faults["every"] == 0:
            return "421 4.7.0 too many messages"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.wait()
        number, self.messages_taken = self.messages_taken, self.messages_taken + 1
        self.write_down(envelope)
        if number in self.faults.get("cut_after_data", []):
            server.transport.abort()
            return CUT
        return "250 2.0.0 taken"

    async def wait(self):
        await asyncio.sleep(self.faults.get("delay", 0))

    def write_down(self, envelope):
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain", "html"))
        line = {
            "at": time.time(),
            "id": message["Message-ID"],
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "headers": {name: str(value) for name, value in message.items()},
            "text": body.get_content() if body else "",
            "parts": [part.get_filename() for part in message.iter_attachments()],
            "bytes": len(envelope.content),
        }
        with self.received.open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


async def serve(port, folder):
    handler = Handler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="localhost", loop=loop, data_size_limit=50_000_000),
        "127.0.0.1",
        port,
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
