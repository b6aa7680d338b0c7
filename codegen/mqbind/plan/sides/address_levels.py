"""How an address matches topics: its order among others, its levels, the strings of a level."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from math import prod

from mqbind.model.address import Level, Parameter
from mqbind.model.constraints import Pattern
from mqbind.model.protocol import Channel
from mqbind.plan.patterns.compiler import Automaton, PatternError, compile_plain, matches

_TEXTS_MAX = 256
"""Maximum number of strings of a level that are checked individually."""

_PAIRS_MAX = 20_000
"""Maximum number of pairs of states that are visited to find a string that two patterns match."""

_INTEGER = "^-?[0-9]+$"


def specificity(channel: Channel) -> list[int]:
    """Sorts a literal level before a partly literal one, that before a parameter, multi-level
    parameters after these, and dynamic addresses last."""
    address = channel.address
    spans = any(parameter.spans for parameter in address.parameters)
    return [int(spans) + int(channel.dynamic), *map(_rank, address.levels)]


def _rank(level: Level) -> int:
    if not level.parameters:
        return 0
    return 2 if level.is_parameter else 1


def ends(channel: Channel, *, typed: bool) -> Mapping[str, str]:
    """The parameters whose values may hold the text behind them, where they end, and that text.

    `typed`: not those whose C type rules it out.
    """
    return {
        parameter.name: text
        for level in channel.address.levels
        for parameter, text in zip(level.parameters[:-1], level.texts[1:-1], strict=True)
        if not parameter.per_side and _may_hold(parameter, text, typed=typed)
    }


def value_pattern(parameter: Parameter) -> Pattern | None:
    """The pattern that a value must match, if any: its own, or that of the strings of `enum`."""
    if not parameter.enum:
        return parameter.pattern
    texts = "|".join(re.sub(r"([^A-Za-z0-9_ ])", _hexadecimal, text) for text in parameter.enum)
    return Pattern(regex=f"^({texts})$", location=parameter.location)


def _hexadecimal(match: re.Match[str]) -> str:
    return f"\\u{{{ord(match[0]):x}}}"


# ---- Values ----


def _automaton(parameter: Parameter, *, typed: bool) -> Automaton | None:
    """The pattern that a value must match; `typed`: including its C type."""
    pattern = value_pattern(parameter)
    if pattern is None:
        return _compiled(_INTEGER) if typed and parameter.storage else None
    return _compiled(pattern.regex)


@cache
def _compiled(regex: str) -> Automaton | None:
    """None for patterns that do not compile, which is reported where the table is planned."""
    try:
        return compile_plain(regex)
    except PatternError:
        return None


def _allows(parameter: Parameter, text: str, *, typed: bool) -> bool:
    if not text or (parameter.max_length is not None and len(text) > parameter.max_length):
        return False
    if typed and parameter.storage and not re.fullmatch("-?[0-9]+", text):
        return False
    automaton = _automaton(parameter, typed=typed)
    return automaton is None or matches(automaton, text.encode())


def _may_hold(parameter: Parameter, text: str, *, typed: bool) -> bool:
    """Whether a value, followed by the literal, may contain that literal earlier, but not at its
    start, as no value is empty."""
    if parameter.max_length == 1:
        return False
    if parameter.enum:
        return any(
            _allows(parameter, value, typed=typed) and (value + text).find(text, 1) < len(value)
            for value in parameter.enum
        )
    automaton = _automaton(parameter, typed=typed)
    return automaton is None or _leads_to(automaton, text.encode())


def _leads_to(automaton: Automaton, text: bytes) -> bool:
    """Whether the automaton accepts a value that would end early. A position is a state and the
    number of matched bytes of the literal; -1: the value has not begun."""
    stack = [(0, -1)]
    seen = set(stack)
    while stack:
        state, found = stack.pop()
        if automaton.accepting[state] and found > 0 and text.startswith(text[found:]):
            return True
        for place in _next_places(automaton, text, state, found):
            if place not in seen:
                seen.add(place)
                stack.append(place)
    return False


def _next_places(
    automaton: Automaton, text: bytes, state: int, found: int
) -> Iterator[tuple[int, int]]:
    row = automaton.next[state]
    if found <= 0 or found == len(text):
        yield from ((target, max(found, 0)) for target in set(row))
    if 0 <= found < len(text):
        yield row[automaton.classes[text[found]]], found + 1


# ---- Levels ----


def meet(first: Level, later: Level) -> bool:
    """Whether `first` may match a string that is sent as `later`; true if unknown."""
    texts = _all_texts(later)
    if texts is not None:
        return any(_takes(first, text, typed=False) for text in texts)
    texts = _all_texts(first)
    if texts is not None:
        return any(_takes(later, text, typed=True) for text in texts)
    if not _alike(first.texts[0], later.texts[0]) or not _alike(
        first.texts[-1][::-1], later.texts[-1][::-1]
    ):
        return False
    if not (first.is_parameter and later.is_parameter):
        return True
    one = _automaton(first.parameters[0], typed=False)
    other = _automaton(later.parameters[0], typed=True)
    return one is None or other is None or _have_common(one, other)


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _all_texts(level: Level) -> list[str] | None:
    """All strings of a level, if there are few."""
    choices = [parameter.enum for parameter in level.parameters]
    if not all(choices) or prod(map(len, choices)) > _TEXTS_MAX:
        return None
    return [
        level.texts[0] + "".join(map("".join, zip(values, level.texts[1:], strict=True)))
        for values in product(*choices)
    ]


def _takes(level: Level, text: str, *, typed: bool) -> bool:
    """Whether the level matches the string, with each parameter but the last ending as early as
    possible."""
    if not level.parameters:
        return text == level.texts[0]
    if not text.startswith(level.texts[0]) or not text.endswith(level.texts[-1]):
        return False
    at = len(level.texts[0])
    for parameter, behind in zip(level.parameters[:-1], level.texts[1:-1], strict=True):
        end = text.find(behind, at + 1)
        if end < 0 or not _allows(parameter, text[at:end], typed=typed):
            return False
        at = end + len(behind)
    end = len(text) - len(level.texts[-1])
    return at < end and _allows(level.parameters[-1], text[at:end], typed=typed)


def _have_common(one: Automaton, other: Automaton) -> bool:
    """Whether both match some string; true if that is too expensive to decide."""
    classes = set(zip(one.classes, other.classes, strict=True))
    stack = [(0, 0)]
    seen: set[tuple[int, int]] = set()
    while stack and len(seen) < _PAIRS_MAX:
        state, their_state = stack.pop()
        row, their_row = one.next[state], other.next[their_state]
        reached = {(row[mine], their_row[theirs]) for mine, theirs in classes} - seen
        if any(one.accepting[mine] and other.accepting[theirs] for mine, theirs in reached):
            return True
        seen |= reached
        stack += reached
    return bool(stack)
