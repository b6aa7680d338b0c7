"""Objects of which a receiver drops members: those that the schema does not name."""

from __future__ import annotations

from mqbind.diagnostics import Diagnostics
from mqbind.model.constraints import AllOf, Constraint, JsonType, Members, Never, Unevaluated
from mqbind.model.protocol import Protocol
from mqbind.model.types import Struct
from mqbind.rules import Rule


def report_dropped_members(protocol: Protocol, diagnostics: Diagnostics) -> None:
    """Warn about each object that may have members for which its C struct has no place."""
    for definition in protocol.definitions.values():
        if isinstance(definition, Struct) and not keeps_or_refuses_all(definition):
            diagnostics.warning(
                Rule.DROPPED_MEMBERS,
                definition.location,
                "members that this object does not name are accepted and dropped",
                "refuse them with `additionalProperties: false`, or keep them with "
                "`patternProperties: {'': {}}`",
            )


def keeps_or_refuses_all(struct: Struct) -> bool:
    """Whether no member of such an object is dropped."""
    others = struct.others
    keeps_all = others is not None and others.unknown and others.pattern is None
    return struct.closed or keeps_all or _refuses_others(struct.constraint)


def _refuses_others(constraint: Constraint | None) -> bool:
    parts = constraint.parts if isinstance(constraint, AllOf) else (constraint,)
    return any(
        isinstance(part, Members | Unevaluated) and part.other == Never()
        for part in parts
        if not isinstance(part, Unevaluated) or part.its is JsonType.OBJECT
    )
