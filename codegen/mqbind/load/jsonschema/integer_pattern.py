"""Patterns that match only integers, as required for integers sent as strings.

A string is an integer if it consists of digits after at most one minus. Two things are computed
from the tree of the pattern: whether every string that it matches is an integer, and the smallest
and largest of them. Both are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_LENGTH_MAX = 24
_REPEATS_MAX = 64
_TOKENS_MAX = 300
_TOKEN = re.compile(r"\\d|\\-|\(\?:|\[[^\]\\^]*(?:\\d)?\]|\{\d+,?\d*\}|[()|?*+0-9-]", re.ASCII)
_CLASS = re.compile(r"\\d|[0-9]-[0-9]|[0-9]|-", re.ASCII)

_START, _SIGN, _DIGITS, _WRONG = range(4)
_Steps = tuple[frozenset[int], frozenset[int], frozenset[int], frozenset[int]]


class NotIntegersError(ValueError):
    """The pattern matches other strings, too, or cannot be analyzed."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """The smallest and the largest number that a pattern matches."""

    low: int
    high: int


_ByLength = dict[int, str]


@dataclass(frozen=True, kw_only=True)
class _Language:
    """The strings that a part of a pattern matches.

    `steps` gives for each state of reading an integer the states in which it may end. The other
    fields have for each length the strings of extreme numbers: without a minus the largest and the
    smallest, with one the farthest from zero and the nearest. Lengths beyond the digits of any C
    type count as one.
    """

    steps: _Steps
    large: _ByLength
    small: _ByLength
    far: _ByLength
    near: _ByLength


def range_of(pattern: str) -> Range | None:
    """The numbers that `pattern` matches; None if they exceed every C type. Raises
    NotIntegersError."""
    if not pattern.startswith("^") or not pattern.endswith("$"):
        raise NotIntegersError("it must start with `^` and end with `$`")
    body = pattern[1:-1]
    if _top_level_bar(body):
        raise NotIntegersError("`^` and `$` must apply to the whole pattern: write `^(...)$`")
    language = _Reader(body).read()
    if language.steps[_START] != {_DIGITS}:
        raise NotIntegersError("it also matches strings that are not integers")
    maps = (language.large, language.small, language.far, language.near)
    texts = [text for by_length in maps for text in by_length.values()]
    if any(len(text) >= _LENGTH_MAX for text in texts):
        return None
    numbers = [int(text) for text in texts]
    return Range(low=min(numbers), high=max(numbers))


def _top_level_bar(body: str) -> bool:
    depth = 0
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            return True
    return False


class _Reader:
    """Analyzes a pattern made of digits, minus, classes, groups, bars and repetitions."""

    def __init__(self, body: str) -> None:
        self._tokens = [found[0] for found in _TOKEN.finditer(body)]
        if "".join(self._tokens) != body or len(self._tokens) > _TOKENS_MAX:
            raise NotIntegersError("it may use only digits, `-`, classes, groups and quantifiers")
        self._position = 0
        self._depth = 0

    def read(self) -> _Language:
        language = self._alternatives()
        if self._position != len(self._tokens):
            raise NotIntegersError("unmatched `)`")
        return language

    def _peek(self) -> str | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _alternatives(self) -> _Language:
        language = self._sequence()
        while self._peek() == "|":
            self._position += 1
            language = _either(language, self._sequence())
        return language

    def _sequence(self) -> _Language:
        language = _EMPTY
        while self._peek() not in (None, "|", ")"):
            language = _both(language, self._repeated(self._atom()))
        return language

    def _atom(self) -> _Language:
        token = self._tokens[self._position]
        self._position += 1
        if token in ("(", "(?:"):
            return self._group()
        if token.startswith("["):
            return _one_of(_class(token[1:-1]))
        if token == r"\d":
            return _one_of("0123456789")
        if token in ("-", r"\-") or token.isdigit():
            return _one_of(token[-1])
        raise NotIntegersError(f"`{token}` has nothing to repeat")

    def _group(self) -> _Language:
        self._depth += 1
        if self._depth > 40:
            raise NotIntegersError("it is nested too deeply")
        language = self._alternatives()
        if self._peek() != ")":
            raise NotIntegersError("unclosed `(`")
        self._position += 1
        self._depth -= 1
        return language

    def _repeated(self, language: _Language) -> _Language:
        token = self._peek() or ""
        if token[:1] not in ("?", "*", "+", "{"):
            return language
        self._position += 1
        if self._peek() == "?":
            self._position += 1
        least, most = _counts(token)
        if most is None:
            most = least + _LENGTH_MAX
        if most > _REPEATS_MAX or most < least:
            raise NotIntegersError(f"`{token}` is not supported")
        result = _EMPTY
        for _ in range(least):
            result = _both(result, language)
        for _ in range(most - least):
            result = _either(result, _both(result, language))
        return result


def _counts(token: str) -> tuple[int, int | None]:
    if token in ("?", "*", "+"):
        return {"?": (0, 1), "*": (0, None), "+": (1, None)}[token]
    found = re.fullmatch(r"\{(\d{1,4})(,?)(\d{0,4})\}", token, re.ASCII)
    if found is None:
        raise NotIntegersError(f"`{token}` is not supported")
    least = int(found[1])
    if found[3]:
        return least, int(found[3])
    return least, None if found[2] else least


def _class(content: str) -> str:
    parts = _CLASS.findall(content)
    if "".join(parts) != content or not parts:
        raise NotIntegersError(f"`[{content}]` contains more than digits and `-`")
    characters = ""
    for part in parts:
        if part == r"\d":
            characters += "0123456789"
        elif len(part) == 3:
            characters += "".join(chr(code) for code in range(ord(part[0]), ord(part[2]) + 1))
        else:
            characters += part
    return characters


def _one_of(characters: str) -> _Language:
    if not characters:
        raise NotIntegersError("a character class is empty")
    steps = [frozenset(_step(state, character) for character in characters) for state in range(4)]
    digits = [character for character in characters if character != "-"]
    sign = {1: "-"} if "-" in characters else {}
    return _Language(
        steps=(steps[0], steps[1], steps[2], steps[3]),
        large={1: max(digits)} if digits else {},
        small={1: min(digits)} if digits else {},
        far=sign,
        near=sign,
    )


def _step(state: int, character: str) -> int:
    if character == "-":
        return _SIGN if state == _START else _WRONG
    return _WRONG if state == _WRONG else _DIGITS


def _either(left: _Language, right: _Language) -> _Language:
    """The strings of both."""
    steps = [left.steps[state] | right.steps[state] for state in range(4)]
    return _Language(
        steps=(steps[0], steps[1], steps[2], steps[3]),
        large=_best((*left.large.values(), *right.large.values()), max),
        small=_best((*left.small.values(), *right.small.values()), min),
        far=_best((*left.far.values(), *right.far.values()), max),
        near=_best((*left.near.values(), *right.near.values()), min),
    )


def _both(left: _Language, right: _Language) -> _Language:
    """The strings of one, each followed by those of the other. A minus is at the start; otherwise
    the string is not a number, and `steps` says so."""
    steps = [
        frozenset(end for middle in left.steps[state] for end in right.steps[middle])
        for state in range(4)
    ]
    behind_nothing = 0 in left.large
    return _Language(
        steps=(steps[0], steps[1], steps[2], steps[3]),
        large=_best(_pairs(left.large, right.large), max),
        small=_best(_pairs(left.small, right.small), min),
        far=_best(
            (*_pairs(left.far, right.large), *(right.far.values() if behind_nothing else ())), max
        ),
        near=_best(
            (*_pairs(left.near, right.small), *(right.near.values() if behind_nothing else ())),
            min,
        ),
    )


def _pairs(left: _ByLength, right: _ByLength) -> list[str]:
    return [(first + second)[:_LENGTH_MAX] for first in left.values() for second in right.values()]


def _best(texts: Iterable[str], choose: Callable[[str, str], str]) -> _ByLength:
    """For each length, the string to choose."""
    best: _ByLength = {}
    for text in texts:
        known = best.get(len(text))
        best[len(text)] = text if known is None else choose(known, text)
    return best


_EMPTY = _Language(
    steps=(frozenset({0}), frozenset({1}), frozenset({2}), frozenset({3})),
    large={0: ""},
    small={0: ""},
    far={},
    near={},
)
