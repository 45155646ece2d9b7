"""`python -m tests.bench [NAME]`: runs every bench_*.py (or those whose name contains NAME), prints BENCH lines.

A bench is a module with `run(report)`. It gets a fresh migrated database in a process of its own, and calls
`report(name, value, unit)` for every figure. With `DATABASES = ("sqlite", "postgresql")` it runs on each, and the
database's name is put behind the figure's.
"""

import contextlib
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import servers

HERE = Path(__file__).parent


class Report:
    def __init__(self, suffix=""):
        self.suffix = suffix

    def __call__(self, name, value, unit):
        words = f"{value:.4g}" if isinstance(value, float) else value
        print(f"BENCH {name}{self.suffix} {words} {unit}", flush=True)


def benches(only=""):
    return [path.stem for path in sorted(HERE.glob("bench_*.py")) if only in path.stem]


def databases_of(bench):
    """Read without importing: the module needs Django's settings, which the child process gets."""
    text = (HERE / f"{bench}.py").read_text(encoding="utf-8")
    return ("sqlite", "postgresql") if "DATABASES = " in text else ("",)


def run_child(bench, database):
    """One bench on one database; its exit code."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ccgzt-bench-"))
        environment = os.environ | {
            "CCGZT_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "campaign.settings",
            "BROKER_URL": "memory://",
        }
        if database == "postgresql":
            if reason := servers.lacking(["postgresql"]):
                print(f"{bench} on PostgreSQL left out: {reason}", file=sys.stderr)
                return 0
            environment["DATABASE_URL"] = stack.enter_context(servers.running("postgresql")).make_database("bench")
        suffix = f".{database}" if database else ""
        words = [sys.executable, "-m", "tests.bench", "--child", bench, suffix]
        return subprocess.run(words, env=environment, cwd=servers.ROOT).returncode


def child(bench, suffix):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    importlib.import_module(f"tests.bench.{bench}").run(Report(suffix))


def main(words):
    if words[:1] == ["--child"]:
        child(*words[1:])
        return 0
    chosen = benches(words[0] if words else "")
    if not chosen:
        print(f"没有名称含“{words[0]}”的测速；现有：{'、'.join(benches())}", file=sys.stderr)
        return 2
    failed = [bench for bench in chosen for database in databases_of(bench) if run_child(bench, database)]
    if failed:
        print(f"没有跑完：{'、'.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
