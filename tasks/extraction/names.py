"""The campaign's own names, found where a text writes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Names:
    """Names the campaign's directory holds, longest first."""

    known: Iterable[str] = ()
    _by_head: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in sorted(set(self.known), key=len, reverse=True):
            if len(name) > 1:
                self._by_head.setdefault(name[0], []).append(name)

    def at(self, text: str, start: int, stop: int) -> int | None:
        for name in self._by_head.get(text[start : start + 1], ()):
            if text.startswith(name, start) and start + len(name) <= stop:
                return start + len(name)
        return None
