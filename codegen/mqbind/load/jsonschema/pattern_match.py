"""Whether a string matches a regular expression, if Python can decide it in bounded time."""

from __future__ import annotations

import re
from functools import lru_cache

_SLOW = re.compile(r"\)[*+{]")
_WAYS = re.compile(r"[*+?{|]")
"""Constructs with which a match can continue in several ways."""
_WAYS_MAX = 1_000_000
_LENGTH_MAX = 100


@lru_cache(maxsize=10_000)
def _compiled(regex: str) -> tuple[re.Pattern[str], int] | None:
    """The expression, and in how many ways a match may continue; None if that takes too long."""
    if _SLOW.search(regex):
        return None
    try:
        return re.compile(regex), len(_WAYS.findall(regex))
    except re.error:
        return None


def matches(regex: str, text: str) -> bool | None:
    """Python's regular expressions are similar enough to find mistakes; None if they may take too
    long."""
    found = _compiled(regex)
    if found is None:
        return None
    pattern, ways = found
    if len(text) > _LENGTH_MAX or len(text) ** ways > _WAYS_MAX:
        return None
    return pattern.search(text) is not None


def matches_alike(regex: str, text: str) -> bool | None:
    """The same; also None for text on which Python's regular expressions may differ."""
    return matches(regex, text) if text.isascii() and text.isprintable() else None
