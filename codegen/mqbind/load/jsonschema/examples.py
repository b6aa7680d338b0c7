"""Defaults and examples against their own schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mqbind.load.document.nodes import Node, descend, exact, text_length, values_in
from mqbind.load.document.schema_errors import error_text
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.pattern_match import matches
from mqbind.model.evaluate import Evaluator
from mqbind.rules import Rule

_CHECK_WORK, _EXPLANATION_WORK = 15, 400
_COPIES_PER_WORK = 20_000
_COPIES_MAX = 500_000_000
"""Values that a validator quotes, times the schemas that may quote them."""


@dataclass(frozen=True, kw_only=True)
class SchemaExample:
    """A value that should be valid: what it is, the value and its schema."""

    what: str
    value: Node
    schema: Node


def check_examples(
    examples: list[SchemaExample],
    trees: Callable[[], tuple[Node, ...]],
    constraints: Constraints,
    context: Context,
) -> None:
    """Warn about each value that its schema refuses."""
    evaluator = Evaluator(shared=constraints.shared, matches=matches)
    doubtful = []
    for each in examples:
        weight = _weight(each.value)
        context.diagnostics.spend(_CHECK_WORK + weight // 4, each.value.location)
        if evaluator.verdict(constraints.of(each.schema), exact(each.value)) is not True:
            doubtful.append(each)
    if doubtful:
        _explain(doubtful, trees(), context)


def _explain(doubtful: list[SchemaExample], trees: tuple[Node, ...], context: Context) -> None:
    """What is wrong with each value, as reported by a validator."""
    # Imported here, because it is slow to import and most documents are valid.
    from mqbind.load.jsonschema.validator import TooLongError, Validator

    validation = Validator(trees, context)
    around = sum(map(_weight, trees))
    for each in doubtful:
        copied = _weight(each.value) * around
        context.diagnostics.spend(
            _EXPLANATION_WORK + copied // _COPIES_PER_WORK, each.value.location
        )
        try:
            if copied > _COPIES_MAX:
                raise TooLongError
            error = validation.error(each.value, each.schema)
        except (RecursionError, TooLongError):
            context.diagnostics.warning(
                Rule.UNCHECKED_VALUE,
                each.value.location,
                f"{each.what} takes too long to check against its schema",
                "use fewer references and branches within references and branches",
            )
            return
        if error is not None:
            context.diagnostics.warning(
                Rule.VALUE_VIOLATES_SCHEMA,
                descend(each.value, list(error.absolute_path)).location,
                f"{each.what} violates its schema: {error_text(error)}",
                "fix the value or the schema",
            )


def _weight(node: Node) -> int:
    """The approximate length of a value as text."""
    return sum(1 + text_length(inner) // 10 for inner in values_in(node))
