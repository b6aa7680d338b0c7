"""How much work the actions of an overlay may be, before they are done: in the unit of
`Diagnostics.spend`."""

from __future__ import annotations

import re

from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode

_ACTION, _PER_NODE = 50, 8
_DEPTH = 20
"""How often a step down to any depth comes past a value that is below another such step."""
_STEPS_PER_WORK = 20
_COPIES_PER_WORK = 20
_MOST = 1 << 40


def work_of_change(added: int, widths: int) -> int:
    """Of a change at one place, which adds so many values, and copies what stands around them."""
    return _ACTION + _PER_NODE * added + widths // _COPIES_PER_WORK


def count_values(node: Node) -> int:
    return _measure(node)[0]


def work_of_target(target: str, root: Node) -> int:
    """Of finding all that a JSONPath names."""
    nodes, longest = _measure(root)
    work: int = nodes * _PER_NODE * _DEPTH ** max(0, target.count("..") - 1)
    work *= nodes ** max(0, min(target.count("$"), 4) - 1)
    if re.search(r"\b(match|search)\b", target):
        repeats = len(re.findall(r"[*+{]", target))
        work += nodes * longest ** min(repeats, 4) // _STEPS_PER_WORK
    return min(_ACTION + work, _MOST)


def _measure(root: Node) -> tuple[int, int]:
    """How many values there are, and how many characters the longest text has."""
    count, longest = 0, 1
    pending = [root]
    while pending:
        node = pending.pop()
        count += 1
        match node:
            case ArrayNode(items=items):
                pending += items
            case ObjectNode(entries=entries):
                pending += [entry.value for entry in entries.values()]
            case ScalarNode(value=str() as text):
                longest = max(longest, len(text))
            case _:
                pass
    return count, longest
