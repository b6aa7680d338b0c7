"""Names of the functions that match topics, from the part of the address that they match, so that
adding an address does not rename them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from mqbind.plan.sides.topic_parts import Kind, Part

_START, _UNDER, _ALL = "match_", "under_", "topic"
_LENGTH_MAX = 63
"""Significant characters of an identifier that C guarantees."""
_HASH_LENGTH = 8
_PARAMETER = "any"
_PLAIN = re.compile(r"\w+", re.ASCII)


def match_names(paths: Mapping[int, Sequence[Part]], taken: Collection[str]) -> Mapping[int, str]:
    """The name of each function by its number. `taken` are names of other things.

    If words cannot represent a path, its name ends in a hash. So does that of a path with "_", or
    with a slash at its start, if a side has two of "a_b", "a/b" and "/a/b".
    """
    plain = {number: _name(path) for number, path in paths.items()}
    uses = Counter(plain.values())
    names = {}
    for number, path in paths.items():
        name = plain[number]
        is_other = uses[name] > 1 and re.search("^/|_", _text(path))
        names[number] = _hashed(path) if name is None or name in taken or is_other else name
    return names


def _name(path: Sequence[Part]) -> str | None:
    """The path in words; None if words cannot represent it."""
    text = _text(path)
    if any(not _is_simple(part) for part in path) or text == _ALL:
        return None
    if text in ("", "/"):
        return _START + _ALL
    levels = [_PARAMETER if level == "{}" else level for level in _levels(text)]
    known = all(_PLAIN.fullmatch(level) for level in levels)
    clear = {_PARAMETER, _UNDER.strip("_")}.isdisjoint(set(_levels(text)))
    name = _START + (_UNDER if text.endswith("/") else "") + "_".join(levels)
    return name if known and clear and len(name) <= _LENGTH_MAX else None


def _hashed(path: Sequence[Part]) -> str:
    exact = [(p.kind.name, p.text, p.parameters, p.loose, _value_names(p)) for p in path]
    words = re.findall("[A-Za-z0-9]+", _text(path).replace("{}", f"/{_PARAMETER}/"))
    name = (_START + "_".join(words))[: _LENGTH_MAX - _HASH_LENGTH - 1].rstrip("_")
    return f"{name}_{hashlib.sha256(repr(exact).encode()).hexdigest()[:_HASH_LENGTH]}"


def _value_names(part: Part) -> tuple[str, ...]:
    return part.names if part.kind == Kind.VALUE else ()


def _is_simple(part: Part) -> bool:
    """A literal, or a parameter that is a whole level."""
    if part.kind == Kind.TEXT:
        return b"{" not in part.text
    return part.kind == Kind.LEVEL and part.parameters == 1 and not part.text and not part.loose


def _levels(text: str) -> list[str]:
    return text.removeprefix("/").removesuffix("/").split("/")


def _text(path: Sequence[Part]) -> str:
    return "".join("{}" * part.parameters + part.text.decode(errors="replace") for part in path)
