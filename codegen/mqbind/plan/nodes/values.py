"""The part of the plan about values that need functions of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from mqbind.plan.nodes.code import Call, Check, Function, declared
from mqbind.plan.nodes.first_pass import first_pass_name

READER = "struct mqb_reader *r"
WRITER = "struct mqb_writer *w"
PASS = "struct mqb_fast *f"
"""The first parameter of a function that reads or writes."""


@dataclass(frozen=True, kw_only=True)
class RuledValue:
    """A value whose rules need more than one call: it gets functions of its own.

    `text` reads the form sent as a string, `plain` the other form; a value that allows both has
    both. `read_checks` are those of the plain form. `constraint` points to the table of further
    constraints, `range` to one for the text of a number, because a double may be rounded across a
    bound; its `read_checks` are then not needed. That cannot happen to numbers of 15 digits if the
    bounds of this `short_range` have no more. A value without rules for reading has no
    `read_name`.
    """

    form: ClassVar[str] = "ruled"
    c_type: str
    write_name: str
    write: Call
    read_name: str | None = None
    plain: Call | None = None
    text: Call | None = None
    text_pattern: Check | None = None
    read_checks: tuple[Check, ...] = ()
    write_checks: tuple[Check, ...] = ()
    constraint: str | None = None
    range: str | None = None
    short_range: bool = False
    by_address: bool = False

    @property
    def has_first_pass(self) -> bool:
        """True if it has a function for the first pass of the profile `speed`."""
        if self.read_name is None or self.constraint or self.by_address:
            return False
        return self.range is None or self.short_range

    @property
    def first_reader(self) -> Function | None:
        """The head of that function."""
        if self.read_name is None or not self.has_first_pass:
            return None
        name = first_pass_name(self.read_name)
        return Function(name=name, parameters=(PASS,), result=f"inline {self.c_type}")

    @property
    def first_plain(self) -> Call | None:
        """How it reads the plain form into `value`."""
        if self.range is not None:
            return Call(function="mqb_fast_short_double", arguments=("f",), target="value")
        return replace(self.plain, target="value") if self.plain else None

    @property
    def first_text(self) -> Call | None:
        """How it reads the form sent as a string into `value`."""
        return replace(self.text, target="value") if self.text else None

    @property
    def first_checks(self) -> tuple[Check, ...]:
        """The checks of the plain form after that."""
        return self.read_checks if self.range is None else self.write_checks

    @property
    def reader(self) -> Function | None:
        """The head of the function that reads the value."""
        return _static(self.read_name, READER, result=self.c_type) if self.read_name else None

    @property
    def writer(self) -> Function:
        """The head of the function that validates and writes the value."""
        value = f"const {self.c_type} *value" if self.by_address else declared(self.c_type, "value")
        return _static(self.write_name, WRITER, value)

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(call for call in (self.plain, self.text, self.write) if call)


@dataclass(frozen=True, kw_only=True)
class BoxedValue:
    """A recursive value: a pointer to memory that is reserved while reading."""

    form: ClassVar[str] = "boxed"
    has_first_pass: ClassVar[bool] = False
    c_type: str
    target_c_type: str
    read_name: str
    write_name: str
    read: Call
    write: Call

    @property
    def reader(self) -> Function:
        """The head of the function that reads the value into memory that it takes."""
        return _static(self.read_name, READER, result=self.c_type)

    @property
    def writer(self) -> Function:
        """The head of the function that validates and writes the value."""
        return _static(self.write_name, WRITER, declared(self.c_type, "value"))

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read, self.write)


def _static(name: str, *parameters: str, result: str = "void") -> Function:
    return Function(name=name, parameters=parameters, result=result)
