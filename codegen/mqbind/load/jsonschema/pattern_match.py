"""Whether a string matches a regular expression, as far as Python can tell in bounded time."""

from __future__ import annotations

import re

_SLOW = re.compile(r"\)[*+{]")
_WAYS = re.compile(r"[*+?{|]")
"""Where a match may go on in several ways."""
_WAYS_MAX = 1_000_000
_LENGTH_MAX = 100


def matches(regex: str, text: str) -> bool | None:
    """Python's regular expressions are near enough to tell a slip; None if they may take for
    ever."""
    ways = len(_WAYS.findall(regex))
    if _SLOW.search(regex) or len(text) > _LENGTH_MAX or len(text) ** ways > _WAYS_MAX:
        return None
    try:
        return re.search(regex, text) is not None
    except re.error:
        return None
