"""Enums for the values, links and requests of a side: adding one adds a line to generated code and
changes no number in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mqbind.plan.nodes.sides import Numbering
from mqbind.plan.symbols import identifiers

MACROS = (
    *("H", "CLIENT_ID", "KEEPALIVE_S", "KEEP_SESSION"),
    *("WILL_TOPIC", "WILL_PAYLOAD", "WILL_QOS", "WILL_RETAIN"),
)
"""The suffixes of macros in the header of a side."""


@dataclass
class Constants:
    """Names the constants of a side. `taken` are names of other things."""

    side: str
    taken: set[str] = field(default_factory=set)

    def names(self, noun: str, words: Iterable[str]) -> list[str]:
        """A constant for each of them; `noun` is singular: "value"."""
        return [
            self._free(identifiers.short(f"{self.side}_{noun}_{each}").upper()) for each in words
        ]

    def numbering(self, noun: str, names: Sequence[str], *comment: str) -> Numbering | None:
        """The enum of the constants; None if there are none."""
        if not names:
            return None
        return Numbering(
            comment=comment,
            constants=tuple(names),
            count=self.count(noun),
        )

    def count(self, noun: str) -> str:
        """The constant after the last one: their number."""
        return f"{self.side}_{noun}s".upper()

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free in self.taken:
            number += 1
            free = f"{name}_{number}"
        self.taken.add(free)
        return free


def bits(constants: Sequence[str], members: int) -> str:
    """The C expression for a set of these constants, given as bits."""
    names = [name for number, name in enumerate(constants) if members >> number & 1]
    return " | ".join(f"MQB_VALUE_BIT({name})" for name in names) or "0"
