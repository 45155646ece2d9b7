"""A short name for a drafted task, made of the plan's own words."""

import re

_LEAD = re.compile(
    r"^(?:并|且|要|需要|须|应当?|必须|务必|将|还|也|同时|,|、|和|及|切实|着力|大力|全力(?!以赴)|深入|持续|进一步|扎实|认真|积极|全面|稳步|有序|统筹|率先|尽快|加快(?!推进)|继续|努力|有效|不断|严格|主动|高标准|高质量|狠抓)+(?=[一-鿿“《\dX])"
)
_TAIL = re.compile(r"(?:的?工作|等工作|[,、;:。 ])+$")
_AFTER_LIMIT = re.compile(
    r"^(?:之?前|内|,|于(?=[将把对开完])|在(?=[将把完开组举])|要|需要?|须|应|力争|确保|将|完成(?=完成))+"
)
LONGEST = 60


def title_of(words: str, cuts: list[tuple[int, int]]) -> str:
    """The words without the units and limits at `cuts` and without the adverbs that only urge."""
    kept = list(words)
    for start, end in cuts:
        for place in range(max(0, start), min(end, len(kept))):
            kept[place] = ""
    said = re.sub(r"要?[于在](?=[开完建竣投通]|[，,])", "", "".join(kept)).strip(" ,、;:。")
    while (shorter := _AFTER_LIMIT.sub("", _LEAD.sub("", said)).strip(" ,、;:。")) != said:
        said = shorter
    said = _TAIL.sub("", said) or words.strip(" ,、;:。")
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
