"""What is held while a text is walked through: the rows in the making, and what holds for the words that come next."""

from dataclasses import dataclass, field

from tasks.extraction.clauses import Clause, Sentence
from tasks.extraction.limits import NONE, Limit
from tasks.extraction.outline import Paragraph
from tasks.extraction.subjects import Subject
from tasks.language.phrase import Phrase


@dataclass
class Draft:
    """A row in the making, by places in the evened text. `said` is what the task says when it stands alone."""

    start: int
    end: int
    at: int
    words: str
    said: str
    phrases: list[tuple[Phrase, int]]
    """What was read, each with the place its words begin at."""
    limit: Limit
    subject: Subject | None
    paragraph: Paragraph
    sentence: int
    is_carried: bool = False
    is_unclear: bool = False
    is_limit_carried: bool = False

    @property
    def has_own_limit(self) -> bool:
        """Said in its own clause, were it only for the item before it in a list (年内新建3条、公园1个)."""
        is_here = any(self.at <= start < self.at + len(self.words) for start, _end in self.limit.spans)
        return self.limit.is_said and (is_here or not self.is_limit_carried)

    is_tentative: bool = False
    """Neither units nor a measure yet: a task only if units are named for it further on."""


@dataclass
class State:
    """What holds while a sentence is read."""

    sentence: Sentence
    paragraph: Paragraph
    subject: Subject | None
    first: int
    is_carried: bool
    limit: Limit = NONE
    pending: int | None = None
    """Where the next row begins: at a lead-in that holds its limit."""
    objects: list[tuple[Phrase, int]] = field(default_factory=list)
    """What was read in a lead-in that names the things to be done with (对没有物业的63个小区,)."""
    is_fresh: bool = False
    """A subject was named and nothing said of it yet."""
    named_at: Clause | None = None
    rest: str = ""
    """What the clause that named them says of them."""
    named_from: int | None = None
    is_telling: bool = False
    """The sentence is about the meeting itself."""
    is_told: str = ""
    """What was done ("done") or how it stands ("is so") is told: a figure is no measure until somebody is to act."""
    is_limit_first: bool = False
    """The limit stands before any unit of the sentence, so it holds for all of them."""
    is_limit_lead: bool = False
    """The limit is a clause of its own (9月底前,), so it holds beyond the next semicolon."""
    topic: bool = False
    """They were named as 某事由A负责; the matter is a row unless its deeds follow."""
    theme: Clause | None = None
    """A clause that only announced its matter before the units were named; a row where no more is said than how often."""
    helpers: Subject | None = None
    local: Subject | None = None
    """Units named in mid-clause (材料由A审核,9月15日前上传): they hold on where the sentence names nobody else."""
    is_named: bool = False
    """The sentence has named its own units."""
    marked_from: int = 0
    """The first draft of the sentence that no mark has spoken of."""


@dataclass
class Above:
    """Units and a limit that stand right under a heading and hold for what is below it."""

    headings: tuple[str, ...]
    subject: Subject | None = None
    limit: Limit = NONE

    def holds_for(self, paragraph: Paragraph) -> bool:
        return paragraph.headings[: len(self.headings)] == self.headings
