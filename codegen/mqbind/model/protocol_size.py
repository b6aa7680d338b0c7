"""Limits on the size of a protocol: far beyond real documents, and small enough that compiling ends
within seconds."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.protocol import Operation, Protocol
from mqbind.rules import Rule

OPERATIONS_MAX = 2000
ROLES_MAX = 100
USES_MAX = 4000
"""Messages and replies of all operations, counted once for each operation."""


@dataclass(frozen=True, kw_only=True)
class _Excess:
    """Something that exceeds a limit, from this place on."""

    location: Location
    what: str


def is_bounded(protocol: Protocol, diagnostics: Diagnostics) -> bool:
    """False after an error: the protocol is too large."""
    excess = _excess(protocol)
    if excess is None:
        return True
    diagnostics.error(
        Rule.DOCUMENT_TOO_LARGE,
        excess.location,
        f"too large: {excess.what}",
        "split the document, or list the `messages` of each operation",
    )
    return False


def _excess(protocol: Protocol) -> _Excess | None:
    uses = 0
    roles = {protocol.role}
    for count, operation in enumerate(protocol.operations):
        uses += _uses(operation)
        roles |= {operation.sender, operation.receiver}
        if count >= OPERATIONS_MAX:
            what = f"the document has more than {OPERATIONS_MAX} operations"
            return _Excess(location=operation.location, what=what)
        if len(roles) > ROLES_MAX:
            what = f"the document has more than {ROLES_MAX} roles"
            return _Excess(location=operation.location, what=what)
        if uses > USES_MAX:
            what = f"the operations have more than {USES_MAX} messages in total"
            return _Excess(location=operation.location, what=what)
    return None


def _uses(operation: Operation) -> int:
    reply = operation.reply
    return len(operation.messages) + (len(reply.messages) if reply else 0)
