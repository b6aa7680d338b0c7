"""The table for finding a member by its name, used by runtime/payload/member_hash.h."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FEW = 4
"""Up to this many members are found without a table."""

_MANY = 2**16 - 1
"""More do not fit into 16 bits."""

_ALIKE = 2
"""Up to this many names may have the same hash, if the hash then needs fewer words."""

_FACTOR = 0x9E3779B97F4A7C15


@dataclass(frozen=True, kw_only=True)
class MemberHash:
    """1 + the index of each name, at its hash or at the next free place; other places are 0.

    The hash is computed from `words` words of eight bytes.
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
    """Little-endian, padded with at least one zero."""
    return [int.from_bytes(name[at : at + 8], "little") for at in range(0, len(name) + 1, 8)]


def _count(names: Sequence[tuple[int, ...]]) -> int:
    """The fewest words that distinguish the names, or almost all of them."""
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
