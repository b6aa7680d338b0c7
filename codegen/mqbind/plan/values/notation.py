"""How a form of a union is written if it is a number: 42 is an integer, 42.0 a decimal."""

from __future__ import annotations

from enum import Enum, auto

from mqbind.model.types import Choice, Integer, Named, Number, Type, Wire
from mqbind.plan.symbols.table import SymbolTable


class Notation(Enum):
    """The notation in which a value is sent."""

    INTEGER = auto()
    DECIMAL = auto()


def notation_of(kind: Type, symbols: SymbolTable) -> Notation | None:
    """The notation of an integer or a number; None for other types."""
    match symbols.resolved(kind):
        case Integer(wires=wires):
            return Notation.INTEGER if wires[0] is Wire.NUMBER else None
        case Number():
            return Notation.DECIMAL
        case Named(key=key) if isinstance(choice := symbols.definition(key), Choice):
            return Notation.INTEGER if isinstance(choice.spellings[0], int) else None
        case _:
            return None
