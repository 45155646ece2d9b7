"""Sentences the machine writes, made of pieces: on a page each number is a link, elsewhere they are plain text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    text: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Sentence:
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @classmethod
    def of(cls, *pieces: str | Piece) -> "Sentence":
        return cls(tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces))
