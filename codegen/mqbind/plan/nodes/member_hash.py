"""The table that finds a member by its name, as runtime/payload/member_hash.h looks into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FEW = 4
"""So many members are found without a table."""

_MANY = 2**16 - 1
"""More do not fit into 16 bits."""

_ALIKE = 2
"""So many names may have the same hash, if that makes it one of fewer words."""

_FACTOR = 0x9E3779B97F4A7C15


@dataclass(frozen=True, kw_only=True)
class MemberHash:
    """1 + the index of each name, at its hash or at the next free place, among zeros.

    The hash is that of so many words of eight bytes.
    """

    places: tuple[int, ...]
    words: int

    @property
    def mask(self) -> int:
        return len(self.places) - 1


def name_slots(names: Sequence[str]) -> MemberHash | None:
    """None for few names."""
    if len(names) <= FEW or len(names) > _MANY:
        return None
    split = [_words(name.encode()) for name in names]
    count = _count([tuple(words) for words in split])
    places = [0] * (1 << (2 * len(names) - 1).bit_length())
    for index, words in enumerate(split):
        place = _hash(words[:count]) % len(places)
        while places[place]:
            place = (place + 1) % len(places)
        places[place] = index + 1
    return MemberHash(places=tuple(places), words=count)


def _words(name: bytes) -> list[int]:
    """The first byte is the lowest, and zeros stand behind the end: always some."""
    return [int.from_bytes(name[at : at + 8], "little") for at in range(0, len(name) + 1, 8)]


def _count(names: Sequence[tuple[int, ...]]) -> int:
    """The fewest words that tell the names apart, or nearly so."""
    most = max(map(len, names))
    for count in range(1, most):
        if max(Counter(words[:count] for words in names).values()) <= _ALIKE:
            return count
    return most


def _hash(words: Sequence[int]) -> int:
    value = 0
    for word in words:
        value = (value ^ word) * _FACTOR % 2**64
        value ^= value >> 32
    return value
