"""How firmly a plan promises: 确保, 力争, 启动, 推进; and which step of a building work it promises."""

import re
from dataclasses import dataclass

_SOFT = re.compile(r"力争|争取|力求|力促")
_FIRM = re.compile(r"确保|保证|务必|必须|坚决")
_START = re.compile(r"启动|开工|动工")
_PUSH = re.compile(r"推进|推动|加快|加强|深化|持续|稳步")
_STEPS = (
    (re.compile(r"主体(?:工程)?(?:完工|完成|封顶|建成)|完成[^,;。]{0,30}主体"), "main_body"),
    (re.compile(r"竣工|完工|建成|投入使用|投用|交付"), "built"),
    (re.compile(r"开工|动工|启动[^,;。]{0,30}建设"), "begun"),
)


@dataclass(frozen=True)
class Strength:
    """`word`: soft 力争 / firm 确保 / start 启动 / push 推进 / plain; `step`: begun 开工 / main_body / built / "" """

    word: str
    step: str

    @property
    def is_soft(self) -> bool:
        return self.word == "soft"


def read_strength(text: str) -> Strength:
    word = "plain"
    for pattern, name in ((_SOFT, "soft"), (_FIRM, "firm"), (_START, "start"), (_PUSH, "push")):
        if pattern.search(text):
            word = name
            break
    step = next((name for pattern, name in _STEPS if pattern.search(text)), "")
    return Strength(word, step)
