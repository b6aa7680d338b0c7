"""Empty payloads that delete a retained message: whether they can mean anything else."""

from __future__ import annotations

from collections.abc import Iterator

from mqbind.diagnostics import Diagnostics
from mqbind.model.evaluate import Evaluator
from mqbind.model.protocol import Message, Operation, Protocol
from mqbind.model.types import (
    Bytes,
    Choice,
    Constrained,
    Definition,
    Json,
    Named,
    NamedContainer,
    Nullable,
    Scalar,
    Text,
    Type,
    Union,
)
from mqbind.plan.patterns.compiler import accepts
from mqbind.rules import Rule

_KEY = "x-mqbind-empty-deletes"


def check_deletions(protocol: Protocol, diagnostics: Diagnostics) -> None:
    """Report messages that an empty payload cannot delete."""
    accepting = _Accepting(protocol)
    arriving: dict[str, dict[str, None]] = {}
    for operation in protocol.operations:
        arriving.setdefault(operation.channel, {}).update(dict.fromkeys(operation.messages))
    replies = _replies(protocol)
    empty = {
        channel: [
            each for each in map(protocol.messages.__getitem__, keys) if accepting.empty(each)
        ]
        for channel, keys in arriving.items()
    }
    for operation in protocol.operations:
        for message in _deletable(protocol, operation):
            if operation.reply is not None or operation.answers or message.key in replies:
                diagnostics.error(
                    Rule.UNUSABLE_DELETION,
                    message.location,
                    f"`{message.name}` is a request or a reply, so there is none to delete later",
                    f"remove `{_KEY}`",
                )
            for other in empty[operation.channel]:
                _refuse(message, other, diagnostics)


def _deletable(protocol: Protocol, operation: Operation) -> Iterator[Message]:
    messages = (protocol.messages[key] for key in operation.messages)
    return (message for message in messages if message.empty_deletes)


def _replies(protocol: Protocol) -> frozenset[str]:
    """The keys of messages that are replies."""
    replies = (each.reply for each in protocol.operations if each.reply is not None)
    return frozenset(key for reply in replies for key in reply.messages)


def _refuse(message: Message, other: Message, diagnostics: Diagnostics) -> None:
    what = "bytes, which may be empty" if isinstance(other.payload, Bytes) else "text"
    diagnostics.error(
        Rule.UNUSABLE_DELETION,
        message.location,
        f"an empty payload is a valid `{other.name}`, so it cannot mean that "
        f"`{message.name}` was deleted",
        f"`{other.name}` is {what}: "
        + ("remove " if isinstance(other.payload, Bytes) else "add `minLength: 1`, or remove ")
        + f"`{_KEY}`",
    )


class _Accepting:
    """Finds out which messages an empty payload can be. Where it cannot tell, it may be one."""

    def __init__(self, protocol: Protocol) -> None:
        self._definitions = protocol.definitions
        self._found: dict[str, bool] = {}
        self._evaluator = Evaluator(shared=protocol.constraints.__getitem__, matches=accepts)

    def empty(self, message: Message) -> bool:
        if isinstance(message.payload, Bytes):
            return True
        return message.spells is not None and self._of(message.payload)

    def _of(self, kind: Type) -> bool:
        match kind:
            case Text(min_length=low, pattern=pattern):
                return low == 0 and (pattern is None or accepts(pattern.regex, "") is not False)
            case Nullable(type=inner):
                return self._of(inner)
            case Constrained(type=inner, constraint=constraint):
                return self._of(inner) and self._evaluator.verdict(constraint, "") is not False
            case Named(key=key):
                if key not in self._found:
                    self._found[key] = self._of_definition(self._definitions[key])
                return self._found[key]
            case _:
                return isinstance(kind, Json | Scalar)

    def _of_definition(self, definition: Definition) -> bool:
        match definition:
            case Choice(spellings=spellings):
                return "" in spellings
            case Union(branches=branches, constraint=constraint):
                if constraint and self._evaluator.verdict(constraint, "") is False:
                    return False
                return any(self._of(branch.type) for branch in branches)
            case NamedContainer(type=its):
                return self._of(its)
            case _:
                return False
