"""The rules that runtime/MISRA.md says are not kept, beside what cppcheck finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.misra.rules import ADVISORY, MANDATORY, in_order
from tests.misra.scan import Hit

MOST_IN_GENERATED_CODE = 5

_ROW = re.compile(r"\| (?P<rule>\d+\.\d+) \| (?P<where>.+?) \| (?P<reason>.+) \|")
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """A rule, and where it need not be kept: nothing in `where` is everywhere."""

    rule: str
    where: frozenset[str]
    reason: str


Covers = Callable[[Hit, Deviation], Iterable[str]]
"""Which of the places in `where` a hit is at."""


def table(document: str, heading: str) -> tuple[Deviation, ...]:
    """The rows below a heading."""
    _, found, section = document.partition(f"\n## {heading}\n")
    if not found:
        raise ValueError(f'no heading "{heading}"')
    rows = map(_ROW.fullmatch, section.partition("\n## ")[0].splitlines())
    return tuple(
        Deviation(
            rule=row["rule"],
            where=frozenset(_QUOTED.findall(row["where"])),
            reason=row["reason"],
        )
        for row in rows
        if row
    )


def in_files(hit: Hit, deviation: Deviation) -> list[str]:
    return [name for name in deviation.where if hit.file == name]


def unlisted(hits: Iterable[Hit], deviations: Iterable[Deviation], covers: Covers) -> list[str]:
    """What the hits break without leave, a line each."""
    allowed = {each.rule: each for each in deviations if each.rule not in MANDATORY}
    return [
        f"{hit.file}:{hit.line}: breaks rule {hit.rule}, which is "
        f"{'mandatory' if hit.rule in MANDATORY else 'required, and has no row for it'}"
        for hit in sorted(hits, key=lambda hit: (in_order(hit.rule), hit))
        if hit.rule not in ADVISORY
        and not (
            (deviation := allowed.get(hit.rule))
            and (not deviation.where or any(covers(hit, deviation)))
        )
    ]


def unused(hits: Iterable[Hit], deviations: Iterable[Deviation], covers: Covers) -> list[str]:
    """The leave that no hit needs, a line each."""
    found = tuple(hits)
    lines = []
    for deviation in deviations:
        mine = [hit for hit in found if hit.rule == deviation.rule]
        needed = {place for hit in mine for place in covers(hit, deviation)}
        if not mine or needed != deviation.where:
            places = ", ".join(sorted(deviation.where - needed)) or "everywhere"
            lines.append(f"rule {deviation.rule} is kept: {places}")
    return lines
