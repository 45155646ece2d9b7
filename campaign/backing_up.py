"""One file that holds everything of an embedded installation: database, files, key. Made while people work.

The database is copied first, in one consistent moment; files are never changed or removed, so those copied
afterwards contain every file the copy speaks of.
"""

import io
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from campaign.problems import Problem, Refused

DATABASE, KEY, FOLDERS = "ccgzt.sqlite3", "secret.key", ("media", "mailbox")


def back_up(data: Path, target: Path) -> int:
    """Write `target` (.tar.gz). Gives its size in bytes. Nothing is left behind under that name when it fails."""
    unfinished = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        with closing(sqlite3.connect(data / DATABASE)) as source, closing(sqlite3.connect(copy)) as kept:
            source.backup(kept)
        try:
            with tarfile.open(unfinished, "w:gz", compresslevel=3) as archive:
                archive.add(copy, DATABASE)
                for name in (KEY, *FOLDERS):
                    if (data / name).exists():
                        archive.add(data / name, name)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def restore(source: Path, data: Path) -> None:
    """Unpack a backup into a data folder that holds no database yet. Refuses anything else, and writes nothing then."""
    if (data / DATABASE).exists():
        text = f"数据文件夹 {data} 里已有数据库，不能覆盖。"
        raise Refused(Problem("not_empty", text, mend="请把它移走，或用 CCGZT_DATA 指定一个新文件夹。"))
    try:
        with tarfile.open(source, "r:gz") as archive:
            names = archive.getnames()
            _check(archive, names)
            archive.extractall(data, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Refused(
            Problem("unreadable", f"备份文件 {source} 读不出来：{error}。", mend="请换一份完整的备份。")
        ) from error


def _check(archive: tarfile.TarFile, names: list[str]) -> None:
    """Read the whole archive once, and open its database, before anything is written."""
    if DATABASE not in names:
        raise Refused(
            Problem("no_database", "这个文件里没有数据库，不是本系统的备份。", mend="请选 backup 命令做出的文件。")
        )
    strange = [name for name in names if name.split("/")[0] not in {DATABASE, KEY, *FOLDERS}]
    if strange:
        raise Refused(Problem("strange", f"备份里有不该有的文件：{strange[0]}。", mend="请选 backup 命令做出的文件。"))
    database = archive.extractfile(DATABASE)
    head = database.read(16) if database else b""
    for member in archive:
        content = archive.extractfile(member) or io.BytesIO()
        while content.read(1 << 20):
            continue  # reading to the end makes a cut or changed archive speak up
    if not head.startswith(b"SQLite format 3"):
        raise Refused(Problem("no_database", "备份里的数据库已损坏。", mend="请换一份完整的备份。"))
