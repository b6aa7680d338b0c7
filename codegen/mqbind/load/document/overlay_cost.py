"""Estimates the work of the actions of an overlay in advance, in the unit of
`Diagnostics.spend`."""

from __future__ import annotations

import re

from mqbind.load.document.nodes import Node, text_length, values_in

_ACTION, _PER_NODE = 50, 8
_DEPTH = 20
"""How often a descendant step visits a value below another descendant step."""
_STEPS_PER_WORK = 20
_COPIES_PER_WORK = 20
_MOST = 1 << 40


def work_of_change(added: int, widths: int) -> int:
    """The cost of a change at one place, which adds so many values, and copies everything around
    them."""
    return _ACTION + _PER_NODE * added + widths // _COPIES_PER_WORK


def count_values(node: Node) -> int:
    return _measure(node)[0]


def work_of_target(target: str, root: Node) -> int:
    """The cost of finding all places of a JSONPath."""
    nodes, longest = _measure(root)
    work: int = nodes * _PER_NODE * _DEPTH ** max(0, target.count("..") - 1)
    work *= nodes ** max(0, min(target.count("$"), 4) - 1)
    if re.search(r"\b(match|search)\b", target):
        repeats = len(re.findall(r"[*+{]", target))
        work += nodes * longest ** min(repeats, 4) // _STEPS_PER_WORK
    return min(_ACTION + work, _MOST)


def _measure(root: Node) -> tuple[int, int]:
    """The number of values, and the length of the longest string."""
    lengths = [text_length(node) for node in values_in(root)]
    return len(lengths), max(1, *lengths)
