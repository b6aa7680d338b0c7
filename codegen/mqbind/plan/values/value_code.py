"""The code for a value: the functions that read and write it, and their arguments."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mqbind.plan.nodes.code import Call, FirstPass
from mqbind.plan.text import literals


@dataclass(frozen=True, kw_only=True)
class ValueCode:
    """How a value is read and written: by address (`pointer`), or read as a result.

    `constant` is the value in C of a type that carries no information.
    """

    c_type: str
    read_function: str
    write_function: str
    pointer: bool = False
    write_pointer: bool = False
    read_arguments: tuple[str, ...] = ()
    write_arguments: tuple[str, ...] = ()
    cast: str | None = None
    write_cast: str | None = None
    constant: str | None = None
    first_pass: FirstPass | None = None
    only: str | None = None

    def read(self, target: str) -> Call:
        """The call that fills the variable `target`."""
        if self.pointer:
            return self._reading(address_of(target))
        return replace(self._reading(*self.read_arguments), target=target, cast=self.cast)

    def result(self) -> Call:
        """The call whose result is the value, for a type that is read this way."""
        return replace(self._reading(*self.read_arguments), cast=self.cast)

    def check(self) -> Call:
        """The call that reads a value only to check it."""
        return replace(self._reading(*self.read_arguments), cast="void")

    def _reading(self, *arguments: str) -> Call:
        return Call(
            function=self.read_function,
            arguments=("r", *arguments),
            first_pass=self.first_pass,
            only=self.only,
        )

    def write(self, source: str) -> Call:
        """The call that writes the expression `source`."""
        if self.pointer or self.write_pointer:
            return Call(function=self.write_function, arguments=("w", address_of(source)))
        value = f"({self.write_cast}){source}" if self.write_cast else source
        if self.c_type == "bool":
            value = flag(source)
        return Call(function=self.write_function, arguments=("w", value, *self.write_arguments))

    def write_constant(self) -> Call:
        """The call that writes a constant."""
        assert self.constant is not None
        return Call(
            function=self.write_function, arguments=("w", self.constant, *self.write_arguments)
        )


def flag(expression: str) -> str:
    """A bool set by the application, which may contain any byte."""
    return f"mqb_flag_is_set({address_of(expression)})"


def address_of(expression: str) -> str:
    """ "&x", or the pointer itself when the expression points."""
    return expression[1:] if expression.startswith("*") else f"&{expression}"


def function_names(stem: str, exported: bool) -> tuple[str, str]:
    """The names of a read and a write function."""
    return (f"{stem}_read", f"{stem}_write") if exported else (f"read_{stem}", f"write_{stem}")


def length_condition(expression: str, low: int, high: int | None) -> str | None:
    """The check that a length is within bounds, in C; None if there are no bounds."""
    low = min(low, literals.COUNT_MAX)
    if high is None or high >= literals.COUNT_MAX:
        return f"{expression} >= {low}U" if low else None
    if low == 0:
        return f"{expression} <= {high}U"
    return f"{expression} >= {low}U && {expression} <= {high}U"
