"""Real input kept beside the repository, for measuring; where it is absent the test says so and is skipped."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def _place(name):
    return Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data") / name


def has(name):
    return _place(name).is_file()


def load(name):
    return json.loads(load_text(name))


def load_text(name):
    if not has(name):
        pytest.skip(f"{name} is not here (set SHARED_DATA to the folder that holds it)")
    return _place(name).read_text(encoding="utf-8")
