"""Sets of integers: the result of any combination of bounds, constants, `anyOf`, `not`, ..."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from mqbind.model.constraints import Bound
from mqbind.model.types import Interval


@dataclass(frozen=True)
class IntegerSet:
    """Ascending intervals that are neither adjacent nor overlapping; infinite ends are float
    infinities."""

    intervals: tuple[tuple[float, float], ...]

    @classmethod
    def between(cls, low: float, high: float) -> Self:
        return cls(((low, high),)) if low <= high else cls(())

    @classmethod
    def everything(cls) -> Self:
        return cls.between(-math.inf, math.inf)

    @classmethod
    def of(cls, values: Iterable[int]) -> Self:
        return cls(_joined((value, value) for value in values))

    @classmethod
    def above(cls, bound: Bound) -> Self:
        """All from a lower bound on."""
        end = math.floor(bound.value) + 1 if bound.exclusive else math.ceil(bound.value)
        return cls.between(end, math.inf)

    @classmethod
    def below(cls, bound: Bound) -> Self:
        """All up to an upper bound."""
        end = math.ceil(bound.value) - 1 if bound.exclusive else math.floor(bound.value)
        return cls.between(-math.inf, end)

    def __or__(self, other: Self) -> Self:
        return type(self)(_joined((*self.intervals, *other.intervals)))

    def __and__(self, other: Self) -> Self:
        return ~(~self | ~other)

    def __invert__(self) -> Self:
        gaps = []
        low: float = -math.inf
        for first, last in self.intervals:
            if low <= first - 1 and first != -math.inf:
                gaps.append((low, first - 1))
            low = last + 1
        if low != math.inf:
            gaps.append((low, math.inf))
        return type(self)(tuple(gaps))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __le__(self, other: Self) -> bool:
        """Whether every member is in `other`."""
        return not self & ~other

    def as_model(self) -> tuple[Interval, ...]:
        return tuple(Interval(low=_end(low), high=_end(high)) for low, high in self.intervals)


def _end(value: float) -> int | None:
    return value if isinstance(value, int) else None


def _joined(intervals: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    joined: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)
