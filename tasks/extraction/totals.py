"""Totals that a text states of its plan: 35个项目、171项工作任务. They are no targets, but what is there must add up to them."""

import re
from collections.abc import Iterator

from tasks.extraction.drafts import StatedTotal

_LAYERS = (
    ("programs", r"(?:大|个|项)?(?:提升)?(?:工程|攻坚战|专项行动|攻坚行动|行动)"),
    ("projects", r"(?:具体|重点|子)?项目"),
    ("tasks", r"(?:重点|具体|主要|年度|创建|工作)*(?:工作任务|任务|工作|事项|措施|举措)"),
)
_NUMBER = r"(?P<n>\d{1,5}|[一二三四五六七八九十百两]{1,5})"
_TOTAL = re.compile(
    rf"{_NUMBER} *(?P<unit>个|项|大类|大|场|类|条|方面)(?P<what>[一-鿿]{{2,12}}?)(?=[,、;。:!?和及()” \n]|$|的|及|列入|共)"
)
_FRAME = re.compile(
    r"分解|细化|明确|确定|共(?!同|建|享)|梳理|列出|分为|包括|涉及|共计|安排|部署|制定|提出|形成|以|围绕|实施|抓好|打好|列入|纳入|结束|失分|存在|反映|反馈|问题清单"
)
_COUNTED = re.compile(r"(?:任务|项目|工程|攻坚战|行动|指标|问题|内容|措施|举措|事项|清单|工作|点位|失分项)$")


def read_totals(
    text: str, spans: Iterator[tuple[int, int]] | list[tuple[int, int]], original: list[int]
) -> Iterator[StatedTotal]:
    """`spans`: sentences of the evened text; `original`: evened place -> place in the raw text."""
    from tasks.language.text import number

    for start, end in spans:
        sentence = text[start:end]
        if not _FRAME.search(sentence):
            continue
        for match in _TOTAL.finditer(text, start, end):
            if not _COUNTED.search(match["what"]) or _is_target(text, match, start):
                continue
            value = number(match["n"])
            if value < 2 or value != int(value):
                continue
            counts = next(
                (
                    name
                    for name, words in _LAYERS
                    if re.fullmatch(words, match["unit"] + match["what"] if name == "programs" else match["what"])
                ),
                "",
            )
            yield StatedTotal(
                match["what"],
                counts,
                int(value),
                match["unit"],
                original[match.start()],
                original[match.end() - 1] + 1,
                sentence.strip(),
            )


def _is_target(text: str, match: re.Match[str], start: int) -> bool:
    """完成5个重点工程 is a task's measure; 细化分解了35个项目 is the size of the plan."""
    before = text[max(start, match.start() - 8) : match.start()]
    return bool(re.search(r"(?:完成|新建|建成|改造|整治|推进|打造|创建|增加|新增|启动|实施|等|余|第|前)$", before))
