"""Whether a string matches a regular expression, if Python can decide it in bounded time."""

from __future__ import annotations

import re

_SLOW = re.compile(r"\)[*+{]")
_WAYS = re.compile(r"[*+?{|]")
"""Constructs with which a match can continue in several ways."""
_WAYS_MAX = 1_000_000
_LENGTH_MAX = 100


def matches(regex: str, text: str) -> bool | None:
    """Python's regular expressions are similar enough to find mistakes; None if they may take too
    long."""
    ways = len(_WAYS.findall(regex))
    if _SLOW.search(regex) or len(text) > _LENGTH_MAX or len(text) ** ways > _WAYS_MAX:
        return None
    try:
        return re.search(regex, text) is not None
    except re.error:
        return None


def matches_alike(regex: str, text: str) -> bool | None:
    """The same; also None for text on which Python's regular expressions may differ."""
    return matches(regex, text) if text.isascii() and text.isprintable() else None
