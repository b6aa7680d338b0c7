"""C integer types: the smallest that holds every valid value."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.model.integer_ranges import INTEGER_RANGES
from mqbind.model.types import Choice, Integer, Interval
from mqbind.plan.text import literals


@dataclass(frozen=True, kw_only=True)
class IntegerType:
    """A C integer type and the values that it holds."""

    c_name: str
    low: int
    high: int

    @property
    def signed(self) -> bool:
        return self.low < 0

    def literal(self, value: int) -> str:
        return literals.signed(value) if self.signed else literals.unsigned(value)

    def operand(self, value: int) -> str:
        """A literal of the type's signedness, for comparison with an expression of the type."""
        return literals.signed(value) if self.signed else literals.unsigned_operand(value)


_BY_STORAGE = {
    storage: IntegerType(c_name=f"{storage}_t", low=low, high=high)
    for storage, (low, high) in INTEGER_RANGES.items()
}
_INT64, _UINT64 = _BY_STORAGE["int64"], _BY_STORAGE["uint64"]


def wide(kind: IntegerType) -> IntegerType:
    """The 64-bit type of the same signedness, which the runtime reads and writes."""
    return _INT64 if kind.signed else _UINT64


def integer_type(integer: Integer) -> IntegerType:
    """The author's choice, or else the smallest type that fits; an open end needs 64 bits."""
    if integer.storage:
        return stored(integer.storage)
    low, high = integer.low, integer.high
    if low is None:
        return _INT64
    if high is None:
        return _UINT64 if low >= 0 else _INT64
    by_size = _BY_STORAGE.values()
    return next((kind for kind in by_size if kind.low <= low and high <= kind.high), _INT64)


def stored(storage: str) -> IntegerType:
    """The type that an author names: "int32"."""
    return _BY_STORAGE[storage]


def choice_integer(choice: Choice) -> Integer:
    """The integers of a choice as intervals."""
    intervals: list[Interval] = []
    for number in sorted(number for value in choice.values for number in value.spellings):
        assert isinstance(number, int)
        if intervals and intervals[-1].high == number - 1:
            intervals[-1] = Interval(low=intervals[-1].low, high=number)
        else:
            intervals.append(Interval(low=number, high=number))
    return Integer(intervals=tuple(intervals))
