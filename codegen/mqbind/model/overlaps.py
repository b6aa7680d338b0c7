"""Addresses that overlap: a topic can match both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mqbind.model.address import Level
from mqbind.model.protocol import Channel


def overlaps(channels: Iterable[Channel]) -> Iterator[tuple[Channel, Channel]]:
    """The pairs of addresses that one topic can match. Each is searched among those before it."""
    tree = _Tree()
    for channel in channels:
        levels = _levels(channel)
        for other in tree.meeting(levels):
            yield other, channel
        tree.add(channel, levels)


@dataclass(frozen=True, kw_only=True)
class _Level:
    """One level of an address: its possible values, as strings or as a regular expression."""

    texts: frozenset[str]
    regex: str = ""
    spans: bool = False

    @property
    def literal(self) -> bool:
        return len(self.texts) == 1


@dataclass
class _Tree:
    """Addresses with equal levels so far, by the next level. An equal literal is found by
    lookup."""

    ended: list[Channel] = field(default_factory=list)
    passing: list[Channel] = field(default_factory=list)
    literals: dict[_Level, _Tree] = field(default_factory=dict)
    others: dict[_Level, _Tree] = field(default_factory=dict)

    def add(self, channel: Channel, levels: list[_Level]) -> None:
        tree = self
        for level in levels:
            tree.passing.append(channel)
            branches = tree.literals if level.literal else tree.others
            tree = branches.setdefault(level, _Tree())
        tree.ended.append(channel)

    def meeting(self, levels: list[_Level]) -> list[Channel]:
        """The addresses that a topic with these levels can match."""
        found: list[Channel] = []
        trees = [self]
        for level in levels:
            branches = [branch for tree in trees for branch in tree._branches(level)]
            open_ended = [tree for theirs, tree in branches if theirs.spans or level.spans]
            for tree in open_ended:
                found += (*tree.passing, *tree.ended)
            trees = [tree for theirs, tree in branches if not (theirs.spans or level.spans)]
        return [*found, *(channel for tree in trees for channel in tree.ended)]

    def _branches(self, level: _Level) -> Iterator[tuple[_Level, _Tree]]:
        if level.literal and level in self.literals:
            yield level, self.literals[level]
        candidates = self.others if level.literal else {**self.literals, **self.others}
        for theirs, tree in candidates.items():
            if _meet(level, theirs):
                yield theirs, tree


def _levels(channel: Channel) -> list[_Level]:
    return list(map(_level, channel.address.levels))


def _level(level: Level) -> _Level:
    if not level.parameters:
        return _Level(texts=frozenset(level.texts))
    first = level.parameters[0]
    if level.is_parameter and first.enum and not first.multi_level:
        return _Level(texts=frozenset(first.enum))
    return _Level(
        texts=frozenset(),
        regex=".+".join(map(re.escape, level.texts)),
        spans=level.spans,
    )


def _meet(mine: _Level, theirs: _Level) -> bool:
    if mine.spans or theirs.spans or mine == theirs:
        return True
    if mine.texts and theirs.texts:
        return bool(mine.texts & theirs.texts)
    regex = mine.regex or theirs.regex
    texts = mine.texts or theirs.texts
    return not texts or any(re.fullmatch(regex, text, re.DOTALL) for text in texts)
