"""Words of a document in snake_case, which names in C and of files are made of."""

from __future__ import annotations

import re

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where a capital begins a word; found in one pass, however many capitals stand side by side."""


def snake_case(words: str) -> str:
    """ASCII words in lower case, joined by "_": "msgId" gives "msg_id". Empty if there are none."""
    return "_".join(re.findall(r"[a-z0-9]+", _BOUNDARY.sub(" ", words).lower()))


def first_words(name: str, length: int) -> str:
    """The name, or as many of its words as have no more characters together."""
    if len(name) <= length:
        return name
    end = name.rfind("_", 1, length + 1)
    return name[: end if end > 0 else length]
