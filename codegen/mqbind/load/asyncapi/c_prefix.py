"""The prefix of all C names: given by the author, or made from the title."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load.document.nodes import ObjectNode
from mqbind.model.snake_case import first_words, snake_case
from mqbind.rules import Rule

LENGTH_MAX = 64
"""Files are named after the prefix, a message or a role; file systems take 255 characters."""

_HASH_LENGTH = 8
_RUNTIME = "mqb"


def prefix_of(info: ObjectNode, document: ObjectNode, diagnostics: Diagnostics) -> str:
    """The prefix of every C name of a document."""
    given = info.text("x-mqbind-prefix")
    prefix = given or _derived(info, document)
    if prefix == _RUNTIME or prefix.startswith(f"{_RUNTIME}_"):
        diagnostics.error(
            Rule.RESERVED_PREFIX,
            _location(info, "title" if given is None else "x-mqbind-prefix"),
            f"the prefix of C names would be `{prefix}`, which is reserved for the runtime",
            "set another one with `x-mqbind-prefix` under `info`",
        )
    return prefix


def _location(info: ObjectNode, key: str) -> Location:
    value = info.get(key)
    return info.location if value is None else value.location


def _derived(info: ObjectNode, document: ObjectNode) -> str:
    """The title in snake_case, or else the name of the file."""
    stem = PurePosixPath(document.document.name).name.partition(".")[0]
    for words in (info.text("title") or "", stem):
        snake = snake_case(words)
        if snake and snake[0].isalpha():
            return _shortened(snake)
    return "protocol"


def _shortened(name: str) -> str:
    """As many words as fit, and a hash that distinguishes the name from others with the same
    beginning."""
    if len(name) <= LENGTH_MAX:
        return name
    words = first_words(name, LENGTH_MAX - _HASH_LENGTH - 1)
    return f"{words}_{hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]}"
