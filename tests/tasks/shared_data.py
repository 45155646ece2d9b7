"""Real input kept beside the repository, for measuring; where it is absent the test says so and is skipped."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def load(name):
    folder = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / name).is_file():
        pytest.skip(f"{name} is not here (set SHARED_DATA to the folder that holds it)")
    return json.loads((folder / name).read_text(encoding="utf-8"))


def load_text(name):
    folder = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / name).is_file():
        pytest.skip(f"{name} is not here (set SHARED_DATA to the folder that holds it)")
    return (folder / name).read_text(encoding="utf-8")
