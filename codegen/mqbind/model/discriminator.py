"""How a receiver distinguishes values that may be of several types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mqbind.model.types import Choice, Definition, Named, Struct, Type


@dataclass(frozen=True, kw_only=True)
class Discriminator:
    """A required member that holds one of the type's own strings in each of several types.

    `spellings` are those strings, in the order of the types; none belongs to two types.
    """

    member: str
    spellings: tuple[tuple[str, ...], ...]


def discriminator_of(
    definitions: Mapping[str, Definition], types: Sequence[Type]
) -> Discriminator | None:
    """The first member that distinguishes `types`, if there is one."""
    texts = [_required_texts(definitions, each) for each in types]
    for member in texts[0]:
        spellings = tuple(each.get(member, ()) for each in texts)
        if _are_disjoint(spellings):
            return Discriminator(member=member, spellings=spellings)
    return None


def listed_members(
    definitions: Mapping[str, Definition], struct: Struct
) -> Mapping[str, tuple[str | int, ...]]:
    """The members that are a choice, by their names, and its values."""
    found: dict[str, tuple[str | int, ...]] = {}
    for member in struct.members:
        choice = definitions.get(member.type.key) if isinstance(member.type, Named) else None
        if isinstance(choice, Choice) and not member.loose:
            found[member.json_name] = choice.spellings
    return found


def _required_texts(
    definitions: Mapping[str, Definition], kind: Type
) -> Mapping[str, tuple[str, ...]]:
    """The required members that are a choice of strings, and these."""
    struct = definitions.get(kind.key) if isinstance(kind, Named) else None
    if not isinstance(struct, Struct):
        return {}
    required = {member.json_name for member in struct.members if member.required}
    return {
        name: tuple(each for each in spellings if isinstance(each, str))
        for name, spellings in listed_members(definitions, struct).items()
        if name in required
    }


def _are_disjoint(groups: Iterable[tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    for group in groups:
        if not group or seen.intersection(group):
            return False
        seen.update(group)
    return True
