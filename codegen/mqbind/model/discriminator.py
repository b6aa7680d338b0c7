"""How a receiver tells apart the messages that arrive at one address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mqbind.model.protocol import Protocol
from mqbind.model.types import Choice, Named, Struct


@dataclass(frozen=True, kw_only=True)
class Discriminator:
    """A required member that holds one of the message's own texts in each of them.

    `spellings` are those texts, by the key of the message; no text belongs to two messages.
    """

    member: str
    spellings: Mapping[str, tuple[str, ...]]


def tell_apart(protocol: Protocol, messages: Iterable[str]) -> Discriminator | None:
    """The first member that tells `messages` (keys, two or more) apart, if there is one."""
    keys = list(dict.fromkeys(messages))
    if len(keys) < 2:
        return None
    texts = {key: _constants(protocol, key) for key in keys}
    for member in texts[keys[0]]:
        spellings = {key: texts[key].get(member, ()) for key in keys}
        if _are_disjoint(spellings.values()):
            return Discriminator(member=member, spellings=spellings)
    return None


def _constants(protocol: Protocol, key: str) -> dict[str, tuple[str, ...]]:
    """The required members of a message that are a choice of texts, and those texts."""
    payload = protocol.messages[key].payload
    struct = protocol.definitions.get(payload.key) if isinstance(payload, Named) else None
    if not isinstance(struct, Struct):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for member in struct.members:
        if not member.required or not isinstance(member.type, Named):
            continue
        choice = protocol.definitions.get(member.type.key)
        if isinstance(choice, Choice):
            found[member.json_name] = _texts(choice)
    return found


def _texts(choice: Choice) -> tuple[str, ...]:
    return tuple(
        spelling
        for value in choice.values
        for spelling in value.spellings
        if isinstance(spelling, str)
    )


def _are_disjoint(groups: Iterable[tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    for group in groups:
        if not group or seen.intersection(group):
            return False
        seen.update(group)
    return True
