"""How much each rule of MISRA C:2012, with its amendments 1 to 4, asks for.

The addon of cppcheck says only which rule is broken. A rule that is in neither list is
required.
"""

from __future__ import annotations

MANDATORY = frozenset(
    """
    7.5 9.1 9.7 12.5 13.6 17.3 17.4 17.6 17.9 18.10 19.1 21.13 21.17 21.18 21.19 21.20 21.22
    22.2 22.4 22.5 22.6 22.12 22.14 22.20
    """.split()
)
ADVISORY = frozenset(
    """
    1.2 2.3 2.4 2.5 2.6 2.7 2.8 4.2 5.9 8.7 8.9 8.11 8.13 8.16 8.17 10.5 11.4 11.5 12.1 12.3 12.4
    13.3 13.4 15.1 15.4 15.5 17.5 17.8 17.11 17.12 18.4 18.5 19.2 20.1 20.5 20.10 21.12 23.1 23.3
    23.5 23.7
    """.split()
)


def in_order(rule: str) -> tuple[int, ...]:
    """A key to sort rules by."""
    return tuple(map(int, rule.split(".")))
