"""What integers of 8 to 64 bits hold, which bounds what JSON can say to a C program."""

from __future__ import annotations

from collections.abc import Mapping


def _range(bits: int, *, signed: bool) -> tuple[int, int]:
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


INTEGER_RANGES: Mapping[str, tuple[int, int]] = {
    f"{'int' if signed else 'uint'}{bits}": _range(bits, signed=signed)
    for bits in (8, 16, 32, 64)
    for signed in (False, True)
}
"""The smallest and the largest value of each storage that `x-mqbind-type` can name, by size."""

SMALLEST, LARGEST = INTEGER_RANGES["int64"][0], INTEGER_RANGES["uint64"][1]
"""No C integer holds more."""
