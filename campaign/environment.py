"""Settings come from the environment; a wrong one stops the start with a sentence.

Each reader takes the variable's name and its default. A value that cannot be read raises
`ImproperlyConfigured` naming the variable, what it holds and what it may hold.
A secret may also come from a file named by NAME_FILE.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_text(name: str, default: str = "", *, choices: tuple[str, ...] = ()) -> str:
    value = os.environ.get(name, default).strip()
    if choices and value not in choices:
        raise ImproperlyConfigured(f"设置 {name} 是“{value}”，只能是：{'、'.join(choices)}。")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, str(default)).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"设置 {name} 是“{value}”，请写 true 或 false。")


def env_int(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    raw = os.environ.get(name, "").strip() or str(default)
    try:
        value = int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"设置 {name} 是“{raw}”，请写整数。") from error
    if not least <= value <= most:
        raise ImproperlyConfigured(f"设置 {name} 是 {value}，应在 {least} 和 {most} 之间。")
    return value


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_secret(name: str, default: str = "") -> str:
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return os.environ.get(name, default).strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"设置 {name}_FILE 指向的文件读不了：{path}（{error.strerror}）。") from error
