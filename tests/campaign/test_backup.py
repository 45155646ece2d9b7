"""A backup made under writes holds one consistent moment, and comes back elsewhere whole (part of R13)."""

import hashlib
import sqlite3
import tarfile
import threading

import pytest

from campaign.backing_up import DATABASE, back_up, restore
from campaign.problems import Refused


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "media" / "c").mkdir(parents=True)
    (folder / "media" / "c" / "one.jpg").write_bytes(b"picture")
    (folder / "secret.key").write_text("key")
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
    return folder


def contents(folder):
    with sqlite3.connect(folder / DATABASE) as database:
        return database.execute("SELECT a, b FROM pair ORDER BY a").fetchall()


def keep_writing(folder, is_over):
    database = sqlite3.connect(folder / DATABASE, timeout=20)
    number = 0
    while not is_over.is_set():
        with database:
            database.execute("INSERT INTO pair VALUES (?, NULL)", [number])
            database.execute("UPDATE pair SET b = a WHERE a = ?", [number])
        number += 1


def test_a_backup_under_writes_is_one_moment(data, tmp_path):
    is_over = threading.Event()
    writer = threading.Thread(target=keep_writing, args=(data, is_over))
    writer.start()
    back_up(data, tmp_path / "b.tar.gz")
    is_over.set()
    writer.join()
    restore(tmp_path / "b.tar.gz", tmp_path / "new")
    pairs = contents(tmp_path / "new")
    assert pairs == [(number, number) for number in range(len(pairs))]


def sums(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_files_and_key_come_back_byte_for_byte(data, tmp_path):
    back_up(data, tmp_path / "b.tar.gz")
    restore(tmp_path / "b.tar.gz", tmp_path / "new")
    before, after = sums(data), sums(tmp_path / "new")
    assert {name: before[name] for name in before if name != DATABASE} == {
        name: after[name] for name in after if name != DATABASE
    }


def test_it_does_not_overwrite(data, tmp_path):
    back_up(data, tmp_path / "b.tar.gz")
    with pytest.raises(Refused, match="已有数据库"):
        restore(tmp_path / "b.tar.gz", data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def strange(path):
    with tarfile.open(path, "w:gz") as archive:
        archive.add(__file__, DATABASE)
        archive.add(__file__, "../evil")


def foreign(path):
    with tarfile.open(path, "w:gz") as archive:
        archive.add(__file__, "notes.txt")


@pytest.mark.parametrize("spoil", [cut, strange, foreign, lambda path: path.write_text("text")])
def test_a_spoilt_backup_is_refused_and_nothing_is_written(data, tmp_path, spoil):
    back_up(data, tmp_path / "b.tar.gz")
    spoil(tmp_path / "b.tar.gz")
    with pytest.raises(Refused):
        restore(tmp_path / "b.tar.gz", tmp_path / "new")
    assert not (tmp_path / "new").exists()
