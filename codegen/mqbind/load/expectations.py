"""Defaults and examples against their own schemas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mqbind.load.constraints import Constraints
from mqbind.load.context import Context
from mqbind.load.nodes import Node, descend, exact
from mqbind.model.verdicts import Judge

_SLOW = re.compile(r"\)[*+{]")
_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """A value that ought to be valid: `what` it is, the value and its schema."""

    what: str
    value: Node
    schema: Node


def check_expectations(
    expectations: list[Expectation],
    trees: tuple[Node, ...],
    constraints: Constraints,
    context: Context,
) -> None:
    """Warn of each value that its schema refuses."""
    judge = Judge(
        shared=constraints.shared, matches=lambda pattern, text: matches(pattern.regex, text)
    )
    doubtful = [
        each
        for each in expectations
        if judge.verdict(constraints.of(each.schema), exact(each.value)) is not True
    ]
    if doubtful:
        _explain(doubtful, trees, context)


def _explain(doubtful: list[Expectation], trees: tuple[Node, ...], context: Context) -> None:
    """What is wrong with each value, in the words of a validator."""
    # Here, as it takes a while to import, and most documents are right.
    from mqbind.load.validation import TooLongError, Validation

    validation = Validation(trees, context)
    for each in doubtful:
        try:
            error = validation.error(each.value, each.schema)
        except (RecursionError, TooLongError):
            context.diagnostics.warning(
                each.value.location,
                f"{each.what} takes too long to check against its schema",
                "use fewer references and branches within references and branches",
            )
            return
        if error is not None:
            context.diagnostics.warning(
                descend(each.value, list(error.absolute_path)).location,
                f"{each.what} breaks its schema: {_shortened(error.message)}",
                "correct the value or the schema",
            )


def matches(regex: str, text: str) -> bool | None:
    """Python's regular expressions are near enough to tell a slip; None if they may take for
    ever."""
    if _SLOW.search(regex) or len(text) > _SHOWN:
        return None
    try:
        return re.search(regex, text) is not None
    except re.error:
        return None


def _shortened(message: str) -> str:
    return message if len(message) <= _SHOWN else f"{message[:60]} ... {message[-40:]}"
