"""Throw-away servers on free loopback ports: PostgreSQL, Redis, SMTP.

As a command it runs something beside them, with the product's own settings pointing at them:

    python -m tests.servers postgresql redis -- COMMAND ...
    python -m tests.servers --available postgresql redis      exit 0 when both can be started here
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30


class Unavailable(Exception):
    """This machine lacks the program; the text says which and how to get it."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_ready, what, seconds=START_SECONDS):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if is_ready():
            return
        time.sleep(0.05)
    raise TimeoutError(f"{what} not ready after {seconds} s")


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Server:
    """A process in its own group and its own folder; both are gone after stop()."""

    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ccgzt-server-")))
    process: subprocess.Popen | None = None
    name = "server"
    stop_signal = signal.SIGTERM

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        return answers(self.port)

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in self.command()], stdout=log, stderr=log, cwd=ROOT, start_new_session=True
            )
        try:
            wait_until(lambda: self.process.poll() is not None or self.is_ready(), self.name)
        except TimeoutError:
            self.kill()
            raise
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended at start:\n{self.log()}")
        return self

    def log(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def stop(self):
        """The process ends, the folder stays: start() continues with the same data and port."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, self.stop_signal)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def postgresql_program(name):
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise Unavailable(f"PostgreSQL ({name}) is not installed: apt install postgresql")
    return program


def unprivileged():
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("runuser"):
        raise Unavailable("PostgreSQL cannot run as root and runuser is not installed")
    return ["runuser", "-u", "postgres", "--"]


class PostgreSQL(Server):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": does not wait for clients to leave

    def start(self):
        if not (self.folder / "data").exists():
            program = postgresql_program("initdb")
            if os.geteuid() == 0:
                shutil.chown(self.folder, "postgres")
            options = ["-D", self.folder / "data", "-A", "trust", "-U", "ccgzt", "-E", "UTF8", "--locale=C.UTF-8"]
            made = subprocess.run(
                [*unprivileged(), program, *options, "--no-sync"],
                capture_output=True,
                text=True,
                cwd=self.folder,
            )
            if made.returncode:
                raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
        return super().start()

    def command(self):
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "60",
            "shared_buffers": "128MB",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        program = postgresql_program("postgres")
        return [*unprivileged(), program, "-D", self.folder / "data", "-p", self.port, *words]

    def is_ready(self):
        try:
            psycopg2.connect(host="127.0.0.1", port=self.port, user="ccgzt", dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def make_database(self, name):
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="ccgzt", dbname="postgres")
        connection.autocommit = True
        cursor = connection.cursor()
        # a module whose tests were handed out in two parts sets itself up twice
        cursor.execute(f"""DROP DATABASE IF EXISTS "{name}" WITH (FORCE)""")
        cursor.execute(f"""CREATE DATABASE "{name}" """)
        connection.close()
        return self.url(name)

    def url(self, database="postgres"):
        return f"postgresql://ccgzt@127.0.0.1:{self.port}/{database}"

    def environment(self):
        return {"DATABASE_URL": self.url()}


class Redis(Server):
    name = "Redis"

    def command(self):
        program = shutil.which("redis-server")
        if not program:
            raise Unavailable("Redis is not installed: apt install redis-server")
        return [
            program,
            "--port",
            self.port,
            "--bind",
            "127.0.0.1",
            "--dir",
            self.folder,
            "--save",
            "",
            "--appendonly",
            "no",
        ]

    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def environment(self):
        return {"BROKER_URL": self.url()}

    def say(self, *words):
        """One command to the server, in its own protocol; the raw answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(" ".join(words).encode() + b"\r\n")
            return line.recv(4096)


class Mailserver(Server):
    name = "SMTP"

    def command(self):
        return [sys.executable, "-m", "tests.smtp_server", self.port, self.folder]

    def faults(self, **faults):
        fresh = self.folder / "faults.new"
        fresh.write_text(json.dumps(faults))
        fresh.replace(self.folder / "faults.json")

    def received(self):
        file = self.folder / "received.jsonl"
        if not file.exists():
            return []
        return [json.loads(line) for line in file.read_text().splitlines()]

    def environment(self):
        return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.port)}


KINDS = {"postgresql": PostgreSQL, "redis": Redis, "smtp": Mailserver}


@contextlib.contextmanager
def running(kind):
    server = KINDS[kind]()
    try:
        yield server.start()
    finally:
        server.remove()


def lacking(kinds):
    """Why the servers cannot be started here; empty when they can."""
    try:
        if "postgresql" in kinds:
            postgresql_program("initdb")
            unprivileged()
        if "redis" in kinds and not shutil.which("redis-server"):
            raise Unavailable("Redis is not installed: apt install redis-server")
    except Unavailable as reason:
        return str(reason)
    return ""


def main(words):
    if words[:1] == ["--available"]:
        if reason := lacking(words[1:]):
            print(f"PostgreSQL and Redis run left out: {reason}", file=sys.stderr)
        return 1 if reason else 0
    kinds, command = words[: words.index("--")], words[words.index("--") + 1 :]
    with contextlib.ExitStack() as stack:
        environment = dict(os.environ)
        for kind in kinds:
            environment |= stack.enter_context(running(kind)).environment()
        return subprocess.run(command, env=environment, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
